/** Tables on screens of all widths: nothing sticks out, nothing is lost. */
import stringWidth from 'string-width';
import { renderTable, type Column } from '../../cli/table';
import { storeSample } from '../report/sample';
import { createStore, type Store } from '../../store/connect';
import { testMongo } from '../support/servers';
import { runHere, settingsFor } from './harness';

interface Row {
  id: string;
  name: string;
  link: string;
  count: number;
}
const COLUMNS: Column<Row>[] = [
  { head: 'ID', cell: ({ id }) => id },
  { head: 'NAME', cell: ({ name }) => name, flexible: true },
  { head: 'LINK', cell: ({ link }) => link, flexible: true },
  { head: 'COUNT', cell: ({ count }) => count },
];
const ROWS: Row[] = [
  { id: '7k2m9xpa', name: 'Осенняя распродажа, все клиенты', link: `https://example.com/${'x'.repeat(60)}`, count: 5 },
  { id: '8k2m9xpa', name: '王小明 王小明 王小明', link: '', count: 100_000 },
];

const lines = (text: string): string[] => text.replace(/\u001b\[\d+m/g, '').split('\n');
const letters = (text: string): string => [...text.replace(/\s/g, '')].sort().join('');

test.each([20, 30, 40, 60, 80, 120])('at %i columns nothing sticks out and nothing is lost', (width) => {
  const text = renderTable(COLUMNS, ROWS, { width, colours: false, empty: '' });
  expect(Math.max(...lines(text).map((line) => stringWidth(line)))).toBeLessThanOrEqual(width);
  const values = letters(ROWS.map((row) => Object.values(row).join('')).join(''));
  const heads = letters(COLUMNS.map(({ head }) => head).join(''));
  // The heading stands once, or in each block; the empty link has none.
  const blocks = letters(values + heads + 'IDNAMECOUNT');
  expect([letters(values + heads), blocks]).toContain(letters(text));
});

test('a table that fits is a table, one that cannot is a block for each row', () => {
  expect(lines(renderTable(COLUMNS, ROWS, { width: 80, colours: false, empty: '' }))[0]).toMatch(
    /^ID +NAME +LINK +COUNT$/,
  );
  expect(renderTable(COLUMNS, ROWS, { width: 30, colours: true, empty: '' })).toMatch(/ID.*7k2m9xpa\n.*NAME.*Осенняя/);
});

describe('the lists of the commands', () => {
  let store: Store;
  let environment: Record<string, string>;
  beforeAll(async () => {
    const mongo = await testMongo();
    store = await createStore(mongo.db, mongo.close);
    environment = settingsFor(mongo.uri);
    await storeSample(store, { spec: { name: 'Осенняя распродажа для всех клиентов прошлого года' } });
    await store.templates.replace('DemoApp', [(await store.campaigns.find('autumn'))!.template], new Date());
    const name = 'Гости осенней выставки кухонь и шкафов, все дни';
    const head = { _id: 'guests', name, columns: ['phone'], phoneColumn: 'phone', count: 0 };
    await store.lists.create({ ...head, createdAt: new Date(), createdBy: { kind: 'cli' } }, []);
    await runHere(
      ['suppress', 'add', '+79001234567', '--reason', 'asked by phone to leave her alone for ever'],
      environment,
    );
  });
  afterAll(() => store.close());

  test.each(
    [60, 80].flatMap((width) =>
      [
        ['campaign', 'list'],
        ['templates', 'list'],
        ['suppress', 'list'],
        ['contacts', 'lists'],
        ['phone', 'normalize', '8 900 123-45-67', '+49 1512 3456789'],
      ].map((words) => [width, words.join(' '), words] as const),
    ),
  )('%i columns: %s', async (width, _name, words) => {
    const { stdout, exitCode } = await runHere([...words], environment, width);
    expect(exitCode).toBe(0);
    expect(Math.max(...lines(stdout).map((line) => stringWidth(line)))).toBeLessThanOrEqual(width);
  });
});
