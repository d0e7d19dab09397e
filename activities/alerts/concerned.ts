/** Which campaigns an alert about a template or a sender concerns, by name: those on pause, those under way, those planned. */
import { DateTime } from 'luxon';
import { buttonData } from '../../clients/telegram-buttons';
import { translate, type Language } from '../../config/i18n';
import { escapeHtml, shorten } from '../../config/text';
import { GOING_ON } from '../../domain/story/campaign';
import type { Store } from '../../store/connect';
import type { CampaignDocument } from '../../store/documents';

export interface Concerned {
  paused: CampaignDocument[];
  /** Running, settling, preparing. */
  underWay: CampaignDocument[];
  /** Soonest first. */
  planned: CampaignDocument[];
  /** The first of them, escaped, with their times where they are planned. */
  names(campaigns: readonly CampaignDocument[], to: Language): string;
  /** A button a campaign, which opens it: the first of them. */
  buttons(campaigns: readonly CampaignDocument[]): { text: string; data: string }[][];
}

interface ConcernedOf {
  ofTemplate(which: { sender: string; templateIds: readonly string[] }): Promise<Concerned>;
  ofSender(sender: string): Promise<Concerned>;
}

const LOOKED_AT = 1_000;
const NAMED = 5;
const BUTTONS = 4;
/** Characters of a name. */
const QUOTED = 60;

export function createConcerned(store: Pick<Store, 'campaigns'>, timezone: string): ConcernedOf {
  const timeOf = (at: Date, to: Language): string =>
    DateTime.fromJSDate(at, { zone: timezone }).setLocale(to).toFormat('d MMMM, HH:mm');

  function names(campaigns: readonly CampaignDocument[], to: Language): string {
    const shown = campaigns.slice(0, NAMED).map(({ spec, state, scheduledAt }) => {
      const name = escapeHtml(shorten(spec.name, QUOTED));
      const isPlanned = state === 'scheduled' && scheduledAt;
      return isPlanned
        ? translate(to, 'alerts.namedAt', { name, at: timeOf(scheduledAt, to) })
        : translate(to, 'alerts.named', { name });
    });
    const count = campaigns.length - shown.length;
    const all = shown.join(', ');
    return count > 0 ? translate(to, 'alerts.more', { names: all, count }) : all;
  }

  async function of(fits: (campaign: CampaignDocument) => boolean): Promise<Concerned> {
    const all = (await store.campaigns.list({ limit: LOOKED_AT, states: GOING_ON })).filter(fits);
    const inState = (...states: CampaignDocument['state'][]): CampaignDocument[] =>
      all.filter(({ state }) => states.includes(state));
    return {
      paused: inState('paused'),
      underWay: inState('preparing', 'running', 'settling'),
      planned: inState('scheduled').sort((a, b) => (a.scheduledAt?.getTime() ?? 0) - (b.scheduledAt?.getTime() ?? 0)),
      names,
      buttons: (campaigns) =>
        campaigns
          .slice(0, BUTTONS)
          .map(({ _id, spec }) => [
            { text: `📋 ${shorten(spec.name, 40)}`, data: buttonData('campaign', _id, 'panel') },
          ]),
    };
  }

  return {
    ofTemplate: ({ sender, templateIds }) =>
      of((campaign) => campaign.sender === sender && templateIds.includes(campaign.template.id)),
    ofSender: (sender) => of((campaign) => campaign.sender === sender),
  };
}
