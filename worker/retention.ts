/** The worker's hourly removal of data whose retention has ended. */
import type { Logger } from '../config/logger';
import { periodically } from '../config/waiting';
import type { Settings } from '../config/settings';
import type { Store } from '../store/connect';
import { RETENTION_KINDS, type RetentionDays } from '../store/retention';

const EVERY_MS = 3_600_000;

/** Runs until aborted. Never rejects: a failed round is repeated. */
export async function runRetention(
  {
    store,
    settings,
    log,
    everyMs = EVERY_MS,
  }: {
    store: Pick<Store, 'retention'>;
    settings: Settings<never>;
    log: Logger;
    everyMs?: number;
  },
  stop: AbortSignal,
): Promise<void> {
  const round = async (): Promise<void> => {
    const gone = await store.retention.enforce(daysOf(settings), new Date());
    if (Object.values(gone).some((count) => count > 0))
      log.info({ gone }, 'Removed personal data whose retention has ended');
  };
  const failed = (err: unknown): void => log.error({ err }, 'Retention failed: the next round tries again');
  await periodically(round, { everyMs, stop, failed });
}

function daysOf(settings: Settings<never>): RetentionDays {
  const days: RetentionDays = {};
  for (const kind of RETENTION_KINDS) {
    const limit = settings[`RETENTION_DAYS_${kind.toUpperCase() as Uppercase<typeof kind>}`];
    if (limit !== undefined) days[kind] = limit;
  }
  return days;
}
