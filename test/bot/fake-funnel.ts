/** A funnel in memory: each taking finds one more lead in the last stage. */
import type { FunnelService, FunnelView } from '../../campaigns/funnel';
import { done, refused } from '../../config/errors';
import { funnelChange, type Funnel } from '../../domain/funnel';

export interface FakeFunnel extends FunnelService {
  taken: Funnel[];
  /** The CRM does not answer. */
  away: boolean;
}

export function fakeFunnel(): FakeFunnel {
  const taken: Funnel[] = [];
  const view = (): FunnelView | undefined => {
    const [funnel, before] = taken.toReversed();
    return funnel && { funnel, ...(before && { change: funnelChange(funnel, before) }) };
  };
  const service: FakeFunnel = {
    taken,
    away: false,
    last: async () => view(),
    take: async (options) => {
      options?.onProgress?.(12);
      if (service.away) return refused('crm_unreachable', { detail: 'timeout' });
      const more = taken.length;
      const last = { id: 72, name: 'Договор', color: '#99ccff', leads: 4 + more, sum: 70_000 + 5000 * more, people: 3 };
      const first = { id: 71, name: 'Первый контакт', leads: 8, sum: 0, people: 0 };
      const whole = { leads: 12 + more, sum: last.sum, people: 3 };
      taken.push({
        takenAt: new Date(Date.UTC(2026, 0, 15, 8, more)),
        currency: 'RUB',
        ...whole,
        pipelines: [{ id: 7, name: 'Продажи', ...whole, stages: [first, last] }],
      });
      return done(view()!);
    },
  };
  return service;
}
