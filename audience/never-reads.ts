/** Leaves out those who have read none of the last campaigns, where a campaign asks for it. Judged when people are planned, not again before the call. */
import { unreadSince } from '../domain/never-reads';
import type { Store } from '../store/connect';
import type { Exclusion } from './exclusions';

export function createNeverReads(
  store: Pick<Store, 'sent' | 'replies'>,
): (phones: readonly string[], campaigns: number) => Promise<Map<string, Exclusion>> {
  return async (phones, campaigns) => {
    const now = new Date();
    const silent = new Map<string, Date>();
    for (const [phone, reached] of await store.sent.reached(phones)) {
      const since = unreadSince(reached, campaigns, now);
      if (since) silent.set(phone, since);
    }
    const written = silent.size > 0 ? await store.replies.lastWritten([...silent.keys()]) : new Map<string, Date>();
    const exclusion: Exclusion = { reason: 'never_reads', detail: String(campaigns) };
    return new Map(
      [...silent].flatMap(([phone, since]) =>
        (written.get(phone) ?? 0) >= since ? [] : [[phone, exclusion] as const],
      ),
    );
  };
}
