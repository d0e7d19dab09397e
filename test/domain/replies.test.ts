/** Who hears of a reply, and until when it may be answered freely. */
import { hearersOf, isWindowOpen } from '../../domain/replies';

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
