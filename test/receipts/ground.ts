/** A receiver that applies what is written, on a database of the test's own, with a running campaign "c" on it. */
import { done } from '../../config/errors';
import { createLogger } from '../../config/logger';
import { DEFAULT_OPT_OUT_WORDS } from '../../domain/opt-outs/opt-out-words';
import type { Trouble } from '../../domain/story/trouble';
import { createApplier } from '../../receipts/apply';
import { documentsOf } from '../../receipts/receipt-document';
import { createCampaignStopper } from '../../campaigns/stop-campaigns';
import { createOptOuts } from '../../receipts/opt-outs';
import { accept, campaignDocument, phoneOf, queued, startStore, type TestStore } from '../store/support';
import { waitFor } from '../support/servers';

export const SENDER = 'BobcoferDemo';
const log = createLogger('test', 'silent');

export interface Receiver {
  /** The test's own store. */
  own(): TestStore;
  save(body: object): Promise<number>;
  /** Delivery `n` of "c", accepted by Gupshup. */
  accepted(n: number, messageId?: string): Promise<void>;
  /** Waits until nothing is due. */
  applied(): Promise<unknown>;
  unnamed(): Promise<unknown[]>;
  suppressed(n?: number): Promise<unknown[]>;
  /** From now on campaigns may be paused: the trouble's code for each pause, as they come. Without it a pause is an error. */
  pauses(): string[];
}

/** One for each test of the file. */
export function receiver(): Receiver {
  let store: TestStore;
  let applying: Applying;
  beforeEach(async () => {
    store = await startStore();
    applying = startApplying(store);
    await store.store.campaigns.insert(
      campaignDocument('c', { state: 'running', sender: SENDER, stateChangedAt: new Date(Date.now() - 60_000) }),
    );
  });
  afterEach(async () => {
    await applying.stop();
    await store.close();
  });
  return {
    own: () => store,
    save: async (body) => {
      const saved = await store.store.receipts.save(documentsOf(JSON.stringify(body), new Date()));
      applying.wake();
      return saved;
    },
    accepted: async (n, messageId = `m${n}`) => {
      await store.store.deliveries.freeze('c', [queued(n)]);
      await accept(store.store, 'c', n, messageId);
    },
    applied: () =>
      waitFor(async () => (await store.store.receipts.backlog()) === 0, { what: 'every event to be applied' }),
    unnamed: () => store.store.possibleOptOuts.open('unnamed', 9),
    suppressed: (n = 0) => store.store.suppressions.of(phoneOf(n)),
    pauses: () => (applying.pauses = []),
  };
}

interface Applying {
  pauses?: string[];
  /** As the webhook receiver does when it has saved some. */
  wake(someoneWrote?: boolean): void;
  stop(): Promise<void>;
}

/** Applies receipts to the store until it is stopped. */
export function startApplying({ store }: TestStore): Applying {
  const campaigns = {
    command: async (id: string, { trouble }: { trouble: Trouble }) => {
      if (!applying.pauses) throw new Error('no campaign may be paused');
      applying.pauses.push(trouble.code);
      await store.campaigns.move(id, 'paused', { reason: { error: trouble } });
      return done(undefined);
    },
  };
  const applier = createApplier({
    store,
    ours: [{ app: SENDER, appId: 'ours', phone: '+79990000000' }],
    stopCampaigns: createCampaignStopper({ store, campaigns, log }),
    wakeCampaign: () => Promise.resolve(),
    optOuts: createOptOuts({ store, words: DEFAULT_OPT_OUT_WORDS, log }),
    log,
  });
  const stopping = new AbortController();
  const running = applier.run(stopping.signal);
  const applying: Applying = {
    wake: (someoneWrote?: boolean) => applier.wake(someoneWrote),
    stop: async () => {
      stopping.abort();
      applier.wake();
      await running;
    },
  };
  return applying;
}

export const v2 = (type: string, payload: object, app = SENDER): object => ({
  app,
  timestamp: Date.now(),
  version: 2,
  type,
  payload,
});
export const v3 = (value: object, more: object = {}): object => ({
  object: 'whatsapp_business_account',
  ...more,
  entry: [{ changes: [{ field: 'messages', value }] }],
});
export const seconds = (): number => Math.floor(Date.now() / 1000);
export const receipt = (fields: object, app = SENDER): object => v2('message-event', fields, app);
