/** Rhythms of recurring campaigns. */
import fc from 'fast-check';
import { cronOf, isCron, rhythmOf, type Rhythm } from '../../../domain/times/cron';

test.each([
  ['0 10 * * 2', true],
  ['30 9,18 1-5 * MON-FRI', true],
  ['0 */2 * * *', true],
  ['* 10 * * *', false],
  ['*/5 10 * * *', false],
  ['0 10 * *', false],
  ['0 10 * * 2 2027', false],
  ['@daily', false],
  ['every tuesday at ten', false],
  ['', false],
])('a cron rhythm %j is taken: %s', (cron, taken) => expect(isCron(cron)).toBe(taken));

test('what the bot offers goes to cron and back', () => {
  const rhythm: fc.Arbitrary<Rhythm> = fc.oneof(
    fc.constantFrom({ every: 'day' as const }, { every: 'workday' as const }),
    fc.record({ every: fc.constant('week' as const), day: fc.integer({ min: 1, max: 7 }) }),
    fc.record({ every: fc.constant('month' as const), day: fc.integer({ min: 1, max: 28 }) }),
  );
  const two = (value: number): string => String(value).padStart(2, '0');
  fc.assert(
    fc.property(rhythm, fc.integer({ min: 0, max: 1439 }), (rhythm, minutes) => {
      const clock = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
      const cron = cronOf(rhythm, clock);
      expect(isCron(cron)).toBe(true);
      expect(rhythmOf(cron)).toEqual({ rhythm, clock });
    }),
  );
  expect(cronOf({ every: 'week', day: 7 }, '10:05')).toBe('5 10 * * 0');
  expect(rhythmOf('0 9,18 * * *')).toBeUndefined();
});
