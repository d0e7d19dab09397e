/** Each special phone ending makes its outcome happen, and ordinary phones get ordinary receipts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENDINGS } from '../../sandbox/gupshup/endings';
import type { Sandbox } from '../../sandbox/main';
import { call, send, startReceiver, startSandbox, subscribe, until, type Receiver } from './sandbox-support';

let sandbox: Sandbox;
let receiver: Receiver;

beforeAll(async () => {
  sandbox = await startSandbox({ speed: 100 });
  receiver = await startReceiver();
  // Only the phones' endings decide here: chance is switched off.
  const settings = { sendsPerSecond: 1000, duplicateShare: 0, disorderShare: 0, readShare: 1 };
  await call(`${sandbox.url}/sandbox/gupshup/settings`, 'PUT', settings);
  await subscribe(sandbox, receiver.url);
});
afterAll(async () => {
  await sandbox.close();
  await receiver.close();
});

const to = (ending: string): string => `79160000${ending}`;

/** All message events for a phone so far, in order of arrival. */
const eventsTo = (phone: string) =>
  receiver.bodies
    .filter(({ type, payload }) => type === 'message-event' && (payload.destination === phone || payload.to === phone))
    .map(({ payload }) => payload);
const kindsTo = (phone: string): string[] => eventsTo(phone).map(({ type }) => type);

const acceptedTo = async (phone: string) => {
  const { body } = await call(`${sandbox.url}/sandbox/gupshup/messages`);
  return body.filter(({ destination }: { destination: string }) => destination === phone);
};

test('every ending has three digits from 9, an own kind, and stands in the guide', async () => {
  expect(new Set(ENDINGS.map(({ ending }) => ending)).size).toBe(ENDINGS.length);
  expect(new Set(ENDINGS.map(({ kind }) => kind)).size).toBe(ENDINGS.length);
  const guide = readFileSync(join(__dirname, '../../docs/sandbox.md'), 'utf8');
  for (const { ending, kind } of ENDINGS) {
    expect(ending).toMatch(/^9\d\d$/);
    expect(guide).toMatch(new RegExp(`\\| ${ending} +\\| ${kind} +\\|`));
  }
  expect((await call(`${sandbox.url}/sandbox/gupshup/endings`)).body).toHaveLength(ENDINGS.length);
});

test('an ordinary phone: enqueued, sent, delivered, read, in this order', async () => {
  await send(sandbox, '79160000123');
  await until('all four', () => kindsTo('79160000123').length === 4);
  // As they happened: on the way the later may overtake the earlier.
  const happened = receiver.bodies
    .filter(
      ({ type, payload }) => type === 'message-event' && [payload.destination, payload.to].includes('79160000123'),
    )
    .toSorted((a, b) => a.timestamp - b.timestamp);
  expect(happened.map(({ payload }) => payload.type)).toEqual(['enqueued', 'sent', 'delivered', 'read']);
});

describe('before acceptance: nothing is sent', () => {
  test.each([
    ['900', 400, { status: 'error', message: 'Invalid Destination' }],
    ['902', 500, 'internal server error'],
    ['907', 202, { status: 'error', message: 'Success' }],
    ['908', 400, { status: 'error', code: 131049, message: 'frequency capped' }],
  ])('%s answers %d', async (ending, status, body) => {
    expect(await send(sandbox, to(ending))).toMatchObject({ status, body });
    expect(await acceptedTo(to(ending))).toEqual([]);
  });

  test.each([
    ['901', 429],
    ['903', 503],
    ['924', 401],
  ])('%s answers %d, and takes the second try', async (ending, status) => {
    expect((await send(sandbox, to(ending))).status).toBe(status);
    expect(await acceptedTo(to(ending))).toEqual([]);
    expect((await send(sandbox, to(ending))).status).toBe(202);
    await until('sent', () => kindsTo(to(ending)).includes('sent'));
  });

  test('904 cuts the connection', async () => {
    await expect(send(sandbox, to('904'))).rejects.toThrow('fetch failed');
    expect(await acceptedTo(to('904'))).toEqual([]);
  });
});

