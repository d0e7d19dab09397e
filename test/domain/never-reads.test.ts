/** Who has read none of the last messages that reached them. */
import { unreadSince } from '../../domain/never-reads';

const NOW = new Date('2026-11-30T12:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);
/** `r` read, `.` not; by days ago. */
const messages = (...all: [days: number, how: 'r' | '.'][]): { at: Date; read: boolean }[] =>
  all.map(([days, how]) => ({ at: daysAgo(days), read: how === 'r' }));

test.each<[string, ReturnType<typeof messages>, number, number | undefined]>([
  ['nothing has reached them', [], 3, undefined],
  ['fewer than asked for', messages([9, '.'], [5, '.']), 3, undefined],
  ['as many, none read', messages([9, '.'], [5, '.'], [2, '.']), 3, 9],
  ['in any order', messages([2, '.'], [9, '.'], [5, '.']), 3, 9],
  ['the oldest of more was read, none since', messages([20, 'r'], [9, '.'], [5, '.'], [2, '.']), 3, 9],
  ['one of the last was read', messages([9, '.'], [5, 'r'], [2, '.']), 3, undefined],
  ['the last message may still be read', messages([9, '.'], [5, '.'], [0.5, '.']), 3, undefined],
  ['the last message was read at once', messages([9, '.'], [5, '.'], [4, '.'], [0.1, 'r']), 3, undefined],
  ['one is enough', messages([2, '.']), 1, 2],
])('%s', (_what, reached, campaigns, expected) => {
  expect(unreadSince(reached, campaigns, NOW)).toEqual(expected === undefined ? undefined : daysAgo(expected));
});
