/** Tracked links: codes that say whose they are to nobody else, and targets that come from the campaign alone. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { ParameterSource } from '../../domain/audience';
import { createLinkCodes, SAMPLE_CODE, type LinkPlace } from '../../domain/link-code';
import { isLinkTarget, isTrackedPlace, linkPositions, linkTarget } from '../../domain/links';

const codes = createLinkCodes(Buffer.alloc(16, 7));
const idCharacters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_';
const places: fc.Arbitrary<LinkPlace> = fc.record({
  campaignId: fc.string({ unit: fc.constantFrom(...idCharacters), minLength: 1, maxLength: 12 }),
  n: fc.integer({ min: 0, max: 2 ** 24 - 1 }),
  variant: fc.integer({ min: 0, max: 3 }),
  position: fc.integer({ min: 1, max: 255 }),
});

describe('a code', () => {
  test('is read back as the place that it was made of, whichever it is, and says nothing to another key', () => {
    const others = createLinkCodes(Buffer.alloc(16, 8));
    fc.assert(
      fc.property(places, (place) => {
        const code = codes.codeOf(place)!;
        expect(code).toMatch(/^[\w-]{22}$/);
        expect(codes.read(code)).toEqual(place);
        expect(others.read(code)).toBeUndefined();
      }),
    );
  });

  test('has neighbours that have nothing in common, and no second spelling', () => {
    const [one, other] = [6, 7].map((n) => codes.codeOf({ campaignId: 'k7m2x9pa', n, variant: 0, position: 1 })!);
    const same = [...one!].filter((character, at) => character === other![at]).length;
    expect(same).toBeLessThan(6);
    const last = one!.at(-1)!;
    for (const character of idCharacters) {
      if (character !== last) expect(codes.read(one!.slice(0, -1) + character)).toBeUndefined();
    }
  });

  test('cannot be made up: none of 50,000 random ones says anything', () => {
    for (let tries = 0; tries < 50_000; tries++) {
      const made = codes.read(randomBytes(16).toString('base64url'));
      // One in a million does; then its campaign must exist, too.
      if (made) expect(made.campaignId).toMatch(/^[\w-]{1,12}$/);
    }
    for (const wrong of ['', 'favicon.ico', SAMPLE_CODE, '../../etc', 'x'.repeat(22), 'я'.repeat(22)])
      expect(codes.read(wrong)).toBeUndefined();
  });

  test.each<[string, Partial<LinkPlace>]>([
    ['a longer id', { campaignId: 'k7m2x9pa-2026' }],
    ['an id with other characters', { campaignId: 'осень' }],
    ['a number beyond all', { n: 2 ** 24 }],
  ])('is none for %s', (_what, wrong) => {
    expect(codes.codeOf({ campaignId: 'k7m2x9pa', n: 1, variant: 0, position: 1, ...wrong })).toBeUndefined();
  });
});

test.each<[string, boolean]>([
  ['https://shop.example/sale?x=1#top', true],
  ['https://магазин.рф/осень', true],
  ['http://shop.example/', false],
  ['javascript:alert(1)', false],
  ['//shop.example', false],
  ['shop.example', false],
  ['https://user:pass@shop.example/', false],
  ['https://localhost/admin', false],
  [`https://shop.example/${'x'.repeat(2_000)}`, false],
  ['data:text/html,hi', false],
])('%s as a target: %s', (target, expected) => {
  expect(isLinkTarget(target)).toBe(expected);
});

const link = (target: string): ParameterSource => ({ kind: 'link', target });
const text: ParameterSource = { kind: 'text', value: 'x' };

test.each<[string, string, string]>([
  ['https://shop.example/sale', 'Осень 2026: −20 %', 'https://shop.example/sale?utm_source=whatsapp&utm_campaign=%D0%BE%D1%81%D0%B5%D0%BD%D1%8C-2026-20'],
  ['https://shop.example/?a=1#b', 'Spring', 'https://shop.example/?a=1&utm_source=whatsapp&utm_campaign=spring#b'],
  ['https://shop.example/?utm_source=own', 'Spring', 'https://shop.example/?utm_source=own&utm_campaign=spring'],
  ['https://shop.example/?utm_campaign=&utm_source=', 'Spring', 'https://shop.example/?utm_campaign=&utm_source='],
])('%s of “%s” leads to %s', (target, name, expected) => {
  expect(linkTarget({ name, parameters: [text, link(target)] }, { variant: 0, position: 2 })).toBe(expected);
}); // prettier-ignore

test('only a link of the campaign leads anywhere; of a variant, its own', () => {
  const spec = { name: 'Ab', parameters: [text, link('https://a.example/')], variants: [{ template: 'b', parameters: [link('https://b.example/')] }] };
  expect(linkTarget(spec, { variant: 0, position: 1 })).toBeUndefined();
  expect(linkTarget(spec, { variant: 0, position: 3 })).toBeUndefined();
  expect(linkTarget(spec, { variant: 2, position: 1 })).toBeUndefined();
  expect(linkTarget(spec, { variant: 1, position: 1 })).toBe('https://b.example/?utm_source=whatsapp&utm_campaign=ab&utm_content=B');
  expect(linkPositions(spec)).toEqual([[2], [1]]);
  expect(linkPositions({ parameters: [text] })).toBeUndefined();
}); // prettier-ignore

test.each<[string, string, boolean]>([
  ['the whole end', 'https://go.example/{{1}}', true],
  ['with blanks in the variable', 'https://go.example/{{ 1 }}', true],
  ['a part of the path', 'https://go.example/c/{{1}}', false],
  ['another domain', 'https://go.example.evil/{{1}}', false],
  ['in the query', 'https://go.example/?c={{1}}', false],
])('a button for a counted link: %s', (_what, url, expected) => {
  const variable = /\{\{.*\}\}/.exec(url)![0];
  const template = { buttons: [{ type: 'URL' as const, text: 'Open', url }] };
  expect(isTrackedPlace(template, { place: 'url_suffix', variable, button: 'Open' }, 'https://go.example')).toBe(
    expected,
  );
});
