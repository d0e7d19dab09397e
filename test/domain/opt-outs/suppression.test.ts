/** How far suppressions and consents reach, by template category and error code. */
import { consentNeeded } from '../../../domain/opt-outs/consent';
import { holdsBack, isMarketing, suppressionBy } from '../../../domain/opt-outs/suppression';

test('a marketing suppression holds back marketing and whatever nobody knows, an entire one everything', () => {
  const categories = ['MARKETING', 'UNKNOWN', undefined, 'UTILITY', 'AUTHENTICATION'] as const;
  expect(categories.map((category) => holdsBack('marketing', category))).toEqual([true, true, true, false, false]);
  expect(categories.map((category) => holdsBack('all', category))).toEqual([true, true, true, true, true]);
  expect(categories.filter(isMarketing)).toEqual(['MARKETING', 'UNKNOWN', undefined]);
});

test.each([
  [1002, 'invalid', 'all'],
  ['1012', 'opted_out', 'all'],
  [1013, 'invalid', 'all'],
  ['131050', 'opted_out', 'marketing'],
])('code %s suppresses as %s for %s', (code, reason, scope) => {
  expect(suppressionBy(code)).toMatchObject({ reason, scope, detail: expect.stringMatching(new RegExp(`^${code}: `)) });
});

test.each([131026, 131049, 1003, 500, 'none', undefined])('the error code %s suppresses nobody', (code) =>
  expect(suppressionBy(code)).toBeUndefined(),
);

test('the consent a message needs follows from the setting and its category', () => {
  expect(consentNeeded('none', 'MARKETING')).toBeUndefined();
  expect(consentNeeded('marketing', 'MARKETING')).toEqual(['marketing', 'all']);
  expect(consentNeeded('marketing', 'UNKNOWN')).toEqual(['marketing', 'all']);
  expect(consentNeeded('marketing', 'UTILITY')).toBeUndefined();
  expect(consentNeeded('all', 'UTILITY')).toEqual(['utility', 'all']);
  expect(consentNeeded('all', 'AUTHENTICATION')).toEqual(['authentication', 'all']);
});
