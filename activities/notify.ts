/** Tells admins in Telegram that a campaign is paused or has ended. */
import { DateTime } from 'luxon';
import { buttonData } from '../clients/telegram-buttons';
import type { TellTeam } from '../clients/tell-team';
import { translate, type Language } from '../config/i18n';
import { escapeHtml } from '../config/text';
import { LATE } from '../domain/story/late-start';
import type { LeftOut } from '../domain/story/series';
import { buildReport } from '../report/build';
import { explainTrouble, isDocumented } from '../report/meaning';
import { renderMessage } from '../report/message';
import { createWords } from '../report/words';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import type { Trouble } from '../domain/story/trouble';

export interface Notifier {
  /**
   * Tells the team members concerned: everyone about a pause; the creator and the watchers about an end. Throws if no
   * one could be told for a temporary reason.
   */
  campaignChanged(campaign: CampaignDocument, event: 'paused' | 'ended'): Promise<void>;
  /** The same for firings of a series that created no campaign. */
  seriesLeftOut(leftOut: LeftOut): Promise<void>;
}

export interface NotifierOptions {
  store: Store;
  tell: TellTeam;
  timezone: string;
}

/** How many missed firings of a series are listed. */
const TIMES_SHOWN = 10;

/** The bot's buttons for the campaign; its view arrives as a separate message. */
function buttonsFor(
  { _id: id, stateReason }: CampaignDocument,
  event: 'paused' | 'ended',
  to: Language,
): { text: string; data: string }[][] {
  const button = (action: string, name = action): { text: string; data: string } => ({
    text: translate(to, `bot.buttons.${name}Campaign`),
    data: buttonData('campaign', id, action),
  });
  const look = [button('panel', 'open')];
  if (event === 'ended') return [look];
  return [[...(needsYes(stateReason) ? [] : [button('resume')]), button('cancel')], look];
}

const needsYes = (reason: CampaignDocument['stateReason']): boolean =>
  reason !== undefined && 'error' in reason && reason.error.code === 'approval_needed';

/** Includes the code if Gupshup or Meta document it; our own codes mean nothing to an admin. */
function inWords(trouble: Trouble, to: Language): string {
  const meaning = explainTrouble(trouble, to);
  return isDocumented(trouble.code) ? `${meaning} (${trouble.code})` : meaning;
}

export function createNotifier({ store, tell, timezone }: NotifierOptions): Notifier {
  const showTime = (at: Date, to: Language): string => createWords({ language: to, timezone }).time(at);

  async function textFor(campaign: CampaignDocument, event: 'paused' | 'ended', to: Language): Promise<string> {
    if (event === 'ended') {
      const report = await buildReport(store, campaign._id);
      if (!report.ok) throw new Error(`campaign ${campaign._id} ended, but there is no report: ${report.refusal.code}`);
      return renderMessage(report.value, { language: to, timezone });
    }
    const reason = campaign.stateReason;
    if (reason && 'error' in reason && reason.error.code === LATE) {
      return translate(to, 'report.pausedByLateness', {
        name: escapeHtml(campaign.spec.name),
        at: showTime(campaign.scheduledAt ?? campaign.createdAt, to),
      });
    }
    return translate(to, 'report.pausedByError', {
      name: escapeHtml(campaign.spec.name),
      detail: reason && 'error' in reason ? escapeHtml(inWords(reason.error, to)) : '',
    });
  }

  return {
    async campaignChanged(campaign, event) {
      if (campaign.test) return;
      const concerned = new Set(campaign.watchers.map(({ chatId }) => chatId));
      if (campaign.createdBy.kind === 'telegram') concerned.add(campaign.createdBy.id);
      await tell(
        event === 'ended' ? 'reports.look' : 'notices.trouble',
        // A failed campaign concerns everyone, whoever created it.
        // Those who may say yes get a card of their own.
        (event === 'paused' && !needsYes(campaign.stateReason)) || campaign.state === 'failed' ? 'all' : concerned,
        { campaignId: campaign._id, event },
        async (to) => ({ text: await textFor(campaign, event, to), buttons: buttonsFor(campaign, event, to) }),
        // The bot removes the buttons once they are no longer useful.
        ({ chatId, messageId }) =>
          event === 'paused'
            ? store.notices.add({ campaignId: campaign._id, chatId, messageId })
            : store.audit.record({
                at: new Date(),
                actor: { kind: 'telegram', id: chatId },
                action: 'report',
                what: 'sent at the end',
                campaignId: campaign._id,
              }),
      );
    },

    seriesLeftOut: async (left) =>
      void (await tell('notices.trouble', 'all', { seriesId: left.seriesId, why: left.why }, (to) => ({
        text: translate(to, `report.seriesLeftOut.${left.why}`, {
          name: escapeHtml(left.name),
          ...(left.why === 'outage' && { times: missedTimes(left, to) }),
        }),
      }))),
  };
}

/** Dates and hours in the series' own zone, the first of many. */
function missedTimes({ times, timezone }: Extract<LeftOut, { why: 'outage' }>, to: Language): string {
  const format = translate(to, 'report.seriesLeftOut.timeFormat');
  const shown = times.slice(0, TIMES_SHOWN).map((at) => DateTime.fromMillis(at, { zone: timezone }).toFormat(format));
  const more = times.length - shown.length;
  const all =
    more > 0 ? translate(to, 'report.seriesLeftOut.more', { times: shown.join(', '), more }) : shown.join(', ');
  return `${all} (${timezone})`;
}
