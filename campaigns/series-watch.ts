/** Sees firings of series that Temporal left out because it was away too long, and has the admins told. */
import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { startOnce } from '../clients/temporal-start';
import type { Logger } from '../config/logger';
import { periodically } from '../config/periodically';
import { withoutNumbers } from '../domain/number-like';
import type { SeriesInput } from '../domain/series';
import type { Store } from '../store/connect';
import type { tellLeftOut } from '../workflows/series';
import { CAMPAIGNS_QUEUE, LEFT_OUT_WORKFLOW } from '../workflows/messages';
import { ANSWER_TIMEOUT_MS } from './temporal-refusals';
import { SERIES_PREFIX } from './series';

export interface SeriesWatch {
  /** Looks at every series, now and every so often, until aborted. */
  run(stop: AbortSignal): Promise<void>;
}

export interface SeriesWatchOptions {
  store: Pick<Store, 'seriesMissed'>;
  temporal: Client;
  log?: Logger;
  everyMs?: number;
}

const EVERY_MS = 60_000;

/** Of what a schedule starts: only who is to be told, and of what. */
const argsSchema = z.tuple([z.looseObject({ name: z.string(), by: z.custom<SeriesInput['by']>() })]);

export function createSeriesWatch({ store, temporal, log, everyMs = EVERY_MS }: SeriesWatchOptions): SeriesWatch {
  async function lookAt(scheduleId: string): Promise<void> {
    const { info, action } = await temporal.schedule.getHandle(scheduleId).describe();
    const missed = info.numActionsMissedCatchupWindow;
    const seriesId = scheduleId.slice(SERIES_PREFIX.length);
    const told = await store.seriesMissed.told(seriesId);
    if (missed <= told) return;
    const [{ name: given, by }] = argsSchema.parse(action.args);
    const name = withoutNumbers(given);
    await startOnce<typeof tellLeftOut>(temporal, LEFT_OUT_WORKFLOW, {
      workflowId: `left-out/${seriesId}/${missed}`,
      taskQueue: CAMPAIGNS_QUEUE,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [{ seriesId, name, by, why: 'outage', count: missed - told }],
      staticSummary: `${name}: firings missed`,
    });
    await store.seriesMissed.tell(seriesId, missed);
  }

  async function look(): Promise<void> {
    const ids: string[] = [];
    for await (const { scheduleId } of temporal.schedule.list()) {
      if (scheduleId.startsWith(SERIES_PREFIX)) ids.push(scheduleId);
    }
    for (const id of ids) await temporal.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, () => lookAt(id));
  }

  return {
    run: (stop) =>
      periodically(look, {
        everyMs,
        stop,
        failed: (err) => log?.warn({ err }, 'cannot look at the series; trying again'),
      }),
  };
}
