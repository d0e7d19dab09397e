/** The ledger: claims, settlements, due times, and its balance while deliveries move. */
import { setTimeout as sleep } from 'node:timers/promises';
import { balances, emptyLedger } from '../../domain/story/ledger';
import type { DeliveryDocument } from '../../store/documents';
import type { Settlement } from '../../store/deliveries';
import { accept, freeze, phoneOf, queued, startStore, type TestStore } from './support';

let own: TestStore;
let deliveries: TestStore['store']['deliveries'];
beforeAll(async () => {
  own = await startStore();
  deliveries = own.store.deliveries;
});
afterAll(() => own?.close());

async function stateOf(campaignId: string, n = 0): Promise<DeliveryDocument> {
  const delivery = await deliveries.find(campaignId, n);
  if (!delivery) throw new Error(`no delivery ${campaignId}:${n}`);
  return delivery;
}

describe('a claim on a delivery', () => {
  test('is held by exactly one of many that ask at once', async () => {
    await freeze(own.store, 'one-claim', 3);
    // Two connections: what one process gathers into a batch must not be what keeps claims apart.
    const other = await own.another();
    const tokens = Array.from({ length: 40 }, (_, index) => `t${index}`);
    for (const n of [0, 1, 2]) {
      const answers = await Promise.all(
        tokens.map((token, index) => (index % 2 ? deliveries : other.deliveries).claim('one-claim', n, token)),
      );
      const holders = tokens.filter((token, index) => answers[index]?.token === token);
      expect(holders).toHaveLength(1);
      expect(await stateOf('one-claim', n)).toMatchObject({ state: 'sending', token: holders[0] });
    }
    await other.close();
  });

  test.each<[string, Settlement]>([
    ['accepted', { to: 'accepted', messageId: 'm' }],
    ['failed', { to: 'failed', code: '131026', family: 'contact', detail: 'd' }],
    ['skipped', { to: 'skipped', reason: 'suppressed' }],
    ['unknown', { to: 'unknown', code: 'no_answer', detail: 'd' }],
  ])('of one that is %s is not held and changes nothing', async (state, settlement) => {
    const id = `no-claim-${state}`;
    await freeze(own.store, id, 1);
    await deliveries.claim(id, 0, 'first');
    await deliveries.settle(id, 0, 'first', settlement);
    const before = await stateOf(id);
    expect(before.state).toBe(state);
    const answer = await deliveries.claim(id, 0, 'second');
    expect(answer).toEqual(before);
    expect(answer?.token).not.toBe('second');
    expect(await stateOf(id)).toEqual(before);
  });

  test('of a delivery that does not exist answers with nothing', async () => {
    expect(await deliveries.claim('nobody', 0, 't')).toBeUndefined();
  });

  test('can be taken again once the delivery is back in the queue', async () => {
    await freeze(own.store, 'again', 1);
    await deliveries.claim('again', 0, 'a');
    await deliveries.settle('again', 0, 'a', { to: 'queued', countAttempt: true });
    expect(await stateOf('again')).toMatchObject({ state: 'queued', attempts: 1 });
    expect((await deliveries.claim('again', 0, 'b'))?.token).toBe('b');
    expect(await deliveries.settle('again', 0, 'a', { to: 'accepted', messageId: 'late' })).toBe(false);
    expect(await stateOf('again')).toMatchObject({ state: 'sending', token: 'b' });
  });
});

describe('a claim before its time', () => {
  test('is not given: an attempt that is repeated after its worker died must wait as the first one was told to', async () => {
    await freeze(own.store, 'early', 1);
    await deliveries.claim('early', 0, 'a');
    const dueAt = new Date(Date.now() + 86_400_000);
    await deliveries.settle('early', 0, 'a', { to: 'queued', dueAt, code: '131049', detail: 'd', countAttempt: true });
    const before = await stateOf('early');
    expect(await deliveries.claim('early', 0, 'b')).toEqual(before);
    expect(await stateOf('early')).toEqual(before);
  });

  test('is given once it has come', async () => {
    await freeze(own.store, 'come', 1);
    await deliveries.claim('come', 0, 'a');
    const dueAt = new Date(Date.now() - 1);
    await deliveries.settle('come', 0, 'a', { to: 'queued', dueAt, countAttempt: true });
    expect((await deliveries.claim('come', 0, 'b'))?.token).toBe('b');
  });
});

