/** The model accepts what a run may do to a delivery, in all its orders, and refuses a trace in which a rule is broken. */
import { RULES } from '../../chaos/model/machine';
import { refusals, type Final } from '../../chaos/trace/refusals';
import type { Beginning, Ending, Mark } from '../../chaos/trace/trace';

const ID = 'c:0';

/** Something that is done in one line; its ending, or that it has none. */
type Line = (n: number) => Mark[];
type End = Partial<Ending> | 'never';

const line =
  (begins: Beginning['begins'], about: object[] | undefined, end: End): Line =>
  (n) => {
    const act = `act-${n}`;
    const begin = { at: 2 * n, act, begins, ...(about && { about }) } as Beginning;
    return end === 'never' ? [begin] : [begin, { at: 2 * n + 1, act, ends: 'done', ...end }];
  };

const claim = (token: string, end: End = { changed: 1 }) => line('claim', [{ id: ID, token }], end);
const call = (token: string, end: End) => line('call', [{ id: ID, token }], end);
const taken = (token: string, messageId: string) => call(token, { answer: 'accepted', messageId });
const answer = (token: string, messageId: string, end: End = { changed: 1 }) =>
  line('answer', [{ id: ID, token, messageId }], end);
const back = (token: string, to: string, end: End = { changed: 1 }) => line('put-back', [{ id: ID, token, to }], end);
const fold = (messageId: string, from: string, to: string, receipts = [to], end: End = { changed: 1 }) =>
  line('fold', [{ id: ID, messageId, from, to, receipts }], end);
const wave = (about: object = {}) => line('wave', [{ campaignId: 'c', ...about }], { changed: 1 });
const whole = (what: 'copy' | 'restore' | 'after-restore') => line(what, undefined, {});

const judged = (lines: readonly Line[], final: Partial<Final>): string[] =>
  refusals(lines.flatMap((one, n) => one(n)), [{ _id: ID, state: 'queued', ...final }]); // prettier-ignore

const SENT = [claim('a'), taken('a', 'm'), answer('a', 'm')];

test.each<[string, Line[], Partial<Final>]>([
  ['nothing', [], { state: 'queued' }],
  ['left out from the beginning', [], { state: 'skipped' }],
  ['sent and read', [...SENT, fold('m', 'accepted', 'sent'), fold('m', 'sent', 'read')], { state: 'read', messageId: 'm' }],
  ['told twice', [...SENT, fold('m', 'accepted', 'sent'), fold('m', 'sent', 'sent', ['sent'], { changed: 0 })], { state: 'sent' }],
  ['refused for haste, then sent', [claim('b'), call('b', { answer: 'refused' }), back('b', 'queued'), ...SENT], { state: 'accepted', messageId: 'm' }],
  ['unreachable, then sent', [claim('b'), call('b', { answer: 'unreachable' }), back('b', 'queued'), ...SENT], { state: 'accepted' }],
  ['left out at the last look', [claim('a'), back('a', 'skipped')], { state: 'skipped' }],
  ['killed at the claim', [claim('a', 'never')], { state: 'queued' }],
  ['killed after the claim', [claim('a'), claim('b', { changed: 0 })], { state: 'unknown' }],
  ['killed at the call, settled by a receipt', [claim('a'), call('a', 'never'), fold('m', 'accepted', 'delivered')], { state: 'delivered', messageId: 'm' }],
  ['killed at the answer, which was written', [claim('a'), taken('a', 'm'), answer('a', 'm', 'never')], { state: 'accepted', messageId: 'm' }],
  ['killed at the answer, which was not', [claim('a'), taken('a', 'm'), answer('a', 'm', 'never')], { state: 'unknown' }],
  ['no answer', [claim('a'), call('a', { answer: 'ambiguous' }), back('a', 'unknown')], { state: 'unknown' }],
  ['an answer after others gave it up', [claim('a'), taken('a', 'm'), claim('b', { changed: 0 }), answer('a', 'm')], { state: 'accepted', messageId: 'm' }],
  ['a claim without an answer, taken back', [claim('a', { ends: 'broken' }), back('a', 'queued', { changed: 0 }), claim('b'), taken('b', 'm'), answer('b', 'm')], { state: 'accepted' }],
  ['failed, and sent again in a wave', [claim('z'), taken('z', 'l'), answer('z', 'l'), fold('l', 'accepted', 'failed'), wave({ messageIds: ['l'] }), ...SENT], { state: 'accepted', messageId: 'm' }],
  ['sent after the copy, unknown since', [whole('copy'), ...SENT, whole('restore'), whole('after-restore')], { state: 'unknown' }],
  ['the same, settled by a receipt', [whole('copy'), ...SENT, whole('restore'), whole('after-restore'), fold('m', 'accepted', 'read')], { state: 'read', messageId: 'm' }],
  ['not handed out before the restore, sent after it', [whole('copy'), whole('restore'), whole('after-restore'), ...SENT], { state: 'accepted' }],
])('is accepted: %s', (_what, lines, final) => expect(judged(lines, final)).toEqual([])); // prettier-ignore

