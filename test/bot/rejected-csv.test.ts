/** The rejected lines of an upload as a file: within a bound, whatever it unfolds to. */
import { rejectedCsv } from '../../bot/services/rejected-csv';

function* people(count: number) {
  for (let line = 1; line <= count; line++) {
    yield { phones: ['12-34'], columns: { Имя: 'x'.repeat(1000), Телефон: '12-34' }, origin: String(line) };
  }
}

test('what does not fit is counted in the last row', async () => {
  const list = { name: 'a.csv', columns: ['Имя', 'Телефон'] };
  const options = { country: 'RU', language: 'ru', maxCharacters: 10_000 } as const;
  const { content, fileName } = await rejectedCsv(list, people(5000), options);
  expect(fileName).toBe('ошибки-a.csv');
  expect(content.length).toBeLessThan(11_000);
  const lines = content.toString().trim().split('\r\n');
  expect(lines).toHaveLength(11);
  expect(lines.at(-1)).toBe('… не поместилось строк: 4\u00a0991');
});
