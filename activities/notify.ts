/** What the team is told of a campaign, a series: raised as an alert, which is told at once if that can be, and later if not. */
import { DateTime } from 'luxon';
import type { TellTeam } from '../clients/tell-team';
import { translate, type Language } from '../config/i18n';
import type { Logger } from '../config/logger';
import { escapeHtml } from '../config/text';
import type { Condition } from '../domain/alerts';
import type { LeftOut } from '../domain/story/series';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import type { CampaignEvent } from './contract';
import { asideAs, needsYes, pausedAs } from './alerts/messages';
import { createAlertTeller } from './alerts/tell';

export interface Notifier {
  /**
   * Sees to it that the team members concerned are told: everyone about a pause, a failure, a sender that stands aside or
   * is `back`; the creator and the watchers about an end, and about a test that failed after Gupshup had taken it: what fails
   * before, whoever waits for the test sees at once. Once it resolves, no crash can lose it.
   */
  campaignChanged(campaign: CampaignDocument, event: CampaignEvent, back?: string): Promise<void>;
  /** Firings of a series that created no campaign. Throws if no one could be told for a temporary reason. */
  seriesLeftOut(leftOut: LeftOut): Promise<void>;
}

export interface NotifierOptions {
  store: Store;
  tell: TellTeam;
  timezone: string;
  /** Of the prices for reports; the bundled ones without it. */
  pricesFile?: string | undefined;
  log: Logger;
}

/** How many missed firings of a series are listed. */
const TIMES_SHOWN = 10;

const ALERTS = {
  paused: 'campaignPaused',
  ended: 'campaignEnded',
  aside: 'campaignAside',
  back: 'campaignAside',
  results: 'campaignResults',
} as const;
/** Of these only the creator and the watchers hear, unless it failed. */
const NEWS: readonly CampaignEvent[] = ['ended', 'results'];

function conditionOf(campaign: CampaignDocument, event: Exclude<CampaignEvent, 'results'>): string {
  if (event === 'ended') return event;
  return event === 'paused' ? pausedAs(campaign) : asideAs(campaign);
}

export function createNotifier({ store, tell, timezone, pricesFile, log }: NotifierOptions): Notifier {
  const { tellOne } = createAlertTeller({ store, tell, timezone, pricesFile, log });

  /** Each reading is news; told again, it is the same. */
  async function readingOf(campaignId: string): Promise<Condition> {
    const at = (await store.results.readings(campaignId)).at(-1)?.readAt ?? new Date();
    return { is: at.toISOString(), at };
  }

  async function testEnded({
    _id: campaignId,
    single,
    createdBy,
    stateChangedAt: at,
  }: CampaignDocument): Promise<void> {
    if (single || createdBy.kind !== 'telegram') return;
    const delivery = await store.deliveries.find(campaignId, 0);
    if (delivery?.state !== 'failed' || delivery.messageId === undefined) return;
    const condition = { is: 'failed', at };
    await store.alerts.raise({ kind: 'testFailed', subject: campaignId, condition, data: { campaignId }, to: [createdBy.id] }); // prettier-ignore
    await tellOne();
  }

  return {
    async campaignChanged(campaign, event, back) {
      if (campaign.test) return event === 'ended' ? testEnded(campaign) : undefined;
      const { _id: campaignId, stateReason, state, stateChangedAt, createdBy, watchers } = campaign;
      // Those who may say yes get a card of their own.
      const isForAll = (!NEWS.includes(event) && !needsYes(stateReason)) || (state === 'failed' && event !== 'results');
      const concerned = new Set(watchers.map(({ chatId }) => chatId));
      if (createdBy.kind === 'telegram') concerned.add(createdBy.id);
      if (!isForAll && concerned.size === 0) return;
      await store.alerts.raise({
        kind: ALERTS[event],
        subject: campaignId,
        condition:
          event === 'results' ? await readingOf(campaignId) : { is: conditionOf(campaign, event), at: stateChangedAt },
        data: { campaignId, ...(back !== undefined && { back }) },
        ...(!isForAll && { to: [...concerned] }),
      });
      // The loop that tells alerts does it if this process cannot (alerts/tell.ts).
      await tellOne();
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