describe('after acceptance: the message goes out', () => {
  test('905 gives no answer, the receipts come all the same', async () => {
    const answer = send(sandbox, to('905')).then(
      () => 'answered',
      () => 'cut',
    );
    await until('delivered', () => kindsTo(to('905')).includes('delivered'));
    expect(await Promise.race([answer, Promise.resolve('waiting')])).toBe('waiting');
    expect(await acceptedTo(to('905'))).toHaveLength(1);
  });

  test('906 takes three seconds to answer', async () => {
    const before = Date.now();
    expect((await send(sandbox, to('906'))).status).toBe(202);
    expect(Date.now() - before).toBeGreaterThanOrEqual(2_900);
  });

  test('909 cuts the connection, the receipts come all the same', async () => {
    await expect(send(sandbox, to('909'))).rejects.toThrow('fetch failed');
    await until('delivered', () => kindsTo(to('909')).includes('delivered'));
    expect(await acceptedTo(to('909'))).toHaveLength(1);
  });

  test('916 sends the receipt before the answer', async () => {
    await send(sandbox, to('916'));
    expect(kindsTo(to('916'))).toContain('sent');
    await until('read', () => kindsTo(to('916')).includes('read'));
    expect(kindsTo(to('916')).filter((kind) => kind === 'sent')).toHaveLength(1);
  });
});

describe('receipts that the sandbox sends', () => {
  const kindsOnceSettled = async (ending: string, last: string): Promise<string[]> => {
    const { body } = await send(sandbox, to(ending));
    await until(last, async () => {
      const { body: messages } = await call(`${sandbox.url}/sandbox/gupshup/messages`);
      const state = messages.find(({ messageId }: { messageId: string }) => messageId === body.messageId).state;
      return state === last && (kindsTo(to(ending)).includes(last) || last === 'accepted');
    });
    return kindsTo(to(ending));
  };

  test('910 never gets any; a message sent after it is long delivered', async () => {
    await send(sandbox, to('910'));
    await kindsOnceSettled('923', 'read');
    expect(kindsTo(to('910'))).toEqual([]);
    expect(await acceptedTo(to('910'))).toMatchObject([{ state: 'accepted' }]);
  });

  test('911 stays sent, 922 stays delivered', async () => {
    await kindsOnceSettled('911', 'sent');
    await kindsOnceSettled('922', 'delivered');
    await send(sandbox, '79160000124');
    await until('read of a later message', () => kindsTo('79160000124').includes('read'));
    expect(kindsTo(to('911'))).toEqual(['enqueued', 'sent']);
    expect(kindsTo(to('922'))).toEqual(['enqueued', 'sent', 'delivered']);
  });

  test('912 is read without delivered', async () => {
    expect(await kindsOnceSettled('912', 'read')).toEqual(['enqueued', 'sent', 'read']);
  });

  test('913 fails after delivered; the message stays delivered', async () => {
    await send(sandbox, to('913'));
    await until('failed', () => kindsTo(to('913')).includes('failed'));
    expect(kindsTo(to('913'))).toEqual(['enqueued', 'sent', 'delivered', 'failed']);
    expect(await acceptedTo(to('913'))).toMatchObject([{ state: 'delivered' }]);
  });

  test('914 gets each receipt twice, word for word', async () => {
    await send(sandbox, to('914'));
    await until('two reads', () => kindsTo(to('914')).filter((kind) => kind === 'read').length === 2);
    const kinds = kindsTo(to('914')).sort();
    expect(kinds).toEqual(['delivered', 'delivered', 'enqueued', 'enqueued', 'read', 'read', 'sent', 'sent']);
    const [first, second] = eventsTo(to('914')).filter(({ type }) => type === 'delivered');
    expect(second).toEqual(first);
  });

  test('915 gets read, delivered, sent', async () => {
    await send(sandbox, to('915'));
    await until('sent', () => kindsTo(to('915')).includes('sent'));
    expect(kindsTo(to('915')).filter((kind) => kind !== 'enqueued')).toEqual(['read', 'delivered', 'sent']);
    expect(await acceptedTo(to('915'))).toMatchObject([{ state: 'read' }]);
  });

  test('917 names the message only in enqueued, then by its WhatsApp id', async () => {
    await kindsOnceSettled('917', 'read');
    const [enqueued, ...others] = eventsTo(to('917'));
    const [message] = await acceptedTo(to('917'));
    expect(enqueued).toMatchObject({ id: message.messageId });
    expect(others).toHaveLength(3);
    for (const other of others) {
      expect(other).not.toHaveProperty('gsId');
      expect(other.id).toBe(enqueued.payload.whatsappMessageId);
    }
  });

  test('918 names another destination, told by a mismatch event', async () => {
    const { body } = await send(sandbox, to('918'));
    const sent = await until('sent', () =>
      receiver.bodies.find(({ payload }) => payload.type === 'sent' && payload.gsId === body.messageId),
    );
    expect(sent.payload.destination).toBe('7916000918');
    const mismatch = await until('mismatch', () => receiver.bodies.find(({ payload }) => payload.type === 'mismatch'));
    expect(mismatch.payload).toMatchObject({ payload: { wa_id: '7916000918', phone: to('918') } });
    expect(mismatch.payload).not.toHaveProperty('id');
    expect(mismatch.payload).not.toHaveProperty('gsId');
  });

  test('919 has times as text', async () => {
    await kindsOnceSettled('919', 'read');
    const delivered = eventsTo(to('919')).find(({ type }) => type === 'delivered');
    expect(delivered.payload).toEqual({ ts: expect.stringMatching(/^\d{10}$/) });
  });

  test('920 fails without a code', async () => {
    await kindsOnceSettled('920', 'failed');
    expect(eventsTo(to('920')).find(({ type }) => type === 'failed').payload).not.toHaveProperty('code');
  });

  test('921 comes a minute late', async () => {
    await send(sandbox, to('921'));
    const [message] = await acceptedTo(to('921'));
    await until('sent', () => kindsTo(to('921')).includes('sent'));
    // A minute at speed 100.
    expect(Date.now() - message.acceptedAt).toBeGreaterThanOrEqual(600);
  });
});

