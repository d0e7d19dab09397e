/** A change in the journal as one line, as the console shows it. */
import { changeText } from '../../report/change';

const step = { afterMs: 2 * 86_400_000, to: 'not_replied', template: 'welcome' };

test.each([
  [{ state: 'running' }, { state: 'paused' }, 'state: running → paused'],
  [{ startsAt: null }, { startsAt: '2026-01-15T09:00:00Z' }, 'startsAt: – → 2026-01-15T09:00:00Z'],
  [
    { 'step 2': step },
    { 'step 2': { ...step, afterMs: 36 * 3_600_000, editedAt: '2026-01-15T09:00:00Z' } },
    'step 2: after 2 days not_replied: welcome → after 36\u00a0h not_replied: welcome',
  ],
  // Only its words are other ones; and what an earlier version kept.
  [{ 'step 1': step }, { 'step 1': { ...step, editedAt: '2026-01-15T09:00:00Z' } }, 'step 1: after 2 days not_replied: welcome'], // prettier-ignore
  [{ 'step 1': '5 min not_read a' }, { 'step 1': '9 min not_read a' }, 'step 1: 5 min not_read a → 9 min not_read a'],
])('%j, then %j', (before, after, expected) => {
  expect(changeText({ action: 'changed', before, after })).toBe(expected);
});
