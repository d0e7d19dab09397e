/** What of a campaign's first people speaks against sending to the rest. */
import { translate } from '../../config/i18n';
import { CANARY_FINDINGS, canaryFinding, canaryInput, type CanaryCounts, type CanarySigns } from '../../domain/canary';
import { readOption } from '../../domain/campaign-spec';

const WELL: CanaryCounts = { people: 100, failed: 0, unknown: 0, delivered: 95, read: 40, optedOut: 0 };
const QUIET: CanarySigns = { quality: 'GREEN', qualityBefore: 'GREEN', numberFlagged: false };

test.each<[string, Partial<CanaryCounts>, Partial<CanarySigns>, string | undefined]>([
  ['all is well', {}, {}, undefined],
  ['a tenth of dead numbers, as in any old list', { failed: 10, delivered: 90 }, {}, undefined],
  ['a fifth', { failed: 20, delivered: 80 }, {}, 'failures'],
  ['a fifth, some of them without an answer', { failed: 12, unknown: 8, delivered: 80 }, {}, 'failures'],
  ['two of four failed: too few to tell', { people: 4, failed: 2, delivered: 2 }, {}, undefined],
  ['three of four', { people: 4, failed: 3, delivered: 1 }, {}, 'failures'],
  ['one opted out of ten', { people: 10, delivered: 10, optedOut: 1 }, {}, undefined],
  ['two of a hundred', { delivered: 100, optedOut: 2 }, {}, undefined],
  ['three of a hundred', { delivered: 100, optedOut: 3 }, {}, 'opt_outs'],
  ['two of those few who were reached', { delivered: 60, optedOut: 2 }, {}, 'opt_outs'],
  ['nothing has arrived', { delivered: 0, read: 0 }, {}, 'nothing_arrived'],
  ['nobody was tried', { people: 0, delivered: 0, read: 0 }, {}, undefined],
  ['quality fell', {}, { quality: 'YELLOW' }, 'quality_fell'],
  ['quality fell from unknown', {}, { quality: 'RED', qualityBefore: 'UNKNOWN' }, 'quality_fell'],
  [
    'quality was yellow all along: known when it was made',
    {},
    { quality: 'YELLOW', qualityBefore: 'YELLOW' },
    undefined,
  ],
  ['quality rose', {}, { quality: 'GREEN', qualityBefore: 'YELLOW' }, undefined],
  ['the first rating, and a good one', {}, { quality: 'GREEN', qualityBefore: 'UNKNOWN' }, undefined],
  ['the number is flagged', {}, { numberFlagged: true }, 'number_flagged'],
  ['the gravest first', { failed: 50, delivered: 0 }, { quality: 'RED', numberFlagged: true }, 'number_flagged'],
])('%s', (_what, counts, signs, finding) => {
  expect(canaryFinding({ ...WELL, ...counts }, { ...QUIET, ...signs })).toBe(finding);
});

test.each([
  [{ people: 1, waitMs: 1, goOn: 'ask' }, true],
  [{ people: 100, waitMs: 3_600_000, goOn: 'itself' }, true],
  [{ people: 0, waitMs: 1, goOn: 'ask' }, false],
  [{ people: 1.5, waitMs: 1, goOn: 'ask' }, false],
  [{ people: 100, waitMs: 0, goOn: 'ask' }, false],
  [{ people: 100, waitMs: 8 * 86_400_000, goOn: 'ask' }, false],
  [{ people: 100, waitMs: 1, goOn: 'perhaps' }, false],
])('the option %j is taken: %s', (canary, isTaken) => {
  expect('value' in readOption('canary', canary)).toBe(isTaken);
});

test('the workflow is told integers, and nothing where there is none', () => {
  expect(canaryInput({ canary: { people: 5, waitMs: 9, goOn: 'ask' } })).toEqual({ canary: { people: 5, waitMs: 9 } });
  expect(canaryInput({})).toEqual({});
});

test.each(CANARY_FINDINGS)('%s has words in both languages', (finding) => {
  for (const language of ['ru', 'en'] as const)
    expect(translate(language, `words.canaryWhy.${finding}`)).not.toContain('words.');
});
