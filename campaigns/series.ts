/** Recurring campaigns: Temporal Schedules, each firing creating a new campaign from an earlier one. */
import {
  isGrpcServiceError,
  ScheduleNotFoundError,
  type Client,
  type ScheduleDescription,
  type ScheduleHandle,
} from '@temporalio/client';
import { customAlphabet } from 'nanoid';
import { z } from 'zod';
import { done, refusalOf, refused, type Refusal, type Result } from '../config/errors';
import { nameProblem } from '../domain/campaign-spec';
import { isCron } from '../domain/times/cron';
import { repeated, type SeriesInput } from '../domain/story/series';
import { canonicalZone } from '../domain/times/zone';
import { actorName, type Actor } from '../domain/story/actor';
import type { Store } from '../store/connect';
import type { fireSeries } from '../workflows/series';
import { CAMPAIGNS_QUEUE, SERIES_WORKFLOW } from '../workflows/messages';
import type { Series, SeriesService } from './contract';
import { ANSWER_TIMEOUT_MS, scheduleTimes, unreachable } from './temporal-calls';
import { clockWarnings } from './series-clocks';
import { withoutNumbers } from '../domain/story/number-like';
import { noteChange } from './journal';
import { mediaLinkRefusal } from './media';

export interface SeriesDependencies {
  store: Pick<Store, 'audit' | 'campaigns'>;
  temporal: Client;
  /** If the last campaign of a series is still sending: leave the next one out, or start it too. */
  overlap: SeriesInput['overlap'];
  /** IANA zone of series that set none. */
  timezone: string;
}

/** After an outage, firings older than this are left out; Temporal's default is a year. */
const CATCH_UP = '1 hour';
/** If an outage took the next ten firings of a series, some fall within this time. */
const OFTEN_MS = 40 * 86_400_000;
/** gRPC's status code. */
const NOT_FOUND = 5;
/** Id prefix of schedules that are series. */
export const SERIES_PREFIX = 'series/';
const newId = customAlphabet('23456789abcdefghjkmnpqrstuvwxyz', 6);

/** The memo that a schedule keeps about its series. */
const memoSchema = z.object({
  name: z.string(),
  campaignId: z.string(),
  template: z.string(),
  audienceLabel: z.string(),
  cron: z.string(),
  timezone: z.string(),
});

