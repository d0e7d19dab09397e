/** Files of nothing but phone numbers, several on a line: each is a person, and what is no number is listed. */
import { openPeopleFile, readAudienceFile, type AudienceFile, type FileChoice } from '../../audience/file';
import { rejectedLines } from '../../audience/rejected';
import { validNumbers } from '../../domain/phones/phone';
import { workbook } from '../support/workbook';

async function read(bytes: Buffer | string, choice: FileChoice = {}): Promise<AudienceFile> {
  const result = await readAudienceFile(Buffer.from(bytes as string), { country: 'RU', choice });
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}
const peopleIn = ({ rows }: AudienceFile): string[][] => rows.map(({ phones }) => validNumbers(phones, 'RU'));

const number = (at: number): string => `7900${String(1_000_000 + at)}`;
const numbers = (count: number, from = 0): string[] => Array.from({ length: count }, (_, at) => number(from + at));
const alone = (all: readonly string[]): string[][] => all.map((one) => [`+${one}`]);

describe.each([',', ';', '\t', '|', ' ', ', ', '; ', ' ; '])('parted by %j', (mark) => {
  test.each([2, 5, 200, 600, 1500])('%i on one line', async (count) => {
    expect(peopleIn(await read(numbers(count).join(mark)))).toEqual(alone(numbers(count)));
  });
  test('some lines with one and some with five', async () => {
    const lines = [1, 5, 1, 1, 5, 2, 0, 5, 1].map((count, line) => numbers(count, line * 10));
    const file = await read(lines.map((line) => line.join(mark)).join('\r\n'));
    expect(peopleIn(file)).toEqual(alone(lines.flat()));
    expect(file.rows.at(-1)?.origin).toBe('9');
    expect(file.understood.why).toBe('numbers');
  });
  test('a single name above', async () => {
    const file = await read(`Телефоны\n${numbers(3).join(mark)}\n${number(3)}\n${numbers(2, 4).join(mark)}`);
    expect(file).toMatchObject({ columns: ['Телефоны'], headerLine: 1 });
    expect(peopleIn(file)).toEqual(alone(numbers(6)));
  });
});

test('a hundred thousand, of which only the last lines have several', async () => {
  const text = [...numbers(10_000), numbers(5, 10_000).join(', ')].join('\n');
  expect(await read(text)).toMatchObject({ rows: { length: 10_005 }, rejected: [] });
});

const [one, two, three, four, five] = numbers(5) as [string, string, string, string, string];
test.each([
  ['one line longer than a row may be', numbers(12_000).map((n) => n.slice(0, 11)).join(','), 12_000],
  ['written with spaces and brackets', '8 (900) 123-45-67 8 (900) 123-45-68\n+7 900 123 45 69, 8 900 123 45 70', 4],
  ['nothing between them', `${one}${two}\n${three}`, 3],
  ['quoted, as a spreadsheet saves a cell', `"${one}, ${two}"\n"${three}"`, 3],
  ['a quoted name above', `"Телефоны"\n"${one}, ${two}"\n"${three}"`, 3],
  ['marked as text', `="${one}";="${two}"\n="${three}"`, 3],
  ['a title and a name above', `Клиенты, май\n\nТелефон\n${one} ${two}\n${three}`, 3],
  ['a workbook without a name', workbook([{ rows: [[Number(one), Number(two)], [Number(three)], [`${four}, ${five}`]] }]), 5],
  ['a workbook with one', workbook([{ rows: [['Телефон'], [Number(one)], [`${two}, ${three}`], [`${four}\n${five}`]] }]), 5],
  ['a list of JSON', JSON.stringify([one, `${two}, ${three}`]), 3],
  ['lists in a list of JSON', JSON.stringify([[one, two], [three], [`${four} ${five}`]]), 5],
  ["WhatsApp's ids", `${one}@c.us,${two}@c.us\n${three}@s.whatsapp.net`, 3],
  ['links', `https://wa.me/${one} https://wa.me/${two}\nwa.me/${three}; tel:+${four}`, 4],
  ['mobiles of several countries', '+491711234567, 79001234567\n+380501234567 +77011234567', 4],
])('a file of numbers alone is read: %s', async (_what, bytes, count) => {
  const file = await read(bytes);
  expect(file.rejected.filter(({ problem }) => problem !== 'wrong_length')).toEqual([]);
  expect(file.rows).toHaveLength(count);
}); // prettier-ignore

