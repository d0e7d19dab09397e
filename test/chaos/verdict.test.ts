/** A chaos run's verdict can fail: a send without an answer needs a reason of its own time, and nobody is forgotten. */
import { leftOutFindings } from '../../chaos/chaos-campaigns';
import { withoutMessage } from '../../chaos/judge';
import type { Deed } from '../../chaos/troubles';
import { isExplained, mayLackReceipts } from '../../chaos/unknown';
import type { DeliveryDocument } from '../../store/documents';

const AT = 1_800_000_000_000;
const SECOND = 1_000;
const delivery = (changes: Partial<DeliveryDocument>): DeliveryDocument => ({
  ...{ _id: 'c:0', campaignId: 'c', n: 0, origin: '2', params: [], attempts: 1, state: 'unknown' },
  ...changes,
});
const interrupted = (claimedAt: number): DeliveryDocument =>
  delivery({ code: 'interrupted', claimedAt: new Date(claimedAt) });
const deed = (trouble: Deed['trouble'], from: number, to: number): Deed => ({ trouble, from, to }) as Deed;
const killed = deed({ kind: 'kill', target: 'worker' }, AT, AT + SECOND);
/** The clock of the roles is half a minute ahead for five seconds, from so long after the kill. */
const ahead = (after: number): Deed =>
  deed({ kind: 'clock', byMs: 30 * SECOND, ms: 5 * SECOND }, AT + after, AT + after + 5 * SECOND);

test.each([
  ['at the kill', AT, [killed], true],
  ['half a minute after it', AT + 30 * SECOND, [killed], false],
  ['the same, by a clock that was as much ahead then', AT + 30 * SECOND, [killed, ahead(0)], true],
  ['the same, by a clock that was ahead at another time', AT + 30 * SECOND, [killed, ahead(300 * SECOND)], false],
])('a send cut off %s', (_when, claimedAt, deeds, explained) => {
  expect(isExplained(interrupted(claimedAt), deeds)).toBe(explained);
});

test.each([
  [0, true],
  [300 * SECOND, false],
])(
  'of a claim noted after a restore, a clock that was ahead %d ms after the kill tells whether it was before',
  (after, lacks) => {
    const restored = deed({ kind: 'restore', messages: 50, told: true }, AT, AT + 10 * SECOND);
    expect(mayLackReceipts(interrupted(AT + 31 * SECOND), [restored, ahead(after)])).toBe(lacks);
  },
);

test('whoever is not skipped, failed or unknown has a message of their own, whatever others were sent', () => {
  const phone = '+79261000001';
  const lost = (['queued', 'sending', 'accepted', 'sent', 'delivered', 'read'] as const).map((state) =>
    delivery({ state, phone }),
  );
  const others = (['skipped', 'failed', 'unknown'] as const).map((state) => delivery({ state, phone }));
  const sentToOthers = new Map([['79271000001', 'm1']]);
  expect(withoutMessage([...lost, ...others], sentToOthers)).toEqual(lost);
  expect(withoutMessage(lost, new Map([[phone.slice(1), 'm2']]))).toEqual([]);
  expect(withoutMessage([delivery({ state: 'accepted' })], sentToOthers)).toHaveLength(1);
});

test('a rule by country that forgets one person is found', () => {
  const of = (detail: string, count: number): DeliveryDocument[] =>
    Array.from({ length: count }, () => delivery({ state: 'skipped', skipReason: 'country_rule', detail }));
  const left = [...of('KZ', 7), ...of('BY', 1)];
  expect(leftOutFindings(left, 440)).toMatchObject([{ ok: true }]);
  expect(leftOutFindings(left.slice(1), 440)).toMatchObject([{ ok: false }]);
  expect(leftOutFindings(left.slice(0, 7), 440)).toMatchObject([{ ok: false }]);
});