export function createSeriesService({
  store,
  temporal,
  overlap,
  timezone: defaultZone,
}: SeriesDependencies): SeriesService {
  const handleOf = (id: string): ScheduleHandle => temporal.schedule.getHandle(SERIES_PREFIX + id);

  /** Refused when the series does not exist or Temporal does not answer. */
  async function ask<T>(id: string, call: () => Promise<T>): Promise<Result<T>> {
    try {
      return done(await temporal.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, call));
    } catch (error) {
      if (error instanceof ScheduleNotFoundError || isNotFound(error)) return refused('series_not_found', { id });
      const refusal = unreachable(error);
      if (refusal) return refusal;
      throw error;
    }
  }

  async function find(id: string): Promise<Result<Series>> {
    return ask(id, async () => {
      const description = await handleOf(id).describe();
      const { calendars = [] } = description.spec;
      const { scheduleId } = description;
      const warnings = await clockWarnings(temporal, { scheduleId, zone: zoneOf(description), calendars });
      return seriesOf(id, description, { warnings, next: await nextOf(description) });
    });
  }

  /** Right after an outage, Temporal's list of next firings begins with the missed ones. */
  async function nextOf({ scheduleId, state, info }: ScheduleDescription): Promise<Date[]> {
    if (state.paused) return [];
    const now = Date.now();
    const next = info.nextActionTimes.filter((at) => at.getTime() > now);
    if (next.length > 0 || info.nextActionTimes.length === 0) return next;
    const times = await scheduleTimes(temporal, scheduleId, { from: now, until: now + OFTEN_MS });
    return times.map((at) => new Date(at));
  }

  async function remove(id: string): Promise<Result<void>> {
    return ask(id, () => handleOf(id).delete());
  }

  const note = (by: Actor, what: string, id: string, before: object | undefined, after: object | undefined) =>
    noteChange(
      store.audit,
      { actor: by, what: `schedule ${what}` },
      { schedule: id, ...before },
      { schedule: id, ...after },
    )
      // It has been carried out.
      .catch(() => undefined);

  async function setPaused(id: string, paused: boolean, by: Actor): Promise<Result<Series>> {
    const text = `by ${actorName(by)}`;
    const asked = await ask(id, () => (paused ? handleOf(id).pause(text) : handleOf(id).unpause(text)));
    if (!asked.ok) return asked;
    await note(by, paused ? 'pause' : 'resume', id, { paused: !paused }, { paused });
    return find(id);
  }

  return {
    find,
    remove: async (id, by) => {
      const before = await find(id);
      const removed = await remove(id);
      if (removed.ok && before.ok) {
        const { campaignId, cron, timezone } = before.value;
        await note(by, 'remove', id, { campaign: campaignId, cron, timezone }, undefined);
      }
      return removed;
    },
    async create({ campaignId, cron, timezone: typedZone = defaultZone, name, by }) {
      const campaign = await store.campaigns.find(campaignId);
      if (!campaign) return refused('campaign_not_found', { id: campaignId });
      const timezone = canonicalZone(typedZone);
      if (timezone === undefined) return refused('timezone_invalid', { value: typedZone });
      if (!isCron(cron)) return refused('cron_invalid', { value: cron });

      const seriesName = name?.trim() || campaign.spec.name;
      const problem = nameProblem(seriesName);
      if (problem) return { ok: false, refusal: refusalOf(problem) };
      const id = newId();
      const byName = actorName(by);
      const memo: z.infer<typeof memoSchema> = {
        name: seriesName,
        campaignId,
        template: campaign.template.name,
        audienceLabel: withoutNumbers(campaign.spec.audienceLabel),
        cron,
        timezone,
      };
      try {
        const created = await ask(id, () =>
          temporal.schedule.create<typeof fireSeries>({
            scheduleId: SERIES_PREFIX + id,
            spec: { cronExpressions: [cron], timezone },
            policies: { catchupWindow: CATCH_UP, overlap: overlap === 'skip' ? 'SKIP' : 'ALLOW_ALL' },
            action: {
              type: 'startWorkflow',
              workflowType: SERIES_WORKFLOW,
              workflowId: `${SERIES_PREFIX}${id}`,
              taskQueue: CAMPAIGNS_QUEUE,
              args: [{ seriesId: id, name: memo.name, campaignId, overlap, timezone, by, byName }],
              staticSummary: withoutNumbers(`${memo.name}: ${memo.template}`),
            },
            memo,
          }),
        );
        if (!created.ok) return created;
      } catch (error) {
        // The client's way of saying that the server cannot read the expression, which is in Temporal's own dialect.
        if (!(error instanceof TypeError)) throw error;
        return refused('cron_invalid', { value: cron });
      }
      const series = await find(id);
      if (!series.ok) return series;
      const [start] = series.value.next;
      const link =
        start && mediaLinkRefusal({ ...repeated(campaign.spec), template: campaign.template }, { start }, { timezone });
      if (start && !link) {
        await note(by, 'create', id, undefined, { campaign: campaignId, cron, timezone });
        return series;
      }
      await remove(id);
      return link ? { ok: false, refusal: link } : refused('cron_never', { value: cron });
    },

    async list() {
      const ids = await ask('', async () => {
        const found: string[] = [];
        for await (const { scheduleId } of temporal.schedule.list()) {
          if (scheduleId.startsWith(SERIES_PREFIX)) found.push(scheduleId.slice(SERIES_PREFIX.length));
        }
        return found;
      });
      if (!ids.ok) return ids;
      // The list lags slightly; the individual descriptions do not. A series deleted meanwhile is left out.
      const found = await Promise.all(ids.value.map(find));
      const away = found.find((one) => !one.ok && one.refusal.code !== 'series_not_found');
      if (away && !away.ok) return away;
      return done(found.flatMap((one) => (one.ok ? [one.value] : [])).sort(bySoonest));
    },

    pause: (id, by) => setPaused(id, true, by),
    resume: (id, by) => setPaused(id, false, by),
  };
}

/** From a call below the schedule client: the schedule has been deleted meanwhile. */
function isNotFound(error: unknown): boolean {
  return isGrpcServiceError(error) && error.code === NOT_FOUND;
}

function zoneOf({ memo }: ScheduleDescription): string {
  return memoSchema.parse(memo).timezone;
}

function seriesOf(
  id: string,
  { memo, state, info }: ScheduleDescription,
  reckoned: { next: Date[]; warnings: Refusal[] },
): Series {
  const remembered = memoSchema.parse(memo);
  return {
    id,
    ...remembered,
    paused: state.paused,
    fired: info.numActionsTaken,
    ...reckoned,
  };
}

function bySoonest(a: Series, b: Series): number {
  return (a.next[0]?.getTime() ?? Infinity) - (b.next[0]?.getTime() ?? Infinity);
}
