/** README.ru.md says what README.md says: the same headings, commands, settings, links, pictures and figures, in their order. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [english, russian] = ['README.md', 'README.ru.md'].map((file) =>
  readFileSync(join(__dirname, '../..', file), 'utf8'),
) as [string, string];

/** Each is a list of what both pages must have alike. */
const ALIKE: Record<string, (page: string) => string[]> = {
  headings: (page) => [...page.matchAll(/^#{1,6} /gm)].map(([marks]) => marks.trim()),
  'blocks of commands': (page) => [...page.matchAll(/^```[\s\S]*?^```/gm)].map(([block]) => block),
  'commands, settings and files': (page) =>
    [...page.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!),
  // A picture may stand there in the page's own language.
  links: (page) =>
    [...page.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, to]) => to!.replace(/([.-])ru(?=\.\w+$)/, '$1en'))
      .filter((to) => !/^README/.test(to)),
  points: (page) => [...page.matchAll(/^(- |\|)/gm)].map(([mark]) => mark),
  // In figures: 2,234 is 2 234, and 19.7 is 19,7.
  figures: (page) =>
    [...section(page, 6).matchAll(/\d+(?:[ \u00a0,]\d{3})*(?:[.,]\d+)*/g)].map(([number]) =>
      number.replace(/[ \u00a0.,]/g, ''),
    ),
};

/** The text below the heading with that number, the title being the first. */
function section(page: string, number: number): string {
  return page.split(/^#{1,6} .*$/m)[number + 1] ?? '';
}

test.each(Object.entries(ALIKE))('%s are the same in both languages', (_what, of) => {
  expect(of(english).length).toBeGreaterThan(0);
  expect(of(russian)).toEqual(of(english));
});

test('each leads to the other, and the Russian one is in Russian', () => {
  expect(english).toContain('](README.ru.md)');
  expect(russian).toContain('](README.md)');
  const prose = russian.replace(/`[^`]*`|\]\([^)]*\)|^```[\s\S]*?^```/gm, '');
  expect((prose.match(/[а-яё]/gi) ?? []).length).toBeGreaterThan((prose.match(/[a-z]/gi) ?? []).length * 3);
});
