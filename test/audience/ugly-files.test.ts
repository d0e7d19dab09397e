/** Files as people really send them: what comes of each stands in ugly-files.json. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPeopleFile, rejectedOf, type PeopleFile } from '../../audience/file';
import { nameOf } from '../../audience/person-name';
import { explain, type Refusal } from '../../config/errors';
import type { Person } from '../../domain/audience';
import { normalisePhones } from '../../domain/phones/phone';
import table from './ugly-files.json';
import { UGLY_FILES } from '../support/ugly-files';
import { shownIn } from '../support/shown';

interface Expected {
  file: string;
  what: string;
  /** A row each: its numbers (E.164), or why it has none. */
  numbers?: string[];
  columns?: string[];
  /** The line of the header; null = there is none. */
  header?: number | null;
  /** The column that leads. */
  phone?: string;
  /** What the first person is called. */
  name?: string;
  /** Where the rows begin. */
  lines?: number[];
  /** Values of the first row. */
  first?: Record<string, string>;
  refused?: string;
  /** That the refusal quotes. */
  values?: Record<string, string | number>;
}

const folder = mkdtempSync(join(tmpdir(), 'ugly-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const EXPECTED = table as Expected[];

async function readWhole(name: string): Promise<{ file: PeopleFile; people: Person[] } | { refusal: Refusal }> {
  const path = join(folder, name);
  writeFileSync(path, UGLY_FILES[name]!);
  const opened = await openPeopleFile({ path }, { country: 'RU' });
  if (!opened.ok) return opened;
  const people: Person[] = [];
  const read = await opened.value.read((batch) => void people.push(...batch.people));
  return read.ok ? { file: opened.value, people } : read;
}

function outcomeOf(person: Person): string {
  const rejected = rejectedOf(person, 'RU');
  if (rejected) return rejected.problem ?? rejected.reason;
  const numbers = person.phones.flatMap((phone) => normalisePhones(phone, 'RU').valid.map(({ e164 }) => e164));
  return numbers.join(',');
}

test('there are a hundred and more ugly files, each with its expected outcome', () => {
  const names = Object.keys(UGLY_FILES);
  expect(names.toSorted()).toEqual(EXPECTED.map(({ file }) => file).toSorted());
  expect(names.length).toBeGreaterThan(100);
});

test.each(EXPECTED.map((expected) => [expected.file, expected.what, expected] as const))(
  '%s: %s',
  async (name, _what, expected) => {
    const outcome = await readWhole(name);
    if ('refusal' in outcome) {
      const { code, values } = outcome.refusal;
      expect({ refused: code, values }).toEqual({ refused: expected.refused, values: expect.objectContaining(expected.values ?? {}) }); // prettier-ignore
      for (const language of ['ru', 'en'] as const)
        expect(explain(outcome.refusal, language)).not.toMatch(/\{\{|undefined/);
      return;
    }
    const { file, people } = outcome;
    expect(people.map(outcomeOf)).toEqual(expected.numbers);
    if (expected.columns) expect(file.columns).toEqual(expected.columns);
    if (expected.header !== undefined) expect(file.headerLine ?? null).toBe(expected.header);
    if (expected.phone) expect(file.phoneColumn).toBe(expected.phone);
    if (expected.name) expect(nameOf(people[0]!)).toBe(expected.name);
    if (expected.lines) expect(people.map(({ origin }) => Number(origin))).toEqual(expected.lines);
    if (expected.first) expect(shownIn(people[0]!)).toMatchObject(expected.first);
  },
);
