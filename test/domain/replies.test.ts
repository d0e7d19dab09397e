/** Who hears of a reply, and until when it may be answered freely. */
import { hearersOf, isWindowOpen, repliesSummary } from '../../domain/replies';

const ANNA = { id: 1, crmUserId: 501 };
const BORIS = { id: 2, crmUserId: 502 };
const CLARA = { id: 3 };
const DAN = { id: 4, crmUserId: 501 };

test.each<[string, Parameters<typeof hearersOf>[0], number[]]>([
  ['nobody asked for it', { team: [ANNA, CLARA] }, []],
  ['the responsible one', { responsibleUserId: 501, team: [ANNA, BORIS] }, [1]],
  ['two people share a user of the CRM', { responsibleUserId: 501, team: [ANNA, BORIS, DAN] }, [1, 4]],
  ['the responsible one goes before those of the campaign', { responsibleUserId: 502, repliesTo: [3], team: [ANNA, BORIS, CLARA] }, [2]],
  ['nobody on the team is responsible', { responsibleUserId: 999, repliesTo: [3], team: [ANNA, CLARA] }, [3]],
  ['the lead has nobody, and a person without a user is not theirs', { repliesTo: [1], team: [ANNA, CLARA] }, [1]],
  ['no lead', { responsibleUserId: undefined, repliesTo: [1, 3], team: [ANNA, CLARA] }, [1, 3]],
  ['those who have left the team hear nothing', { responsibleUserId: 501, repliesTo: [2, 9], team: [CLARA, BORIS] }, [2]],
])('hears of a reply: %s', (_what, given, expected) => {
  expect(hearersOf(given)).toEqual(expected);
}); // prettier-ignore

const HOUR = 3_600_000;
test.each<[number | undefined, boolean]>([
  [undefined, false],
  [0, true],
  [-HOUR, true],
  [23.99 * HOUR, true],
  [24 * HOUR, false],
  [100 * HOUR, false],
])('the window of a message written %s ms ago is open: %s', (agoMs, expected) => {
  const now = new Date('2026-11-30T12:00:00Z');
  expect(isWindowOpen(agoMs === undefined ? undefined : new Date(now.getTime() - agoMs), now)).toBe(expected);
});

test('what became of replies: by people, the first answer from their first message on, its median', () => {
  const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 15, 9, minute));
  const answered = (minute: number, state = 'accepted') => [{ at: at(minute), state }];
  expect(repliesSummary([])).toEqual({ people: 0, answered: 0, open: 0 });
  expect(
    repliesSummary([
      // One person in two spellings: waits since minute 0, answered at minute 10, and something is open.
      { phone: '+5511987654321', at: at(0), answers: answered(10) },
      { phone: '+551187654321', at: at(5), open: true },
      // The clock of the phone is ahead: what counts is when it came to us.
      { phone: '+79160000002', at: at(50), receivedAt: at(1), answers: [...answered(3, 'refused'), ...answered(4)] },
      { phone: '+79160000003', at: at(0), open: true },
    ]),
  ).toEqual({ people: 3, answered: 2, open: 2, medianSeconds: (600 + 180) / 2 });
});
