/** When a sender that stands aside sends again by itself. */
import { translate } from '../../config/i18n';
import { POLICIES } from '../../domain/error-policy';
import { hasPassed, waitsFor, type AsideFacts } from '../../domain/standing-aside';
import { trouble, TROUBLES, type Trouble } from '../../domain/story/trouble';

const code = (value: string): Trouble => ({ code: value, detail: '' });
const paused = trouble('template_event', { template: 'x', status: 'PAUSED' });
const account = trouble('account_event', { event: 'status DISABLE' });
const missing = trouble('sender_missing', { sender: 'x' });
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const now = new Date('2026-11-30T12:00:00Z');

test.each<[what: string, Trouble, AsideFacts, forMs: number, times: number, boolean]>([
  ['a template that is reported approved again, at once', paused, { approved: true }, 0, 1, true],
  ['a template that is still paused', paused, { approved: false }, HOUR, 1, false],
  ['a template, whatever was said of its sender', paused, { mended: true }, HOUR, 1, false],
  ['refused at a send: the list may be older', code('132015'), { approved: true }, MINUTE, 1, false],
  ['refused at a send, minutes later', code('132015'), { approved: true }, 2 * MINUTE, 1, true],
  ['the second time twice as late', code('132015'), { approved: true }, 3 * MINUTE, 2, false],
  ['a report that did not hold, likewise', paused, { approved: true }, 3 * MINUTE, 2, false],
  ['many times: at most hours', code('132015'), { approved: true }, 6 * HOUR, 30, true],
  ['rejected, and then approved', trouble('template_event', { template: 'x', status: 'REJECTED' }), { approved: true }, 0, 1, true],
  ['other words: never', trouble('template_changed', { template: 'x' }), { approved: true, balance: 1 }, 100 * HOUR, 1, false],
  ['money in the wallet', code('1003'), { balance: 3 }, 2 * MINUTE, 1, true],
  ['none', code('1003'), { balance: 0 }, 2 * MINUTE, 1, false],
  ['nobody knows how much', code('1003'), {}, 2 * MINUTE, 1, false],
  ['reinstated', account, { reinstated: true }, 0, 1, true],
  ['not reinstated', account, { reinstated: false }, HOUR, 1, false],
  ['somebody resumed another campaign of it', account, { mended: true }, 0, 1, true],
  ['a worker has it', missing, { hasWorker: true }, 0, 1, true],
  ['none has it, whatever was said of it', missing, { hasWorker: false, mended: true }, HOUR, 1, false],
  ['held back by WhatsApp, the same day', code('131048'), {}, 23 * HOUR, 1, false],
  ['a day later', code('131048'), {}, 24 * HOUR, 1, true],
  ['the key is not accepted', code('http_401'), { approved: true, balance: 9, reinstated: true }, 100 * HOUR, 1, false],
  ['the key: somebody says it is right', code('http_401'), { mended: true }, 2 * MINUTE, 1, true],
  ['rated red', trouble('template_quality', { template: 'x' }), { approved: true }, 100 * HOUR, 1, false],
  ['flagged', trouble('number_flagged', { sender: 'x' }), { reinstated: true }, 100 * HOUR, 1, false],
])('%s', (_, reason, facts, forMs, times, passed) => {
  expect(hasPassed(reason, { since: new Date(now.getTime() - forMs), times, now, facts })).toBe(passed);
}); // prettier-ignore

test('what each waits for has its words in both languages', () => {
  const codes = [...Object.keys(TROUBLES), ...POLICIES.flatMap(([rows]) => rows.flat().map(String)), 'http_403', '??'];
  for (const kind of new Set(codes.map((one) => waitsFor(code(one))))) {
    const key = `words.waitsFor.${kind}`;
    for (const language of ['en', 'ru'] as const) expect(translate(language, key)).not.toBe(key);
  }
});
