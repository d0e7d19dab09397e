/** Which columns tell of a consent, by their names, and when somebody agreed, by tables. */
import { consentColumns, consentTime } from '../../audience/consent-columns';
import type { Cell } from '../../domain/reading/cell';

test.each<[columns: string[], found: object]>([
  [['phone', 'consent_at', 'consent_source', 'consent_document', 'consent_version'], { at: 'consent_at', source: 'consent_source', document: 'consent_document', version: 'consent_version' }],
  [['Телефон', 'Дата согласия', 'Источник согласия', 'Документ согласия', 'Версия согласия'], { at: 'Дата согласия', source: 'Источник согласия', document: 'Документ согласия', version: 'Версия согласия' }],
  [['optInDate', 'Opt-in source', 'opt_in_page'], { at: 'optInDate', source: 'Opt-in source' }],
  [['Согласие: когда получено', 'Согласие: откуда', 'Хеш текста согласия'], { at: 'Согласие: когда получено', source: 'Согласие: откуда', version: 'Хеш текста согласия' }],
  [['Дата рождения', 'Источник', 'Документ', 'source', 'Согласен'], {}],
  [['consent'], {}],
])('%j: %j', (columns, found) => {
  expect(consentColumns(columns)).toEqual(found);
}); // prettier-ignore

const NOW = new Date('2026-11-30T12:00:00Z');
test.each<[cell: Cell, at: string | undefined]>([
  ['2026-03-01', '2026-02-28T21:00:00.000Z'],
  ['01.03.2026', '2026-02-28T21:00:00.000Z'],
  ['2026-03-01 14:35', '2026-03-01T11:35:00.000Z'],
  ['01.03.2026 14:35', '2026-03-01T11:35:00.000Z'],
  ['2026-03-01T14:35:00+05:00', '2026-03-01T09:35:00.000Z'],
  ['1772323200', '2026-03-01T00:00:00.000Z'],
  // In two ways, no date, and to come.
  ['03/04/2026', undefined],
  ['да', undefined],
  ['', undefined],
  ['2027-01-01', undefined],
])('%j was %s in Moscow', (cell, at) => {
  expect(consentTime(cell, 'Europe/Moscow', NOW)?.toISOString()).toBe(at);
});