describe('recording the outcome of a claim', () => {
  test('is for the holder alone', async () => {
    await freeze(own.store, 'holder', 1);
    await deliveries.claim('holder', 0, 'mine');
    expect(await deliveries.settle('holder', 0, 'other', { to: 'accepted', messageId: 'x' })).toBe(false);
    expect(await stateOf('holder')).toMatchObject({ state: 'sending', token: 'mine' });
    expect(await deliveries.settle('holder', 0, 'mine', { to: 'accepted', messageId: 'y' })).toBe(true);
    expect(await stateOf('holder')).toMatchObject({ state: 'accepted', messageId: 'y', attempts: 1 });
  });

  test('repeated by its holder is no harm', async () => {
    await freeze(own.store, 'repeat', 1);
    await deliveries.claim('repeat', 0, 'mine');
    const settlement: Settlement = { to: 'accepted', messageId: 'y' };
    expect(await deliveries.settle('repeat', 0, 'mine', settlement)).toBe(true);
    expect(await deliveries.settle('repeat', 0, 'mine', settlement)).toBe(true);
    expect(await stateOf('repeat')).toMatchObject({ state: 'accepted', attempts: 1 });
  });

  test('of a holder thought dead still counts, and leaves no trace of the doubt', async () => {
    await freeze(own.store, 'zombie', 1);
    await deliveries.claim('zombie', 0, 'slow');
    expect(await deliveries.abandon('zombie', 0, 'slow')).toBe(true);
    expect(await stateOf('zombie')).toMatchObject({ state: 'unknown', code: 'interrupted' });
    expect(await deliveries.abandon('zombie', 0, 'slow')).toBe(false);
    expect(await deliveries.settle('zombie', 0, 'other', { to: 'accepted', messageId: 'x' })).toBe(false);
    expect(await deliveries.settle('zombie', 0, 'slow', { to: 'accepted', messageId: 'late' })).toBe(true);
    const delivery = await stateOf('zombie');
    expect(delivery).toMatchObject({ state: 'accepted', messageId: 'late' });
    expect(Object.keys(delivery).filter((key) => ['code', 'detail', 'token'].includes(key))).toEqual([]);
  });

  test('as accepted forgets why an earlier attempt went back to the queue', async () => {
    await freeze(own.store, 'forget', 1);
    await deliveries.claim('forget', 0, 'a');
    const dueAt = new Date(0);
    await deliveries.settle('forget', 0, 'a', {
      to: 'queued', dueAt, code: 'unreachable', detail: 'ECONNREFUSED', countAttempt: true,
    }); // prettier-ignore
    expect(await stateOf('forget')).toMatchObject({ code: 'unreachable', dueAt });
    await accept(own.store, 'forget', 0, 'm-forget');
    expect(Object.keys(await stateOf('forget')).filter((key) => ['code', 'detail', 'dueAt'].includes(key))).toEqual([]);
  });

  test('of many at once each goes to its own', async () => {
    await freeze(own.store, 'many', 100);
    const numbers = Array.from({ length: 100 }, (_, n) => n);
    await Promise.all(numbers.map((n) => deliveries.claim('many', n, `t${n}`)));
    const settled = await Promise.all(
      numbers.map((n) => deliveries.settle('many', n, n % 10 ? `t${n}` : 'wrong', { to: 'accepted', messageId: `many-${n}` })),
    ); // prettier-ignore
    expect(settled).toEqual(numbers.map((n) => n % 10 !== 0));
    const { ledger } = await deliveries.ledger('many');
    expect(ledger).toEqual({ ...emptyLedger(), total: 100, accepted: 90, sending: 10 });
    expect(await deliveries.inFlight('many')).toHaveLength(10);
    expect((await stateOf('many', 7)).messageId).toBe('many-7');
  });
});

