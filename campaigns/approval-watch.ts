/**
 * Puts open questions about campaigns to those who may answer, reminds them, ends questions whose time is over, and does
 * what an answer says where the process that took it died. Every worker looks; one of them acts.
 */
import type { TellTeam } from '../clients/tell-team';
import { buttonData } from '../clients/telegram-buttons';
import { translate, type Language } from '../config/i18n';
import type { Logger } from '../config/logger';
import { periodically } from '../config/waiting';
import { escapeHtml } from '../config/text';
import { hasEnded } from '../domain/story/campaign';
import { namesFrom, renderApproval } from '../report/approval';
import type { ApprovalDocument } from '../store/approvals';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import { carryOutApproval } from './approval';
import type { CampaignService } from './contract';

export interface ApprovalWatchOptions {
  store: Pick<Store, 'approvals' | 'campaigns' | 'users'>;
  tell: TellTeam;
  command(...given: Parameters<CampaignService['command']>): Promise<{ ok: boolean }>;
  timezone: string;
  log: Logger;
  everyMs?: number;
}

const EVERY_MS = 5_000;
/** A process that takes a question and dies holds it up for so long (ms): longer than telling a team takes. */
const TAKEN_MS = 120_000;
/** It is asked again after this share of its time, and not more often than every quarter of an hour. */
const REMIND_SHARE = 1 / 4;
const LEAST_MS = 900_000;

/** Runs until aborted. Never rejects. */
export async function runApprovalWatch(options: ApprovalWatchOptions, stop: AbortSignal): Promise<void> {
  const { store, tell, command, timezone, log, everyMs = EVERY_MS } = options;
  const { approvals, campaigns, users } = store;
  const carryOut = carryOutApproval({ store, command });

  async function tellNext(): Promise<boolean> {
    const now = new Date();
    const one = await approvals.takeToTell(now, new Date(now.getTime() + TAKEN_MS));
    if (!one) return false;
    const campaign = await campaigns.find(one._id);
    if (!campaign || hasEnded(campaign.state)) {
      await approvals.close(one._id, now);
      return true;
    }
    await put(one, campaign);
    const pause = Math.max(LEAST_MS, (one.endsAt.getTime() - one.askedAt.getTime()) * REMIND_SHARE);
    await approvals.tellAgain(one, new Date(Date.now() + pause));
    return true;
  }

  /** To everybody who may answer; where there is nobody, its makers hear of that once. */
  async function put(one: ApprovalDocument, campaign: CampaignDocument): Promise<void> {
    const members = await users.members();
    const others = new Set(members.map(({ _id }) => _id).filter((id) => !one.makers.includes(id)));
    const { _id: id, round } = one;
    const subject = { campaignId: id, approval: round };
    const button = (to: Language, answer: string): { text: string; data: string } => ({
      text: translate(to, `report.approval.buttons.${answer}`, { count: one.facts.people }),
      data: buttonData('approval', id, round, answer),
    });
    const told = await tell(
      'campaigns.approve',
      others,
      subject,
      (to) => {
        const card = renderApproval(one, campaign, { language: to, timezone, nameOf: namesFrom(members, to) });
        const reminder = one.told > 0 ? `${translate(to, 'report.approval.reminder')}\n\n` : '';
        return { text: reminder + card, buttons: [[button(to, 'yes'), button(to, 'no')]] };
      },
      (message) => approvals.addMessage(id, message),
    );
    if (told > 0 || one.told > 0) return;
    await tell('campaigns.look', new Set(one.makers), subject, (to) => ({
      text: translate(to, 'report.approval.nobody', { name: escapeHtml(campaign.spec.name) }),
    }));
  }

  /** The campaign goes on or is cancelled, and its makers are told. */
  async function settle(one: ApprovalDocument): Promise<void> {
    const campaign = await campaigns.find(one._id);
    if (!(await carryOut(one._id))) return;
    if (campaign && one.makers.length > 0) {
      const members = await users.members();
      const by = one.decision?.by ?? { kind: 'system' };
      await tell('campaigns.look', new Set(one.makers), { campaignId: one._id }, (to) => ({
        text: translate(to, `report.approval.told.${one.state}`, {
          name: escapeHtml(campaign.spec.name),
          by: escapeHtml(namesFrom(members, to)(by)),
          reason: escapeHtml(one.decision?.reason ?? ''),
        }),
        buttons: [
          [{ text: translate(to, 'bot.buttons.openCampaign'), data: buttonData('campaign', one._id, 'panel') }],
        ],
      })).catch((err: unknown) =>
        log.warn({ err, campaignId: one._id }, 'Cannot tell who made a campaign of its approval'),
      );
    }
    await approvals.settled(one._id, one.round, new Date());
  }

  async function look(): Promise<void> {
    await approvals.endOld(new Date());
    for (const one of await approvals.unsettled()) await settle(one);
    while (!stop.aborted && (await tellNext()));
  }

  await periodically(look, {
    everyMs,
    stop,
    failed: (err) => log.error({ err }, 'Questions about campaigns: a look failed, the next one tries again'),
  });
}
