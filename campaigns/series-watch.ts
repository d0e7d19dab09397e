/**
 * Finds firings that Temporal left out because it was down too long, and has the admins told once about each.
 *
 * Temporal's counter of missed firings shows only that there are some, not which or how many: after an outage it counts
 * the same ones again at the next firing, unless one was made up for (measured with Server 1.32). The missed ones are
 * the schedule's own times minus those carried out.
 */
import type { Client, ScheduleDescriptionAction } from '@temporalio/client';
import { z } from 'zod';
import { ANSWER_TIMEOUT_MS, scheduleTimes, startOnce } from './temporal-calls';
import type { Logger } from '../config/logger';
import { periodically } from '../config/waiting';
import { withoutNumbers } from '../domain/story/number-like';
import type { SeriesInput } from '../domain/story/series';
import type { Store } from '../store/connect';
import type { tellLeftOut } from '../workflows/series';
import { CAMPAIGNS_QUEUE, LEFT_OUT_WORKFLOW } from '../workflows/messages';
import { SERIES_PREFIX } from './series';

export interface SeriesWatch {
  /** Checks every series now and regularly until aborted. */
  run(stop: AbortSignal): Promise<void>;
}

export interface SeriesWatchOptions {
  store: Pick<Store, 'seriesMissed'>;
  temporal: Client;
  log?: Logger;
  everyMs?: number;
}

const EVERY_MS = 60_000;

/** The part of a Schedule's arguments that says who is told, about what, and in which zone. */
const argsSchema = z.tuple([
  z.looseObject({ name: z.string(), by: z.custom<SeriesInput['by']>(), timezone: z.string() }),
]);

export function createSeriesWatch({ store, temporal, log, everyMs = EVERY_MS }: SeriesWatchOptions): SeriesWatch {
  async function lookAt(scheduleId: string): Promise<void> {
    const { info, action, policies, state } = await temporal.schedule.getHandle(scheduleId).describe();
    const now = Date.now();
    const seriesId = scheduleId.slice(SERIES_PREFIX.length);
    const known = (await store.seriesMissed.find(seriesId)) ?? { counted: 0, until: info.createdAt };
    const counted = info.numActionsMissedCatchupWindow;
    // Everything before the next firing is decided; while a series is paused nothing is missed, and the next firing
    // stays the same.
    const decided = state.paused ? now : (info.nextActionTimes[0]?.getTime() ?? now);
    const know = async (until: number): Promise<void> => {
      if (counted <= known.counted && until <= known.until.getTime()) return;
      await store.seriesMissed.know(seriesId, { counted, until: new Date(until) });
    };
    if (counted <= known.counted) return know(decided);

    const span = { from: known.until.getTime(), until: now - policies.catchupWindow };
    const due = span.from < span.until ? await scheduleTimes(temporal, scheduleId, span) : [];
    const carriedOut = new Set(info.recentActions.map(({ scheduledAt }) => scheduledAt.getTime()));
    const missed = due.filter((at) => !carriedOut.has(at)).slice(0, counted - known.counted);
    if (missed.length > 0) await tell(seriesId, action, missed);
    await know(Math.max(decided, (missed.at(-1) ?? 0) + 1));
  }

  async function tell(seriesId: string, action: ScheduleDescriptionAction, times: number[]): Promise<void> {
    const [{ name: given, by, timezone }] = argsSchema.parse(action.args);
    const name = withoutNumbers(given);
    await startOnce<typeof tellLeftOut>(temporal, LEFT_OUT_WORKFLOW, {
      // Prevents a second report of the same firings, also after a crash.
      workflowId: `left-out/${seriesId}/${[times[0], times.at(-1)].map((at) => new Date(at!).toISOString()).join('/')}`,
      taskQueue: CAMPAIGNS_QUEUE,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [{ seriesId, name, by, why: 'outage', times, timezone }],
      staticSummary: `${name}: firings missed`,
    });
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
        failed: (err) => log?.warn({ err }, 'Cannot check the series: trying again'),
      }),
  };
}