test.each<[string, Line[], Partial<Final>, RegExp]>([
  ['a call without a claim', [taken('a', 'm'), answer('a', 'm')], { state: 'accepted' }, /called for without the claim/],
  ['a claim after the call', [taken('a', 'm'), claim('a'), answer('a', 'm')], { state: 'accepted' }, /called for without the claim/],
  ["a call with another's claim", [claim('a'), taken('b', 'm')], { state: 'unknown' }, /called for without the claim/],
  ['a claim of what is claimed', [claim('a'), claim('b')], { state: 'unknown' }, /changed by a claim/],
  ['a claim of what was sent', [...SENT, claim('b')], { state: 'accepted' }, /changed by a claim/],
  ['sent again by a database that lacks the first', [whole('copy'), ...SENT, whole('restore'), claim('b'), taken('b', 'n'), answer('b', 'n')], { state: 'accepted' }, /called for again/],
  ['sent again though a killed process had called', [whole('copy'), claim('a'), call('a', 'never'), whole('restore'), claim('b'), taken('b', 'n')], { state: 'unknown' }, /called for again/],
  ['sent again after an answer that was none', [claim('a'), call('a', { answer: 'ambiguous' }), back('a', 'queued'), claim('b'), taken('b', 'n')], { state: 'unknown' }, /queued after a call that was not refused/],
  ['failed though Gupshup took it', [claim('a'), taken('a', 'm'), back('a', 'failed')], { state: 'failed' }, /failed after a call that was not refused/],
  ['an answer without a call', [claim('a'), answer('a', 'm')], { state: 'accepted' }, /did not give/],
  ['the answer of another message', [claim('a'), taken('a', 'm'), answer('a', 'n')], { state: 'accepted' }, /did not give/],
  ['an answer recorded twice', [...SENT, answer('a', 'm')], { state: 'accepted' }, /changed by a answer|changed by an answer/],
  ['a receipt that moves back', [...SENT, fold('m', 'accepted', 'delivered'), fold('m', 'delivered', 'sent')], { state: 'sent' }, /from delivered to sent/],
  ['a receipt that says something else', [...SENT, fold('m', 'accepted', 'read', ['sent'])], { state: 'read' }, /from accepted to read by receipts of sent/],
  ['a failed one that comes back without a wave', [claim('z'), taken('z', 'l'), answer('z', 'l'), fold('l', 'accepted', 'failed'), ...SENT], { state: 'accepted' }, /changed by a claim/],
  ["a wave of others", [claim('z'), taken('z', 'l'), answer('z', 'l'), fold('l', 'accepted', 'failed'), wave({ ns: [1] }), ...SENT], { state: 'accepted' }, /changed by a claim/],
  ['accepted out of nothing', [], { state: 'accepted', messageId: 'm' }, /is accepted; by its trace: queued, skipped/],
  ['queued, and was sent', SENT, { state: 'queued' }, /is queued; by its trace: accepted/],
  ['the message of another', SENT, { state: 'accepted', messageId: 'n' }, /is accepted; by its trace: accepted/],
  ['a restored one that stays what it was', [...SENT, whole('copy'), fold('m', 'accepted', 'read'), whole('restore'), whole('after-restore')], { state: 'read' }, /is read; by its trace: accepted/],
])('is refused: %s', (_what, lines, final, why) => expect(judged(lines, final)).toEqual([expect.stringMatching(why)])); // prettier-ignore

test('one delivery of a batch is judged by itself, and a batch that changed fewer may have changed any of them', () => {
  const marks = (changed: number): Mark[] => [
    { at: 0, act: 'x', begins: 'claim', about: [{ id: ID, token: 'a' }, { id: 'c:1', token: 'b' }] },
    { at: 1, act: 'x', ends: 'done', changed },
    ...call('a', { answer: 'ambiguous' })(1),
  ]; // prettier-ignore
  const finals: Final[] = [{ _id: ID, state: 'unknown' }, { _id: 'c:1', state: 'queued' }]; // prettier-ignore
  expect(refusals(marks(1), finals)).toEqual([]);
  expect(refusals(marks(2), finals)).toEqual([expect.stringMatching(/^c:1 is queued; by its trace: sending/)]);
});

test("the rules are the model's: what it forbids is refused, and what a broken one allows is not", () => {
  const sentTwiceInAState = [claim('a'), claim('b')].flatMap((one, n) => one(n));
  const finals: Final[] = [{ _id: ID, state: 'unknown' }];
  expect(refusals(sentTwiceInAState, finals)).toHaveLength(1);
  expect(refusals(sentTwiceInAState, finals, { ...RULES, claim: () => true })).toEqual([]);
});
