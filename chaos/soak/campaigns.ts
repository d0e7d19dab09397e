/** The campaigns of a soak: every few seconds another one, of each kind in turn, with what an admin does to it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CampaignServices } from '../../campaigns/from-settings';
import type { CampaignDraft, CommandRequest } from '../../campaigns/contract';
import type { Random } from '../random';

/**
 * `plain` runs through; `later` starts by a timer; `slow` has a rate of its own, `spread` a time to be spread over;
 * `paused` is paused and resumed, `cancelled` cancelled on the way, `hurried` made faster; `one` is a test to one person.
 */
const KINDS = ['plain', 'later', 'slow', 'spread', 'paused', 'cancelled', 'hurried', 'one'] as const;
type Kind = (typeof KINDS)[number];

export interface SoakCampaigns {
  readonly ids: readonly string[];
  /** How many of each kind were started. */
  readonly counts: Readonly<Partial<Record<Kind, number>>>;
  /** Starts campaigns until the signal. What fails because a service is away is left out. */
  run(signal: AbortSignal): Promise<void>;
}

const LATER_MS = 15_000;
const SPREAD_MS = 30_000;
/** Phones of a campaign; none ends in 9xx, which would make the sandbox do something of its own. */
const BLOCK = 900;

export function createSoakCampaigns(
  { campaigns }: Pick<CampaignServices, 'campaigns'>,
  random: Random,
  { everyMs, people }: { everyMs: number; people: number },
): SoakCampaigns {
  const ids: string[] = [];
  const counts: Partial<Record<Kind, number>> = {};
  let block = 0;

  function draftOf(kind: Kind): CampaignDraft {
    const size = kind === 'one' ? 1 : random.between(Math.ceil(people / 4), people);
    const [from, prefix] = [random.between(0, BLOCK - 1), 1_000 + (block++ % 9_000)];
    const phones = Array.from({ length: size }, (_, n) => {
      const at = from + n;
      return `+7${926 + Math.floor(at / BLOCK)}${prefix}${String(at % BLOCK).padStart(3, '0')}`;
    });
    return {
      name: `Soak ${kind}`,
      template: 'showroom_invitation',
      audience: { kind: 'phones', phones },
      audienceLabel: 'soak',
      parameters: [],
      createdBy: { kind: 'system' },
      ...(kind === 'one' && { test: true }),
      ...(kind === 'slow' && { pace: { ratePerSecond: 5 } }),
      ...(kind === 'spread' && { pace: { spreadMs: SPREAD_MS } }),
    } as CampaignDraft;
  }

  async function command(id: string, request: CommandRequest): Promise<void> {
    await campaigns.command(id, { ...request, by: { kind: 'system' } }).catch(() => undefined);
  }

  async function live(kind: Kind, signal: AbortSignal): Promise<void> {
    const created = await campaigns.create(draftOf(kind));
    if (!created.ok) return;
    const { id } = created.value;
    const started = await campaigns.start(id, kind === 'later' ? { at: new Date(Date.now() + LATER_MS) } : {});
    if (!started.ok) return;
    ids.push(id);
    counts[kind] = (counts[kind] ?? 0) + 1;
    const rest = (ms: number): Promise<unknown> => sleep(ms, undefined, { signal }).catch(() => undefined);
    await rest(2_000);
    if (kind === 'paused') {
      await command(id, { command: 'pause' });
      await rest(3_000);
      await command(id, { command: 'resume' });
    }
    if (kind === 'cancelled') await command(id, { command: 'cancel' });
    if (kind === 'hurried') await command(id, { command: 'setRate', ratePerSecond: 50 });
  }

  return {
    ids,
    counts,
    async run(signal) {
      const living = new Set<Promise<void>>();
      for (let n = 0; !signal.aborted; n++) {
        const one = live(KINDS[n % KINDS.length]!, signal)
          .catch(() => undefined)
          .finally(() => living.delete(one));
        living.add(one);
        await sleep(everyMs, undefined, { signal }).catch(() => undefined);
      }
      await Promise.all(living);
    },
  };
}
