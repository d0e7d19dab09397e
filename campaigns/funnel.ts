/** The funnel snapshot for bot and CLI: taken at a moment, stored, and compared with the previous one. */
import type { CountryCode } from 'libphonenumber-js';
import { countFunnel, type FunnelOptions } from '../audience/crm/funnel';
import { done, type Result } from '../config/errors';
import { funnelChange, type Funnel, type FunnelChange } from '../domain/funnel';
import type { SnapshotStore } from '../store/crm-accounts';
import { vendorCall } from './catalogue';

export interface FunnelView {
  funnel: Funnel;
  /** Absent for the first snapshot. */
  change?: FunnelChange;
}

export interface FunnelService {
  /** The last snapshot taken. */
  last(): Promise<FunnelView | undefined>;
  /** Reads the whole CRM, about a second for 500 leads; concurrent callers share one reading. */
  take(options?: Pick<FunnelOptions, 'signal' | 'onProgress'>): Promise<Result<FunnelView>>;
}

export interface FunnelDependencies {
  snapshots: SnapshotStore;
  crm: FunnelOptions['crm'];
  /** The account's name in the store. */
  account: string;
  country: CountryCode;
}

export function createFunnelService({ snapshots, crm, account, country }: FunnelDependencies): FunnelService {
  let taking: Promise<Result<FunnelView>> | undefined;

  async function last(): Promise<FunnelView | undefined> {
    const [funnel, before] = await snapshots.newest(account, 2);
    return funnel && { funnel, ...(before && { change: funnelChange(funnel, before) }) };
  }

  async function take(options: Pick<FunnelOptions, 'signal' | 'onProgress'>): Promise<Result<FunnelView>> {
    const counted = await vendorCall(() => countFunnel({ crm, country, ...options }));
    if (!counted.ok) return counted;
    const [before] = await snapshots.newest(account, 1);
    await snapshots.add(account, counted.value);
    return done({ funnel: counted.value, ...(before && { change: funnelChange(counted.value, before) }) });
  }

  return {
    last,
    take: (options = {}) => {
      taking ??= take(options).finally(() => (taking = undefined));
      return taking;
    },
  };
}
