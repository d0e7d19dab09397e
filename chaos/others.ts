/**
 * The campaigns beside the one that is watched: one with follow-ups and a control group, one with a canary, one whose
 * winner is found by a test, one from two senders. They begin one after the other while it sends, each to people of its
 * own.
 */
import type { CampaignDraft } from '../campaigns/contract';
import type { CampaignServices } from '../campaigns/from-settings';
import { hasEnded } from '../domain/story/campaign';
import { OPEN_CHAINS } from '../domain/story/follow-ups';
import { SANDBOX_APPS } from '../sandbox/credentials';
import type { CampaignDocument } from '../store/documents';

/** The second of the two senders, as `SENDERS_FILE` gives it. */
export const SECOND_SENDER = SANDBOX_APPS[1];

type Own = Pick<CampaignDraft, 'template' | 'parameters'> & Partial<CampaignDraft>;

const text = (value: string): CampaignDraft['parameters'][number] => ({ kind: 'text', value });
const GREETING = [text('Guest'), text('Thursday')];
/** The shortest that a follow-up may take (ms). */
const MINUTE_MS = 60_000;

/** What each is, and from which share of the watched campaign on. The one whose follow-ups take their time is first. */
const KINDS: readonly { name: string; from: number; own: Own }[] = [
  {
    name: 'Follow-ups',
    from: 0.05,
    own: {
      ...{ template: 'showroom_invitation', parameters: [], controlPercent: 20 },
      followUps: [{ to: 'not_read', afterMs: MINUTE_MS, template: 'order_ready/ru', parameters: GREETING }],
    },
  },
  {
    name: 'Canary',
    from: 0.2,
    own: {
      ...{ template: 'order_ready/ru', parameters: GREETING },
      canary: { people: 8, waitMs: 2_000, goOn: 'itself' },
    },
  },
  {
    name: 'Winner',
    from: 0.35,
    own: {
      ...{ template: 'order_ready/ru', parameters: GREETING },
      variants: [{ template: 'visit_reminder', parameters: GREETING }],
      winner: { testPercent: 50, by: 'reads', waitMs: 3_000, ifChance: 'best' },
    },
  },
  {
    name: 'Two senders',
    from: 0.5,
    own: { template: 'showroom_invitation', parameters: [], alsoFrom: [SECOND_SENDER.appName] },
  },
];

export interface OtherCampaigns {
  /** Begins those whose time has come; with a service away, at the next call. `share` of the watched one is done. */
  beginDue(share: number): Promise<void>;
  /** All have begun and ended, with their follow-ups. Resumes what is paused. */
  haveEnded(found: readonly CampaignDocument[]): Promise<boolean>;
}

export function createOthers({ campaigns }: Pick<CampaignServices, 'campaigns'>, people: number): OtherCampaigns {
  const by = { kind: 'system' as const };
  const created = new Map<string, string>();
  const begun = new Set<string>();

  async function begin(index: number): Promise<void> {
    const { name, own } = KINDS[index]!;
    if (begun.has(name)) return;
    // Made once, however often it is begun.
    let id = created.get(name);
    if (id === undefined) {
      const phones = Array.from({ length: people }, (_, n) => `+7927${1_000 + index}${String(n).padStart(3, '0')}`);
      const audience = { kind: 'phones' as const, phones };
      const made = await campaigns.create({ name, audience, audienceLabel: 'typed in', createdBy: by, ...own });
      if (!made.ok) return;
      ({ id } = made.value);
      created.set(name, id);
    }
    if ((await campaigns.start(id)).ok) begun.add(name);
  }

  return {
    async beginDue(share) {
      for (const [index, { from }] of KINDS.entries()) if (share >= from) await begin(index).catch(() => undefined);
    },
    async haveEnded(found) {
      const chains = found.filter(({ chain }) => chain !== undefined && OPEN_CHAINS.includes(chain.state));
      for (const { _id, chain } of chains)
        if (chain?.state === 'paused') await campaigns.followUps.resume(_id, { by }).catch(() => undefined);
      return begun.size === KINDS.length && chains.length === 0 && found.every(({ state }) => hasEnded(state));
    },
  };
}
