/** Names of campaigns: 80 characters as people count them. */
import { nameProblem } from '../../domain/campaign-spec';
import { charactersOf, MAX_NAME_CHARACTERS, nameWithEnd } from '../../domain/campaign-name';

test.each([
  ['а'.repeat(80), undefined],
  ['👨‍👩‍👧'.repeat(80), undefined],
  ['а'.repeat(81), 'campaign_name_too_long'],
  [' '.repeat(100), 'campaign_name_missing'],
  ['Для +7 900 123-45-67', 'campaign_name_has_number'],
  ['79000000366\n79000000367', 'campaign_name_has_number'],
  ['Осень 29.11.2026 10:00', undefined],
])('the length of a campaign’s name is counted in characters: %.10s…', (name, code) =>
  expect(nameProblem(name)?.code).toBe(code),
);

test.each(['Осень', 'я'.repeat(80), '👍🏽'.repeat(200)])('a name made of %.6s… keeps its end and fits', (name) => {
  const made = nameWithEnd(name, ' · 31.12');
  expect(charactersOf(made)).toBeLessThanOrEqual(MAX_NAME_CHARACTERS);
  expect(made.endsWith(' · 31.12')).toBe(true);
});