const FAILURES = ENDINGS.filter(({ code, withoutCode }) => code !== undefined && !withoutCode);

describe('failures by the ending of the number', () => {
  test.each(FAILURES.map((row) => [row.ending, row.code, row] as const))(
    '%s fails with %d',
    async (ending, code, row) => {
      const { body } = await send(sandbox, to(ending));
      const { payload } = await until('failed', () =>
        receiver.bodies.find((one) => one.payload.type === 'failed' && one.payload.destination === to(ending)),
      );
      expect(payload.payload).toEqual({ code, reason: expect.any(String) });
      // Gupshup's own failures carry the messageId as id; WhatsApp's as gsId.
      if (row.sync) {
        expect(payload.id).toBe(body.messageId);
        expect(payload).not.toHaveProperty('gsId');
      } else {
        expect(payload.gsId).toBe(body.messageId);
        expect(payload.id).not.toBe(body.messageId);
      }
      if (row.onceThenOk) {
        const again = await send(sandbox, to(ending));
        await until('delivered', () =>
          receiver.bodies.some(({ payload: one }) => one.type === 'delivered' && one.gsId === again.body.messageId),
        );
      }
    },
  );
});

test('a forced fault holds for the next sends, whatever the phone', async () => {
  const faults = `${sandbox.url}/sandbox/gupshup/faults`;
  expect((await call(faults, 'POST', { kind: 'nonsense' })).status).toBe(400);
  await call(faults, 'POST', { kind: 'code-131048', count: 2 });
  await call(faults, 'POST', { kind: 'too-many-requests', count: 1 });
  const phones = ['79160000301', '79160000302', '79160000303', '79160000304'];
  const statuses: number[] = [];
  for (const phone of phones) statuses.push((await send(sandbox, phone)).status);
  expect(statuses).toEqual([202, 202, 429, 202]);
  await until('delivered', () => kindsTo(phones[3]!).includes('delivered'));
  const summary = (await call(`${sandbox.url}/sandbox/gupshup/summary`)).body;
  expect(summary.codes).toMatchObject({ 131048: 3 });
  expect((await call(faults)).body).toEqual([]);
});
