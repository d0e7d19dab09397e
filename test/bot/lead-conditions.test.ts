/** Days as people type them, and conditions that take each other's place. */
import { DateTime } from 'luxon';
import { labelled, narrowed, readDays } from '../../bot/conversation/lead-conditions';

const NOW = DateTime.fromISO('2026-01-15T12:00', { zone: 'Europe/Moscow' });

test.each([
  ['01.01', { from: '2026-01-01' }],
  ['20.12', { from: '2025-12-20' }],
  ['20.12-05.01', { from: '2025-12-20', to: '2026-01-05' }],
  [' 01.11.2025 – 15.11.2025 ', { from: '2025-11-01', to: '2025-11-15' }],
  ['05.01-01.01', undefined],
  ['31.02', undefined],
  ['1.1-2.1-3.1', undefined],
  ['вчера', undefined],
  ['', undefined],
])('the days «%s» are read as %j', (typed, days) => {
  expect(readDays(typed, NOW)).toEqual(days);
});

test('the same condition again takes the place of the former, with all of it', () => {
  const first = narrowed(undefined, 'created', { createdFrom: '2026-01-01', createdTo: '2026-01-05' }, 'A');
  const second = narrowed(narrowed(first, 'field', { field: { id: 1, value: 'x' } }, 'F'), 'created', { createdFrom: '2026-01-10' }, 'B'); // prettier-ignore
  expect(second.filter).toEqual({ createdFrom: '2026-01-10', field: { id: 1, value: 'x' } });
  expect(labelled('Sales', second)).toBe('Sales, B, F');
  expect(labelled('Sales', undefined)).toBe('Sales');
});
