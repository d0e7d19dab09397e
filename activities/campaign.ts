/** A campaign's light activities: its state, its audience, its counts, its end. */
import { activityInfo, ApplicationFailure } from '@temporalio/activity';
import type { Senders } from '../clients/gupshup/senders';
import type { Logger } from '../config/logger';
import { logSender, logState } from '../config/story-log';
import { hasEnded } from '../domain/story/campaign';
import { SEND_ENDS_WITHIN_MS } from '../domain/story/delivery';
import type { CampaignVariant } from '../domain/campaign-variants';
import { campaignSenders, standing, type CampaignSender } from '../domain/campaign-senders';
import { presentTemplate } from '../domain/templates/present-template';
import type { Ledger } from '../domain/story/ledger';
import { DATABASE_OLDER, type Remembered } from '../domain/story/restored';
import { spreadRate } from '../domain/story/pace';
import type { CampaignDocument } from '../store/documents';
import { writeBackStart, type WriteBackOrders } from '../domain/story/write-back';
import type { Store } from '../store/connect';
import { createCanaryJudge } from './canary';
import { createWinnerJudge } from './winner';
import { createApprovalCheck, type ApprovalCheckDependencies } from './approval';
import type { CampaignActivities } from './contract';
import { createFreeze, type FreezeDependencies } from './freeze';
import type { Notifier } from './notify';
import { createFreezeLeads, type FreezeLeadsDependencies } from './results/freeze-leads';
import { createRestoreCheck } from '../sending/campaign-check';
import type { Template } from '../domain/templates/template';
import { trouble, type Trouble } from '../domain/story/trouble';

export interface CampaignDependencies extends FreezeDependencies, ApprovalCheckDependencies {
  store: Store;
  senders: Senders;
  notifier: Notifier;
  /** What every campaign writes back, if anything; absent = no CRM is connected. */
  writeBack?: { always: WriteBackOrders | undefined };
  /** Absent = no CRM is connected. */
  results?: FreezeLeadsDependencies['crm'];
  /** Hears of every state; default: nobody does. */
  log?: Pick<Logger, 'info'>;
}

