/** Which campaigns an alert about a template or a sender concerns, by name: those on pause, those under way, those planned. */
import { DateTime } from 'luxon';
import { buttonData } from '../../clients/telegram-buttons';
import { translate, type Language } from '../../config/i18n';
import { escapeHtml, shorten } from '../../config/text';
import { GOING_ON, UNDER_WAY } from '../../domain/story/campaign';
import { campaignSender } from '../../domain/campaign-senders';
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

/** A campaign's name as alerts quote it, escaped. */
export function quoted({ name }: Pick<CampaignDocument['spec'], 'name'>): string {
  return escapeHtml(shorten(name, QUOTED));
}

/** The first of them by name, and how many more there are. */
export function namesOf(
  campaigns: readonly CampaignDocument[],
  to: Language,
  { most, nameOne }: { most: number; nameOne: (campaign: CampaignDocument) => string },
): string {
  const names = campaigns.slice(0, most).map(nameOne).join(', ');
  return campaigns.length > most ? translate(to, 'alerts.more', { names, count: campaigns.length - most }) : names;
}

export function createConcerned(store: Pick<Store, 'campaigns'>, timezone: string): ConcernedOf {
  const timeOf = (at: Date, to: Language): string =>
    DateTime.fromJSDate(at, { zone: timezone }).setLocale(to).toFormat('d MMMM, HH:mm');

  function names(campaigns: readonly CampaignDocument[], to: Language): string {
    return namesOf(campaigns, to, {
      most: NAMED,
      nameOne: ({ spec, state, scheduledAt }) => {
        const name = quoted(spec);
        const isPlanned = state === 'scheduled' && scheduledAt;
        return isPlanned
          ? translate(to, 'alerts.namedAt', { name, at: timeOf(scheduledAt, to) })
          : translate(to, 'alerts.named', { name });
      },
    });
  }

  async function of(fits: (campaign: CampaignDocument) => boolean): Promise<Concerned> {
    const all = (await store.campaigns.list({ limit: LOOKED_AT, states: GOING_ON })).filter(fits);
    const inState = (...states: CampaignDocument['state'][]): CampaignDocument[] =>
      all.filter(({ state }) => states.includes(state));
    return {
      paused: inState('paused'),
      underWay: inState(...UNDER_WAY),
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
      of((campaign) => templateIds.includes(campaignSender(campaign, sender)?.templateId ?? '')),
    ofSender: (sender) => of((campaign) => campaignSender(campaign, sender) !== undefined),
  };
}