test('an unknown delivery is not due, not claimed and not skipped: it never goes back to the queue by itself', async () => {
  await freeze(own.store, 'stays', 2);
  await deliveries.claim('stays', 0, 't');
  await deliveries.settle('stays', 0, 't', { to: 'unknown', code: 'no_answer', detail: 'd' });
  expect(await deliveries.due('stays', { after: 0, limit: 10, now: new Date('2999-01-01') })).toEqual([1]);
  await deliveries.claim('stays', 0, 'u');
  await deliveries.skipQueued('stays', 'cancelled');
  expect((await stateOf('stays')).state).toBe('unknown');
  expect(await deliveries.ledger('stays')).toMatchObject({
    ledger: { unknown: 1, skipped: 1, queued: 0 },
    skips: { cancelled: 1 },
  });
});

describe('deliveries that are due', () => {
  test('is queued, not waiting for a later time, from the given number on, in order', async () => {
    await freeze(own.store, 'due', 6);
    const now = new Date();
    const later = new Date(now.getTime() + 60_000);
    const postpone = async (n: number, dueAt: Date): Promise<void> => {
      await deliveries.claim('due', n, `t${n}`);
      await deliveries.settle('due', n, `t${n}`, { to: 'queued', dueAt, countAttempt: true });
    };
    await postpone(1, later);
    await postpone(3, now);
    await accept(own.store, 'due', 4, 'm-due');
    expect(await deliveries.due('due', { after: 0, limit: 10, now })).toEqual([0, 2, 3, 5]);
    expect(await deliveries.due('due', { after: 2, limit: 2, now })).toEqual([2, 3]);
    expect(await deliveries.due('due', { after: 0, limit: 10, now: later })).toEqual([0, 1, 2, 3, 5]);
  });

  test('next: at once while one waits for nothing, then the earliest due time, then none', async () => {
    await freeze(own.store, 'next', 3);
    expect((await deliveries.nextDue('next'))?.getTime()).toBe(0);
    const times = [50_000, 20_000].map((ms) => new Date(Date.now() + ms));
    for (const [n, dueAt] of times.entries()) {
      await deliveries.claim('next', n, 't');
      await deliveries.settle('next', n, 't', { to: 'queued', dueAt, countAttempt: true });
    }
    await accept(own.store, 'next', 2, 'm-next');
    expect(await deliveries.nextDue('next')).toEqual(times[1]);
    await deliveries.skipQueued('next', 'cancelled');
    expect(await deliveries.nextDue('next')).toBeUndefined();
  });
});

describe('freezing an audience', () => {
  test('takes a phone once a campaign, and leaves people without one alone', async () => {
    await deliveries.freeze('unique', [queued(0), queued(1, { state: 'skipped', phone: undefined as never })]);
    await deliveries.freeze('unique', [{ n: 2, state: 'skipped', origin: '3', params: [], skipReason: 'no_phone' }]);
    await expect(deliveries.freeze('unique', [queued(3, { phone: phoneOf(0) })])).rejects.toThrow(
      'unique:3: their numbers are in the campaign already',
    );
    await expect(deliveries.freeze('unique', [queued(0, { phone: phoneOf(9) })])).rejects.toMatchObject({
      code: 11000,
    });
    // Another campaign may send to the same number.
    await deliveries.freeze('unique-2', [queued(0)]);
    expect((await deliveries.ledger('unique')).ledger.total).toBe(3);
  });

  test('clearing touches only its own campaign, whatever the ids look like', async () => {
    for (const id of ['c1', 'c10', 'c']) await freeze(own.store, id, 2);
    await deliveries.clear('c1');
    const totals = await Promise.all(['c', 'c1', 'c10'].map(async (id) => (await deliveries.ledger(id)).ledger.total));
    expect(totals).toEqual([2, 0, 2]);
  });
});

test('clearing leaves what was claimed since: an attempt at freezing that slept must not make it queued again', async () => {
  await freeze(own.store, 'claimed', 3);
  await deliveries.claim('claimed', 0, 't');
  await accept(own.store, 'claimed', 1, 'm-claimed');
  await deliveries.clear('claimed');
  expect((await deliveries.ledger('claimed')).ledger).toMatchObject({ total: 2, sending: 1, accepted: 1 });
});