test.each([
  ['a word', `${one}, ${two}, abc, ${three}, ${four}\n${five}`, ['abc']],
  ['a number cut short', `${one}, 12345\n${two}\n${three}\n+7900, ${four}`, ['12345', '+7900']],
  ['a number with a digit too many', `${one};${two}0;${three}\n${four};${five}`, [`${two}0`]],
])('%s among them is listed, and nobody else is lost', async (_what, text, listed) => {
  const file = await read(text);
  expect(file.rejected.map(({ value }) => value)).toEqual(listed);
  expect(peopleIn(file).flat()).toHaveLength(text.match(/7900\d{7}(?!\d)/g)!.length);
  // The file to correct holds the piece, not another number of its line.
  const csv = rejectedLines(file.rejected, file.rows, file.columns, 'en');
  for (const value of listed) expect(csv).toContain(`,${value},`);
  for (const line of csv.trimEnd().split('\r\n')) expect(line.split(',').at(-1)).toBe(line.split(',')[1]);
});

test.each([
  ['names', `${one},Анна\n${two},Пётр`],
  ['a name here and there', `${one};Анна\n${two};\n${three};\n${four};`],
  ['names before two numbers', `Анна;${one};${two}\nПётр;${three};${four}`],
  ['a name before two numbers', `Анна,${one},${two}`],
  ['sums and dates', `${one};1500;12.05.1990\n${two};1501;13.05.1990`],
  ['decimal commas', `${one};1049,50\n${two};1050,00`],
  ['a name without a phone', `Имя;Телефон\nАнна\n;${two}\n;${three}`],
  ['a name of two lines', `"Имя","Телефон","Город"\n"Анна\n|","${two}",""\n"Пётр","${three}",""`],
  ['places in a list', `1;${one}\n2;${two}\n3;${three}`],
  ['tax numbers that are mobiles of Kazakhstan', `${one};7707083893\n${two};7707083894`],
])('%s make it a table of one person a line', async (_what, text) => {
  const file = await read(text);
  expect(file.columns.length).toBeGreaterThan(1);
  expect(peopleIn(file).map((all) => all.length)).not.toContain(2);
  if (!text.includes('Имя')) expect(file).toMatchObject({ rows: { length: text.split('\n').length }, rejected: [] });
});

test('an admin who names a column says that there are columns', async () => {
  const text = `${one};${two}\n${three};${four}`;
  expect(peopleIn(await read(text))).toHaveLength(4);
  expect(peopleIn(await read(text, { phoneColumn: '2' }))).toEqual(alone([two, four]));
});

describe('several numbers in the last cell of a person, where a comma parts the cells', () => {
  test('are that person’s', async () => {
    const file = await read(`Имя,Телефон\nАнна,${one}, ${two}\nПётр,${three}\n`);
    expect(file.rejected).toEqual([]);
    expect(peopleIn(file)).toEqual([[`+${one}`, `+${two}`], [`+${three}`]]);
  });
  test.each([
    ['a cell more before the phone', `Имя,Телефон\nАнна, Мария,${one}\nПётр,${three}\nОлег,${four}\n`],
    ['a word behind it', `Имя,Телефон\nАнна,${one},жена\nПётр,${three}\nОлег,${four}\n`],
    ['phones that are not last', `Телефон,Имя\n${one},${two},Анна\n${three},Пётр\n${four},Олег\n`],
  ])('%s is still a row that cannot be read', async (_what, text) => {
    expect((await read(text)).rejected).toMatchObject([{ line: 2, reason: 'unreadable' }]);
  });
});

test('hidden rows of numbers are left out like those of a table', async () => {
  const bytes = workbook([{ rows: [[`${one}, ${two}`], [three], [`${four} ${five}`]], hiddenRows: [3] }]);
  const opened = await openPeopleFile(bytes, { country: 'RU' });
  expect(opened.ok && (await opened.value.read(() => undefined))).toMatchObject({ value: { count: 3, hidden: 2 } });
});
