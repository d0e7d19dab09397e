/** Receipts on deliveries: in every order, repeated, and of sends whose answer never came. */
import fc from 'fast-check';
import { MongoClient } from 'mongodb';
import { afterReceipt, RECEIPT_KINDS, type DeliveryState, type ReceiptKind } from '../../domain/story/delivery';
import { createFailureMarks } from '../../store/delivery-failures';
import { deliveryLookups } from '../../store/delivery-lookups';
import { createDeliveryReceipts } from '../../store/delivery-receipts';
import type { DeliveryDocument } from '../../store/documents';
import type { ReceiptChange } from '../../store/deliveries';
import { accept, freeze, phoneOf, queued, startStore, type TestStore } from './support';

let own: TestStore;
let deliveries: TestStore['store']['deliveries'];
beforeAll(async () => {
  own = await startStore();
  deliveries = own.store.deliveries;
});
afterAll(() => own?.close());

const TIMES: Partial<Record<ReceiptKind, keyof DeliveryDocument>> = {
  sent: 'sentAt',
  delivered: 'deliveredAt',
  read: 'readAt',
  failed: 'failedAt',
};

let made = 0;
/** The message ids of `count` deliveries of one campaign that Gupshup has accepted. */
async function accepted(count = 1): Promise<{ id: string; messageIds: string[]; messageId: string }> {
  const id = `r${made++}`;
  const messageIds = Array.from({ length: count }, (_, n) => `message-${id}-${n}`);
  await freeze(own.store, id, count);
  await Promise.all(messageIds.map((messageId, n) => accept(own.store, id, n, messageId)));
  return { id, messageIds, messageId: messageIds[0]! };
}

function change(kind: ReceiptKind, messageId: string, second: number): ReceiptChange {
  return {
    kind,
    messageId,
    at: new Date(1_700_000_000_000 + second * 1000),
    ...(kind === 'failed' && { code: '131026', family: 'contact', detail: 'undeliverable' }),
  };
}

