/** A store on a database of the test's own, and deliveries and campaigns to put into it. */
import { connectStore, type Store } from '../../store/connect';
import type { FrozenDelivery } from '../../store/deliveries';
import type { CampaignSpec } from '../../domain/campaign-spec';
import type { CampaignDocument } from '../../store/documents';
import { template } from '../domain/samples';
import { testMongo } from '../support/servers';

export interface TestStore {
  store: Store;
  uri: string;
  /** Another connection, as another process has; closed with the first. */
  another(): Promise<Store>;
  close(): Promise<void>;
}

export async function startStore(): Promise<TestStore> {
  const mongo = await testMongo();
  const stores: Store[] = [];
  const another = async (): Promise<Store> => {
    const store = await connectStore(mongo.uri);
    stores.push(store);
    return store;
  };
  return {
    store: await another(),
    uri: mongo.uri,
    another,
    close: async () => {
      await Promise.all(stores.map((store) => store.close()));
      await mongo.close();
    },
  };
}

/** An ordinary mobile number, another one for each `n`. */
export function phoneOf(n: number): string {
  return `+7926${String(1_000_000 + n)}`;
}

export function queued(n: number, changes: Partial<FrozenDelivery> = {}): FrozenDelivery {
  return { n, state: 'queued', phone: phoneOf(n), origin: String(n + 1), params: [], ...changes };
}

/** `count` queued deliveries of the campaign, numbered from 0. */
export async function freeze(store: Store, campaignId: string, count: number): Promise<void> {
  await store.deliveries.freeze(
    campaignId,
    Array.from({ length: count }, (_, n) => queued(n)),
  );
}

/** Claims delivery `n` and records Gupshup's acceptance. */
export async function accept(store: Store, campaignId: string, n: number, messageId: string): Promise<void> {
  const token = `token-${messageId}`;
  await store.deliveries.claim(campaignId, n, token);
  await store.deliveries.settle(campaignId, n, token, { to: 'accepted', messageId });
}

/** Facts of a campaign, and as much of its spec as matters. */
export type CampaignChanges = Partial<Omit<CampaignDocument, 'spec'>> & { spec?: Partial<CampaignSpec> };

export function campaignDocument(id: string, { spec, ...facts }: CampaignChanges = {}): CampaignDocument {
  const now = new Date();
  return {
    _id: id,
    spec: {
      name: `Campaign ${id}`,
      template: template().id,
      audience: { kind: 'phones', phones: [] },
      audienceLabel: 'typed in',
      parameters: [],
      ...spec,
    },
    test: false,
    state: 'draft',
    stateChangedAt: now,
    template: template(),
    sender: 'DemoApp',
    createdBy: { kind: 'cli' },
    createdAt: now,
    watchers: [],
    ...facts,
  };
}