export function createCampaignActivities(dependencies: CampaignDependencies): CampaignActivities {
  const { store, senders, notifier, writeBack, log } = dependencies;
  const freeze = createFreeze(dependencies);
  const restoreCheck = createRestoreCheck(store);
  const freezeLeads = dependencies.results && createFreezeLeads({ store, crm: dependencies.results });
  const judgeCanary = createCanaryJudge(store);
  const winner = createWinnerJudge(store);
  const approvalHold = createApprovalCheck(dependencies);

  async function campaignOf(campaignId: string): Promise<CampaignDocument> {
    const campaign = await store.campaigns.find(campaignId);
    if (!campaign)
      throw ApplicationFailure.nonRetryable(`campaign ${campaignId} is not in the store`, 'CampaignMissing');
    return campaign;
  }

  /** Read again: the template may have been paused or rejected since the campaign was created. */
  async function templateAt(
    sender: string,
    template: Template,
  ): Promise<{ template: Template } | { problem: Trouble }> {
    const own = senders.find(sender);
    // Taken out of the settings: nothing is sent before it is back.
    if (!own) return { template };
    const present = presentTemplate(template, await own.gupshup.listTemplates());
    const { name } = template;
    if (present.kind === 'changed') return { problem: trouble('template_changed', { template: name }) };
    const status = present.kind === 'gone' ? 'gone' : present.template.status;
    if (present.kind === 'gone' || status !== 'APPROVED') {
      return { problem: trouble('template_not_approved', { template: name, status }) };
    }
    return { template: present.template };
  }

  /**
   * The campaign with its senders' copies of the template as they are now, and those senders that cannot send it. A problem
   * when none can.
   */
  async function templatesNow(
    campaign: CampaignDocument,
  ): Promise<{ campaign: CampaignDocument; aside: string[] } | { problem: Trouble }> {
    const { _id: id } = campaign;
    const now: CampaignSender[] = [];
    let [template, problem]: [Template | undefined, Trouble | undefined] = [undefined, undefined];
    for (const one of campaignSenders(campaign)) {
      const found = await templateAt(one.sender, { ...campaign.template, id: one.templateId });
      if ('problem' in found) {
        problem ??= found.problem;
        now.push(standing(one, found.problem, new Date()));
      } else {
        template ??= found.template;
        now.push({ ...one, templateId: found.template.id });
      }
    }
    if (!template) return { problem: problem! };
    const before = campaignSenders(campaign);
    if (now.some(({ templateId, trouble }, at) => trouble || templateId !== before[at]!.templateId))
      await store.campaigns.setSenders(id, now, { template });
    const aside = now.flatMap(({ sender, trouble }) => (trouble ? [sender] : []));
    const further = await variantsNow(campaign, aside);
    if ('problem' in further) return further;
    return { campaign: { ...campaign, template, ...further }, aside };
  }

  /**
   * The further variants with their copies as they are now. A problem of one stops all: without it nothing would be
   * compared. Senders that stand aside anyway are not asked.
   */
  async function variantsNow(
    { _id: id, variants }: CampaignDocument,
    aside: readonly string[],
  ): Promise<Pick<CampaignDocument, 'variants'> | { problem: Trouble }> {
    if (!variants) return {};
    const now: CampaignVariant[] = [];
    for (const { template, copies } of variants) {
      const present = new Map<string, Template>();
      for (const { sender, templateId } of copies) {
        if (aside.includes(sender)) continue;
        const found = await templateAt(sender, { ...template, id: templateId });
        if ('problem' in found) return found;
        present.set(sender, found.template);
      }
      const [first] = present.values();
      now.push({
        template: first ?? template,
        copies: copies.map((copy) => ({ ...copy, templateId: present.get(copy.sender)?.id ?? copy.templateId })),
      });
    }
    await store.campaigns.setVariants(id, now);
    return { variants: now };
  }

  async function count(campaignId: string): Promise<Ledger> {
    const counts = await store.deliveries.ledger(campaignId);
    await store.campaigns.keepCounts(campaignId, counts, new Date());
    return counts.ledger;
  }

  /** Nobody can tell who was left out in an older database: it does not know who was messaged since the backup. */
  async function doubtIfRestored(campaignId: string, remembered: Remembered): Promise<void> {
    const campaign = await campaignOf(campaignId);
    const trouble = await restoreCheck(campaign, remembered);
    if (trouble?.code === DATABASE_OLDER)
      await store.deliveries.doubt(campaignId, campaign.countedAt ?? campaign.createdAt);
  }

  return {
    async recordState({ campaignId, state, reason, order, previous, without }) {
      const before = await campaignOf(campaignId);
      if (isLate(before, order)) return;
      // Resuming a campaign states that the sender's trouble is over; if it is not, the next send reports it again.
      if (!without && before.state === 'paused' && (state === 'running' || state === 'settling')) {
        for (const { sender } of campaignSenders(before)) await store.senders.mend(sender);
        await store.campaigns.setBack(campaignId, undefined, order);
      }
      const moved = await store.campaigns.move(campaignId, state, {
        ...(reason && { reason }),
        ...(order && { order }),
        whatever: lacks(before, previous),
      });
      if (moved && before.state !== state) logState(log, campaignId, { from: before.state, to: state, reason });
      if (moved && hasEnded(state)) {
        // A delivery that a receipt put back while the campaign was ending would never be sent.
        await store.deliveries.giveUpQueued(campaignId);
      }
      if (moved) return;
      const present = await campaignOf(campaignId);
      if (isLate(present, order)) return;
      throw ApplicationFailure.nonRetryable(
        `campaign ${campaignId}: cannot move from ${present.state} to ${state}: the table of states does not allow it`,
        'MoveNotAllowed',
      );
    },

    async recordSchedule({ campaignId, at, order }) {
      await store.campaigns.setSchedule(campaignId, new Date(at), order);
    },

    async recordRate({ campaignId, ratePerSecond, order }) {
      await store.campaigns.setRate(campaignId, ratePerSecond, order);
    },

    async recordSenders({ campaignId, senders: moved, order }) {
      const [first] = moved;
      const { templates } = await store.templates.list(first!.sender);
      const template = templates.find(({ id }) => id === first!.templateId);
      if (!template) {
        const message = `campaign ${campaignId}: sender ${first!.sender} has no template ${first!.templateId}`;
        throw ApplicationFailure.nonRetryable(message, 'TemplateMissing');
      }
      await store.campaigns.setSenders(campaignId, moved, { template, ...(order && { order }) });
    },

    async recordAside({ campaignId, order, ...aside }) {
      await store.campaigns.setAside(campaignId, aside, order);
      logSender(log, campaignId, { sender: aside.sender, now: 'aside', code: aside.trouble.code });
    },

    async recordBack({ campaignId, order, sender }) {
      // An attempt that stood still, and was replaced, strikes out nothing that has been found since.
      if (order !== undefined && ((await campaignOf(campaignId)).recorded?.sender ?? 0) > order) return;
      await store.senders.mend(sender);
      await store.campaigns.setBack(campaignId, sender, order);
      logSender(log, campaignId, { sender, now: 'back' });
    },

    async prepareAudience({ campaignId }) {
      const stored = await campaignOf(campaignId);
      const checked = await templatesNow(stored);
      if ('problem' in checked) return checked;
      const { campaign, aside } = checked;
      const { template } = campaign;
      const frozen = await freeze(campaign);
      if (frozen.test !== undefined) await store.campaigns.beginTest(campaignId, frozen.test);
      await freezeLeads?.(stored);
      await count(campaignId);
      const hold = frozen.sendable > 0 ? await approvalHold(stored, template) : undefined;
      const prepared = {
        ...frozen,
        ...(hold && { hold }),
        ...(aside.length > 0 && { aside: aside.map((sender) => ({ sender })) }),
      };
      const { spreadMs, ratePerSecond: most } = campaign.rate?.by === 'admin' ? {} : (campaign.spec.pace ?? {});
      if (!spreadMs || frozen.sendable === 0) return prepared;
      const ratePerSecond = spreadRate(frozen.sendable, spreadMs, most);
      await store.campaigns.setSpreadRate(campaignId, ratePerSecond);
      return { ...prepared, ratePerSecond };
    },

    judgeCanary: async ({ campaignId }) => judgeCanary(await campaignOf(campaignId), await count(campaignId)),

    judgeTest: async ({ campaignId, test }) => winner.judge(await campaignOf(campaignId), test),

    settleRest: async ({ campaignId, ...chosen }) => winner.settle(await campaignOf(campaignId), chosen),

    async takeStock({ campaignId, ...remembered }) {
      const trouble = await restoreCheck(await campaignOf(campaignId), remembered);
      const ledger = await count(campaignId);
      if (trouble) return { ledger, trouble };
      const nextDueAt = ledger.queued > 0 ? await store.deliveries.nextDue(campaignId) : undefined;
      return { ledger, ...(nextDueAt && { nextDueAt: nextDueAt.getTime() }) };
    },

    dueDeliveries: ({ campaignId, after, limit }) =>
      store.deliveries.due(campaignId, { after, limit, now: new Date() }),

    async dueRetries({ campaignId, before, limit }) {
      const { due, next } = await store.deliveries.dueRetries(campaignId, { before, limit, now: new Date() });
      return { due, ...(next && { nextDueAt: next.getTime() }) };
    },

    async putBack({ campaignId, selection: { unknown, ...failed } }) {
      if (unknown) return store.deliveries.decideUnknown(campaignId, 'send_again', decidedBefore());
      const now = new Date();
      // Waiting deliveries come first: afterwards they could not be told apart from those just put back.
      const waiting = await store.deliveries.bringForward(campaignId, failed, now);
      return waiting + (await store.deliveries.requeueFailed(campaignId, failed, now));
    },

    async skipQueued({ campaignId, ...remembered }) {
      await doubtIfRestored(campaignId, remembered);
      await store.deliveries.skipQueued(campaignId, 'cancelled');
    },

    trustUnsent: async ({ campaignId, from, also = [] }) =>
      void (await store.deliveries.trustUnsent(campaignId, { from, also })),

    abandonClaims: ({ campaignId }) => store.deliveries.abandonAll(campaignId),

    async closeLedger({ campaignId, ...remembered }) {
      await doubtIfRestored(campaignId, remembered);
      await store.deliveries.abandonAll(campaignId);
      return count(campaignId);
    },

    async orderedWriteBack({ campaignId }) {
      const campaign = await campaignOf(campaignId);
      if (!writeBack || campaign.test) return undefined;
      if (!(await store.writeBacks.find(campaignId))) {
        if (!writeBack.always) return undefined;
        await store.writeBacks.order(campaignId, writeBack.always, { kind: 'system' }, new Date());
      }
      return writeBackStart({ _id: campaignId, name: campaign.spec.name });
    },

    async notify({ campaignId, event, sender }) {
      await notifier.campaignChanged(await campaignOf(campaignId), event, sender);
    },
  };
}

/** Whether the database lacks a write known to be recorded with this order: then it is an older backup. */
function lacks({ recorded = {} }: CampaignDocument, previous: number | undefined): boolean {
  return previous !== undefined && Math.max(0, ...Object.values(recorded)) < previous;
}

/** Whether a later state than the one with this order has been recorded. */
function isLate({ recorded }: CampaignDocument, order: number | undefined): boolean {
  return order !== undefined && (recorded?.state ?? 0) > order;
}

/**
 * A repeated attempt may find sends that became unknown after the command, perhaps because of the very crash it
 * repeats. The admin has not decided about those: they may have arrived.
 */
function decidedBefore(): Date | undefined {
  const { attempt, scheduledTimestampMs } = activityInfo();
  return attempt > 1 ? new Date(scheduledTimestampMs - SEND_ENDS_WITHIN_MS) : undefined;
}