describe('receipts applied to deliveries', () => {
  test('in any order, repeated, one by one or together, end where the rule of receipts says', async () => {
    const sequence = fc.array(fc.constantFrom(...RECEIPT_KINDS), { minLength: 1, maxLength: 8 });
    const sequences = fc.array(sequence, { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(sequences, fc.boolean(), async (lives, together) => {
        const { id, messageIds } = await accepted(lives.length);
        const rounds = Array.from({ length: 8 }, (_, round) =>
          lives.flatMap((kinds, n) => (kinds[round] ? [change(kinds[round], messageIds[n]!, round)] : [])),
        );
        if (together) await deliveries.applyReceipts(rounds.flat());
        else for (const round of rounds) await deliveries.applyReceipts(round);

        const found = await deliveries.stream(id).toArray();
        const expected = lives.map((kinds) => {
          const state = kinds.reduce<DeliveryState>(afterReceipt, 'accepted');
          const times = Object.entries(TIMES).map(([kind, field]) => {
            const first = kinds.indexOf(kind as ReceiptKind);
            // Each kind's time is kept, of its first receipt, whatever the state.
            return [field, first < 0 ? undefined : change('sent', '', first).at] as const;
          });
          return { state, code: state === 'failed' ? '131026' : undefined, ...Object.fromEntries(times) };
        });
        const fields = ['state', 'code', ...Object.values(TIMES)] as const;
        expect(found.map((one) => Object.fromEntries(fields.map((field) => [field, one[field]])))).toEqual(expected);
      }),
      { numRuns: 12 },
    );
  });

  test('the order does not matter: every permutation of a message’s life ends the same', async () => {
    const lives: [ReceiptKind[], DeliveryState][] = [
      [['enqueued', 'sent', 'delivered', 'read'], 'read'],
      [['sent', 'failed', 'delivered'], 'delivered'],
      [['failed', 'read'], 'read'],
      [['failed', 'sent', 'enqueued'], 'failed'],
    ];
    const orders = lives.flatMap(([kinds, end]) => permutations(kinds).map((order) => ({ order, end })));
    const { id, messageIds } = await accepted(orders.length);
    await deliveries.applyReceipts(
      orders.flatMap(({ order }, n) => order.map((kind, index) => change(kind, messageIds[n]!, index))),
    );
    const found = await deliveries.stream(id).toArray();
    expect(found.map(({ state }, n) => ({ order: orders[n]!.order, end: state }))).toEqual(orders);
  });

  test('of several messages at once each go to their own; of strange ones nothing happens', async () => {
    const [a, b] = [await accepted(), await accepted()];
    const known = await deliveries.applyReceipts([
      change('sent', a.messageId, 1),
      change('failed', 'nobody’s', 1),
      change('read', b.messageId, 2),
    ]);
    expect(known[1]).toBeUndefined();
    expect(known[0]).toMatchObject({ campaignId: a.id, phone: phoneOf(0) });
    expect(known[2]).toMatchObject({ campaignId: b.id, phone: phoneOf(0) });
    expect((await deliveries.find(a.id, 0))!.state).toBe('sent');
    expect((await deliveries.find(b.id, 0))!.state).toBe('read');
    expect(await deliveries.applyReceipts([])).toEqual([]);
  });

  test('one that meets the recording of its send half-way is either applied or said not to be', async () => {
    const { id, messageId } = { id: `r${made++}`, messageId: 'message-half-way' };
    await freeze(own.store, id, 1);
    await deliveries.claim(id, 0, 'token');
    // The answer to the send is written between two steps of the applying.
    await using client = await MongoClient.connect(own.uri);
    const collection = client.db().collection<DeliveryDocument>('deliveries');
    const halfWay = new Proxy(collection, {
      get: (target, name: 'bulkWrite' | 'find') =>
        ({
          bulkWrite: async (...given: Parameters<typeof target.bulkWrite>) => {
            const done = await target.bulkWrite(...given);
            await deliveries.settle(id, 0, 'token', { to: 'accepted', messageId });
            return done;
          },
          find: (...given: Parameters<typeof target.find>) => ({
            toArray: async () => {
              const found = await target.find(...given).toArray();
              await deliveries.settle(id, 0, 'token', { to: 'accepted', messageId });
              return found;
            },
          }),
        })[name] ?? target[name],
    });
    const db = client.db();
    const dependencies = { lookups: deliveryLookups(db), failures: createFailureMarks(db) };
    const known = await createDeliveryReceipts(halfWay, dependencies).applyReceipts([change('sent', messageId, 1)]);
    expect(known[0] !== undefined).toBe((await deliveries.find(id, 0))!.state === 'sent');
  });

  test('a week after the send name the message by its WhatsApp id alone, and still find it', async () => {
    const { id, messageId } = await accepted();
    await deliveries.applyReceipts([{ ...change('sent', messageId, 1), whatsappId: 'wamid.1' }]);
    const known = await deliveries.applyReceipts([{ ...change('read', 'wamid.1', 700_000), whatsappId: 'wamid.1' }]);
    expect(await deliveries.find(id, 0)).toMatchObject({ state: 'read', messageId, readAt: expect.any(Date) });
    expect(known[0]).toMatchObject({ campaignId: id, n: 0, attempts: 1, state: 'read', phone: phoneOf(0) });
  });
});

describe('a message that failed and is to be sent again', () => {
  /** Accepted, failed, and back in the queue; then `further`. */
  async function again(
    further: 'waits' | 'is being sent' | 'is without an answer',
  ): Promise<{ id: string; messageId: string }> {
    const { id, messageId } = await accepted();
    await deliveries.applyReceipts([change('failed', messageId, 1)]);
    await deliveries.requeueFailed(id, { messageIds: [messageId] }, new Date(0));
    if (further !== 'waits') await deliveries.claim(id, 0, 'second');
    if (further === 'is without an answer')
      await deliveries.settle(id, 0, 'second', { to: 'unknown', code: 'no_answer', detail: 'd' });
    return { id, messageId };
  }

  test.each([
    ['waits', 'queued'],
    ['is being sent', 'sending'],
    ['is without an answer', 'unknown'],
  ] as const)('and %s is not moved by what its first try left behind', async (further, state) => {
    const { id, messageId } = await again(further);
    for (const kind of ['enqueued', 'sent', 'failed'] as const) {
      const known = await deliveries.applyReceipts([change(kind, messageId, 2)]);
      expect(known[0]).toMatchObject({ messageId });
      expect((await deliveries.find(id, 0))!.state).toBe(state);
    }
  });

  test('keeps nothing of its first try but its code and name, whatever comes late of it', async () => {
    const { id, messageId } = await accepted();
    await deliveries.applyReceipts([
      { ...change('sent', messageId, 1), whatsappId: 'wamid.old' },
      change('failed', messageId, 2),
    ]);
    await deliveries.requeueFailed(id, { messageIds: [messageId] }, new Date(0));
    for (const kind of ['sent', 'failed'] as const) await deliveries.applyReceipts([change(kind, messageId, 3)]);
    const queued = (await deliveries.find(id, 0))!;
    expect(queued).toMatchObject({ state: 'queued', code: '131026', messageId, attempts: 1 });
    for (const trace of ['claimedAt', 'acceptedAt', 'sentAt', 'failedAt', 'whatsappId']) {
      expect(queued).not.toHaveProperty(trace);
    }
    await accept(own.store, id, 0, 'second');
    await deliveries.applyReceipts([change('sent', 'second', 60)]);
    expect(await deliveries.find(id, 0)).toMatchObject({ state: 'sent', messageId: 'second', sentAt: change('sent', 'second', 60).at }); // prettier-ignore
    expect(await deliveries.find(id, 0)).not.toHaveProperty('failedAt');
  });

  test('has arrived all the same if a receipt says so, and is not sent again', async () => {
    const { id, messageId } = await again('waits');
    await deliveries.applyReceipts([change('delivered', messageId, 2)]);
    expect((await deliveries.find(id, 0))!.state).toBe('delivered');
    expect(await deliveries.due(id, { after: 0, limit: 1, now: new Date() })).toEqual([]);
  });

  test('is known by its new message once that is accepted', async () => {
    const { id, messageId } = await again('is being sent');
    await deliveries.settle(id, 0, 'second', { to: 'accepted', messageId: `${messageId}-2` });
    await deliveries.applyReceipts([change('failed', messageId, 3), change('sent', `${messageId}-2`, 4)]);
    expect(await deliveries.find(id, 0)).toMatchObject({ state: 'sent', attempts: 2 });
  });
});

describe('a receipt for a send without an answer', () => {
  const MINUTE = 60_000;
  const window = (at: number): { from: Date; to: Date } => ({
    from: new Date(at - 30 * MINUTE),
    to: new Date(at + MINUTE),
  });

  async function unknownSend(id: string, phone: string): Promise<void> {
    await deliveries.freeze(id, [queued(0, { phone })]);
    await deliveries.claim(id, 0, `token-${id}`);
    await deliveries.settle(id, 0, `token-${id}`, { to: 'unknown', code: 'no_answer', detail: 'timeout' });
  }

  test('settles the only unknown send to that number', async () => {
    const phone = '+79260000001';
    await unknownSend('only', phone);
    const adopted = await deliveries.adoptUnknown({ phone, messageId: 'm-only', ...window(Date.now()) });
    expect(adopted).toMatchObject({
      _id: 'only:0',
      state: 'accepted',
      messageId: 'm-only',
      acceptedAt: expect.any(Date),
    });
    expect(adopted).not.toHaveProperty('code');
    expect(await deliveries.applyReceipts([change('delivered', 'm-only', 3)])).toMatchObject([{ n: 0 }]);
    expect((await deliveries.find('only', 0))!.state).toBe('delivered');
    // The attempt that comes back with its answer after all changes nothing any more.
    await deliveries.settle('only', 0, 'token-only', { to: 'failed', code: '1', family: 'temporary', detail: 'd' });
    expect(await deliveries.find('only', 0)).toMatchObject({ state: 'delivered', messageId: 'm-only' });
  });

  test('settles none of two unknown sends to that number', async () => {
    const phone = '+79260000002';
    await unknownSend('two-a', phone);
    await unknownSend('two-b', phone);
    expect(await deliveries.adoptUnknown({ phone, messageId: 'm', ...window(Date.now()) })).toBeUndefined();
    expect((await deliveries.find('two-a', 0))!.state).toBe('unknown');
    expect((await deliveries.find('two-b', 0))!.state).toBe('unknown');
  });

  test('waits while another send to that number has no answer yet: the receipt may be that one’s', async () => {
    const phone = '+79260000006';
    await unknownSend('lost', phone);
    await deliveries.freeze('slow', [queued(0, { phone })]);
    await deliveries.claim('slow', 0, 'token-slow');
    const adopt = (messageId: string): Promise<unknown> =>
      deliveries.adoptUnknown({ phone, messageId, ...window(Date.now()) });
    expect(await adopt('slow-message')).toBeUndefined();
    expect((await deliveries.find('lost', 0))!.state).toBe('unknown');
    await deliveries.settle('slow', 0, 'token-slow', { to: 'accepted', messageId: 'slow-message' });
    expect(await adopt('lost-message')).toMatchObject({ _id: 'lost:0', messageId: 'lost-message' });
  });

  test('settles no send outside the time window, to another number, or with an answer', async () => {
    const phone = '+79260000003';
    await unknownSend('far', phone);
    const adopt = (changes: Partial<{ phone: string; from: Date; to: Date }>): Promise<unknown> =>
      deliveries.adoptUnknown({ phone, messageId: 'm', ...window(Date.now()), ...changes });
    expect(await adopt(window(Date.now() + 60 * MINUTE))).toBeUndefined();
    expect(await adopt(window(Date.now() - 60 * MINUTE))).toBeUndefined();
    expect(await adopt({ phone: '+79260000004' })).toBeUndefined();
    await deliveries.settle('far', 0, 'token-far', { to: 'accepted', messageId: 'mine' });
    expect(await adopt({})).toBeUndefined();
    expect((await deliveries.find('far', 0))!.messageId).toBe('mine');
  });

  test('is adopted by one of many that ask at once', async () => {
    const phone = '+79260000005';
    await unknownSend('race', phone);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        deliveries.adoptUnknown({ phone, messageId: `race-${index}`, ...window(Date.now()) }),
      ),
    );
    const adopted = answers.filter((answer) => answer !== undefined);
    expect(adopted).toHaveLength(1);
    expect((await deliveries.find('race', 0))!.messageId).toBe(adopted[0]!.messageId);
  });
});

function permutations<T>(values: readonly T[]): T[][] {
  if (values.length < 2) return [[...values]];
  return values.flatMap((value, index) =>
    permutations([...values.slice(0, index), ...values.slice(index + 1)]).map((rest) => [value, ...rest]),
  );
}
