/** Looks at the campaigns every second while everything around them breaks: do their ledgers balance, have they ended? */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CampaignServices } from '../campaigns/from-settings';
import { hasEnded, type CampaignState } from '../domain/story/campaign';
import { balances, type Ledger } from '../domain/story/ledger';
import type { CampaignDocument } from '../store/documents';

export interface Looks {
  taken: number;
  /** MongoDB did not answer. */
  missed: number;
  /** The counts of every look that did not balance. */
  unbalanced: Ledger[];
  /** A campaign was paused by trouble, and resumed. */
  resumed: number;
}

interface Look {
  ledger: Ledger;
  state: CampaignState;
  /** Of all campaigns that have begun. */
  all: { campaign: CampaignDocument; ledger: Ledger }[];
}

const EVERY_MS = 1_000;
const MOST_CAMPAIGNS = 100;

/** The campaigns that have begun, but for those left out. */
export async function begunCampaigns(
  { campaigns }: CampaignServices['store'],
  without: readonly string[],
): Promise<CampaignDocument[]> {
  const found = await campaigns.list({ limit: MOST_CAMPAIGNS });
  return found.filter(({ _id, state }) => !without.includes(_id) && state !== 'draft');
}

/** Looks until all have ended, and answers with how the watched one has. `looks` is kept up to date meanwhile. */
export async function lookUntilEnded(options: {
  services: Pick<CampaignServices, 'store' | 'campaigns'>;
  /** The one that is watched. */
  campaignId: string;
  /** Its audience: every look must find as many. */
  people: number;
  /** Of no concern: they are for next week. */
  laterIds: readonly string[];
  looks: Looks;
  /** Called with every look at the watched one. */
  onLook: (ledger: Ledger, state: CampaignState) => Promise<void>;
  /** Whether the others have ended as well. */
  othersEnded: (found: readonly CampaignDocument[]) => Promise<boolean>;
  signal: AbortSignal;
}): Promise<CampaignState> {
  const { services, campaignId, people, laterIds, looks, onLook, othersEnded, signal } = options;
  const { store, campaigns } = services;

  async function takeLook(): Promise<Look | undefined> {
    try {
      const all: Look['all'] = [];
      for (const campaign of await begunCampaigns(store, laterIds))
        all.push({ campaign, ledger: (await store.deliveries.ledger(campaign._id)).ledger });
      const watched = all.find(({ campaign }) => campaign._id === campaignId);
      return watched && { ledger: watched.ledger, state: watched.campaign.state, all };
    } catch {
      return undefined;
    }
  }

  for (;;) {
    const look = await takeLook();
    if (look) {
      const { ledger, state, all } = look;
      looks.taken++;
      looks.unbalanced.push(...all.flatMap((one) => (balances(one.ledger) ? [] : [one.ledger])));
      if (ledger.total !== people) looks.unbalanced.push(ledger);
      await onLook(ledger, state);
      const found = all.map(({ campaign }) => campaign);
      if (hasEnded(state) && (await othersEnded(found))) return state;
      for (const { _id, state: its } of found) if (its === 'paused' && (await resume(campaigns, _id))) looks.resumed++;
    } else looks.missed++;
    await sleep(EVERY_MS, undefined, { signal });
  }
}

/** False when Temporal or MongoDB is away just now. */
async function resume(campaigns: CampaignServices['campaigns'], campaignId: string): Promise<boolean> {
  try {
    return (await campaigns.command(campaignId, { command: 'resume', by: { kind: 'system' } })).ok;
  } catch {
    return false;
  }
}
