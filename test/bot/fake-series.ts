/** Recurring campaigns in memory: they never fire. */
import type { Series, SeriesService } from '../../campaigns/contract';
import { done, refused } from '../../config/errors';

export interface FakeSeries extends SeriesService {
  asked: Parameters<SeriesService['create']>[0][];
  all: Map<string, Series>;
}

export function fakeSeries(): FakeSeries {
  const asked: FakeSeries['asked'] = [];
  const all: FakeSeries['all'] = new Map();
  const find: SeriesService['find'] = async (id) => {
    const series = all.get(id);
    return series ? done(series) : refused('series_not_found', { id });
  };
  const change = (id: string, changes: Partial<Series>): ReturnType<SeriesService['find']> => {
    const series = all.get(id);
    if (series) all.set(id, { ...series, ...changes });
    return find(id);
  };
  return {
    asked,
    all,
    find,
    create: async (request) => {
      asked.push(request);
      const id = `s${asked.length}`;
      all.set(id, {
        id,
        name: `Рассылка ${request.campaignId}`,
        campaignId: request.campaignId,
        template: 'welcome',
        audienceLabel: 'clients.csv',
        cron: request.cron,
        timezone: request.timezone ?? 'Europe/Moscow',
        paused: false,
        next: [new Date('2026-01-20T07:30:00Z'), new Date('2026-01-27T07:30:00Z')],
        fired: 0,
        warnings: [],
      });
      return find(id);
    },
    list: async () => done([...all.values()]),
    pause: (id) => change(id, { paused: true, next: [] }),
    resume: (id) => change(id, { paused: false, next: [new Date('2026-01-20T07:30:00Z')] }),
    remove: async (id) => (all.delete(id) ? done(undefined) : refused('series_not_found', { id })),
  };
}