test('the ledger counts each delivery once, with its reason', async () => {
  await deliveries.freeze('reasons', [
    queued(0), queued(1), queued(2), queued(3),
    queued(4, { state: 'skipped', skipReason: 'opted_out' }),
    { n: 5, state: 'skipped', origin: '6', params: [], skipReason: 'no_phone' },
    { n: 6, state: 'skipped', origin: '7', params: [], skipReason: 'no_phone' },
  ]); // prettier-ignore
  for (const [n, code] of [[0, '131026'], [1, '131026'], [2, '500']] as const) {
    await deliveries.claim('reasons', n, 't');
    await deliveries.settle('reasons', n, 't', { to: 'failed', code, family: 'contact', detail: 'd' });
  } // prettier-ignore
  expect(await deliveries.ledger('reasons')).toEqual({
    ledger: { ...emptyLedger(), total: 7, queued: 1, failed: 3, skipped: 3 },
    failures: { '131026': 2, '500': 1 },
    skips: { opted_out: 1, no_phone: 2 },
  });
});

test('the ledger balances at every look while deliveries move', async () => {
  const count = 120;
  await freeze(own.store, 'moving', count);
  let moving = true;
  const step = async (n: number): Promise<void> => {
    await deliveries.claim('moving', n, 't');
    if (n % 7 === 0) return;
    if (n % 5 === 0) {
      await deliveries.settle('moving', n, 't', { to: 'queued', countAttempt: true });
      await deliveries.claim('moving', n, 't');
    }
    await deliveries.settle('moving', n, 't', { to: 'accepted', messageId: `moving-${n}` });
  };
  const move = async (): Promise<void> => {
    for (let start = 0; start < count; start += 30) {
      const numbers = Array.from({ length: 30 }, (_, index) => start + index);
      await Promise.all(numbers.map(step));
      for (const kind of ['sent', 'delivered', 'read'] as const)
        await deliveries.applyReceipts(numbers.map((n) => ({ kind, messageId: `moving-${n}`, at: new Date() })));
    }
    moving = false;
  };
  const moved = move();
  const seen = new Set<string>();
  while (moving) {
    const { ledger } = await deliveries.ledger('moving');
    if (ledger.total !== count || !balances(ledger)) throw new Error(`does not balance: ${JSON.stringify(ledger)}`);
    seen.add(JSON.stringify(ledger));
    // Looked at often, and yet not so often that nothing moves.
    await sleep(10);
  }
  await moved;
  // It was looked at while it moved, not only before and after.
  expect(seen.size).toBeGreaterThan(3);
  const { ledger } = await deliveries.ledger('moving');
  expect(ledger).toEqual({ ...emptyLedger(), total: count, sending: Math.ceil(count / 7), read: count - Math.ceil(count / 7) });
}); // prettier-ignore

test('streams the deliveries in order of their number, of the wanted states', async () => {
  await freeze(own.store, 'stream', 12);
  await accept(own.store, 'stream', 11, 'm-stream-11');
  await accept(own.store, 'stream', 2, 'm-stream-2');
  const all = await deliveries.stream('stream').toArray();
  expect(all.map(({ n }) => n)).toEqual(Array.from({ length: 12 }, (_, n) => n));
  const accepted = await deliveries.stream('stream', { states: ['accepted'] }).toArray();
  expect(accepted.map(({ n }) => n)).toEqual([2, 11]);
});

test('clearing a long audience goes on part by part, and stops where it is told to', async () => {
  await freeze(own.store, 'long', 2500);
  let parts = 0;
  const stop = (): void => {
    if (++parts === 2) throw new Error('another attempt');
  };
  await expect(deliveries.clear('long', stop)).rejects.toThrow('another attempt');
  expect((await deliveries.ledger('long')).ledger.total).toBe(500);
  await deliveries.clear('long');
  expect((await deliveries.ledger('long')).ledger.total).toBe(0);
  // Nor are their numbers in the campaign any more.
  await freeze(own.store, 'long', 2500);
  expect((await deliveries.ledger('long')).ledger.total).toBe(2500);
});
