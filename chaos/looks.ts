/** Looks at the campaign every second while everything around it breaks: does its ledger balance, has it ended? */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CampaignServices } from '../campaigns/from-settings';
import { hasEnded, type CampaignState } from '../domain/story/campaign';
import { balances, type Ledger } from '../domain/story/ledger';

export interface Looks {
  taken: number;
  /** MongoDB did not answer. */
  missed: number;
  /** The counts of every look that did not balance. */
  unbalanced: Ledger[];
  /** The campaign was paused by trouble, and resumed. */
  resumed: number;
}

const EVERY_MS = 1_000;

/** Looks until the campaign has ended, and answers with how. `looks` is kept up to date meanwhile. */
export async function lookUntilEnded(options: {
  services: Pick<CampaignServices, 'store' | 'campaigns'>;
  campaignId: string;
  /** The audience: every look must find as many. */
  people: number;
  looks: Looks;
  /** Called with every look. */
  onLook: (ledger: Ledger, state: CampaignState) => Promise<void>;
  signal: AbortSignal;
}): Promise<CampaignState> {
  const { services, campaignId, people, looks, onLook, signal } = options;
  const { store, campaigns } = services;
  for (;;) {
    const look = await takeLook(store, campaignId);
    if (look) {
      const { ledger, state } = look;
      looks.taken++;
      if (!balances(ledger) || ledger.total !== people) looks.unbalanced.push(ledger);
      await onLook(ledger, state);
      if (hasEnded(state)) return state;
      if (state === 'paused' && (await resume(campaigns, campaignId))) looks.resumed++;
    } else looks.missed++;
    await sleep(EVERY_MS, undefined, { signal });
  }
}

async function takeLook(
  store: CampaignServices['store'],
  campaignId: string,
): Promise<{ ledger: Ledger; state: CampaignState } | undefined> {
  try {
    const [{ ledger }, campaign] = [await store.deliveries.ledger(campaignId), await store.campaigns.find(campaignId)];
    return campaign && { ledger, state: campaign.state };
  } catch {
    return undefined;
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
