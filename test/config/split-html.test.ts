/** Long texts in several messages: each whole HTML of its own, cut where a reader would. */
import { splitHtml } from '../../config/split-html';

/** As Telegram counts. */
const shown = (html: string): string => html.replace(/<[^>]*>/g, '').replace(/&(amp|lt|gt|quot);/g, '_');

test.each<[string, string, number, string[]]>([
  ['what fits stays', '<b>a</b> b', 3, ['<b>a</b> b']],
  ['between paragraphs', 'one one\n\ntwo\ntwo', 12, ['one one', 'two\ntwo']],
  ['between lines', 'first line\nsecond line', 14, ['first line', 'second line']],
  ['between sentences', 'It is so. It goes on', 14, ['It is so.', 'It goes on']],
  ['between words', 'word by word', 9, ['word by', 'word']],
  ['where there is no sensible place', 'abcdefghij', 4, ['abcd', 'efgh', 'ij']],
  [
    'tags are closed and opened again',
    '<b>one <i>two three</i></b>',
    8,
    ['<b>one <i>two</i></b>', '<b><i>three</i></b>'],
  ],
  ['a link keeps its address', '<a href="x y">one two</a>', 4, ['<a href="x y">one</a>', '<a href="x y">two</a>']],
  ['an entity is one character', '&lt;&gt;&amp;', 2, ['&lt;&gt;', '&amp;']],
  ['an emoji is not cut', 'a😀😀', 3, ['a😀', '😀']],
])('%s', (_what, html, most, parts) => {
  expect(splitHtml(html, most)).toEqual(parts);
});

test('a report of 20,000 characters: all parts fit, are whole, and nothing is lost', () => {
  const line = (n: number): string =>
    `<b>${n}</b> &amp; <i>campaign ${n}</i>: delivered ${n} of ${n + 1}. Failed: ${n % 7}.`;
  const html = `<blockquote>${Array.from({ length: 400 }, (_, n) => line(n)).join('\n')}</blockquote>`;
  const parts = splitHtml(html);
  expect(parts.length).toBeGreaterThan(3);
  for (const part of parts) {
    expect(shown(part).length).toBeLessThanOrEqual(4_096);
    expect(part).toMatch(/^<blockquote>[^]*<\/blockquote>$/);
    expect((part.match(/<b>/g) ?? []).length).toBe((part.match(/<\/b>/g) ?? []).length);
  }
  expect(parts.map(shown).join('\n').replace(/\s+/g, ' ')).toBe(shown(html).replace(/\s+/g, ' '));
});
