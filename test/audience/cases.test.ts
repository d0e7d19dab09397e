/** Files that went wrong for others (test/fixtures/cases): read, planned and filled as a campaign does it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CountryCode } from 'libphonenumber-js';
import { readAudienceFile, type AudienceFile } from '../../audience/file';
import { planAudience, type PlannedDelivery } from '../../audience/plan';
import type { ParameterSource, Person } from '../../domain/audience';
import { template } from '../domain/samples';

async function read(name: string, country: CountryCode = 'RU'): Promise<AudienceFile> {
  const result = await readAudienceFile(readFileSync(join(__dirname, '../fixtures/cases', name)), { country });
  if (!result.ok) throw new Error(`${name} is refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}

async function* stream(people: Person[]): AsyncGenerator<Person> {
  yield* people;
}

/** Whom the file comes to, in its order: the number with the parameter, or why not. */
async function come(people: Person[], parameter: ParameterSource, country: CountryCode): Promise<string[][]> {
  const planned: PlannedDelivery[] = [];
  const options = {
    template: template({ body: '{{1}}!' }),
    parameters: [parameter],
    country,
    excluded: () => Promise.resolve(new Map<string, never>()),
  };
  for await (const batch of planAudience(stream(people), options)) planned.push(...batch);
  const inOrder = planned.toSorted((a, b) => Number(a.origin) - Number(b.origin));
  return inOrder.map((one) => (one.state === 'queued' ? [one.phone, one.params[0]!] : ['skipped', one.reason]));
}

const column = (name: string, transform?: (ParameterSource & { kind: 'column' })['transform']): ParameterSource => ({
  kind: 'column',
  column: name,
  ...(transform && { transform }),
});
const DATE = column('Дата', [{ name: 'date' }]);
const SUM = column('sum', [{ name: 'money', currency: 'RUB' }]);

test.each<[string, ParameterSource, string[][], CountryCode?]>([
  ['01-brazil.csv', column('name'), [['+5551991234567', 'A'], ['skipped', 'duplicate']]],
  ['03-argentina.csv', column('name'), [['+5491123456789', 'A'], ['skipped', 'duplicate'], ['skipped', 'invalid_phone']]],
  ['05-amo-export.csv', column('Полное имя контакта'), [['+79001234567', 'Анна Тест'], ['+74951234567', 'Борис Тест'], ['+79007654321', 'Вера Тест']]],
  ['06-avtomobil.csv', column('Автомобиль'), [['+79001234567', 'Lada Vesta'], ['+79007654321', 'Kia Rio']]],
  ['06b-model-telefona.csv', column('Модель телефона'), [['+79001234567', 'iPhone 15'], ['+79007654321', 'Galaxy S24']]],
  ['07-us-date.xlsx', DATE, [['+79001234567', '6 мая 2026 г.'], ['+79007654321', '31 мая 2026 г.']]],
  ['07b-mdyy.xlsx', DATE, [['+79001234567', '6 мая 2026 г.'], ['+79007654321', '31 мая 2026 г.']]],
  ['08-sum.json', SUM, [['+79001234567', '1 049,33 ₽'], ['+79007654321', '1 049,33 ₽']]],
  ['08b-sum.xlsx', SUM, [['+79001234567', '1 049,33 ₽'], ['+79007654321', '0,13 ₽'], ['+79001112233', '1 049,33 ₽']]],
  ['09-t-s-no-v.xlsx', column('Имя'), [['+79001234567', 'Анна'], ['skipped', 'empty_parameter'], ['skipped', 'empty_parameter'], ['skipped', 'empty_parameter']]],
  ['11-dup.csv', column('name'), [['skipped', 'duplicate'], ['+79001234567', 'Анна']]],
  ['11b-dup-date.csv', column('date', [{ name: 'date' }]), [['skipped', 'duplicate'], ['+79001234567', '1 декабря 2026 г.']]],
  ['14-filtered.xlsx', column('Имя'), [['+79001234567', 'Анна'], ['+79001112233', 'Вера']]],
  ['15-instruction.xlsx', column('Имя'), [['+79001234567', 'Анна'], ['+79007654321', 'Борис'], ['+79001112233', 'Вера']]],
  ['15b-instruction-nophone.xlsx', column('Имя'), [['+79001234567', 'Анна']]],
  ['16a-workbook2.xlsx', DATE, [['+79001234567', '31 мая 2026 г.'], ['+79007654321', '6 мая 2026 г.']]],
  ['16b3-sharedStrings2-numeric-phone.xlsx', column('Имя'), [['+79001234567', 'Анна'], ['+79007654321', 'Борис']]],
  ['17a-cp1252.csv', column('name'), [['+5511987654321', 'José']]],
  ['17c-cp866.csv', column('Имя'), [['+79001234567', 'Петр']]],
  ['22a-percent.xlsx', column('Скидка'), [['+79001234567', '15%']]],
  ['22b-zeros.xlsx', column('Код'), [['+79001234567', '00123']]],
  ['24-utf16.json', column('name'), [['+79001234567', 'Анна']]],
  ['26-dos-eof.csv', column('Имя'), [['+79001234567', 'Анна']]],
  ['27a-quoted-lines.csv', column('Имя'), [['+79001234567', 'Анна']]],
  ['28b-de.csv', column('name'), [['+491713369876', 'A'], ['+4915112345678', 'B'], ['+4917112345678', 'C'], ['+436641234567', 'D'], ['+79001234567', 'E']], 'DE'],
  ['30-birthday.json', column('birthday', [{ name: 'date' }]), [['+79001234567', '1 мая 1965 г.'], ['+79007654321', '27 сентября 1972 г.'], ['+79001112233', '3 сентября 1974 г.']]],
  ['31-nan.json', column('name'), [['skipped', 'empty_parameter']]],
  ['a1-text-mark.csv', column('Код'), [['+79001234567', '00123'], ['+79007654321', '00456']]],
  ['a4-formula-unused-column.csv', column('name'), [['+79001234567', 'Анна'], ['+79007654321', 'Борис']]],
  ['a5-russian-formula.csv', column('name'), [['skipped', 'bad_parameter']]],
])('%s', async (name, parameter, expected, country = 'RU') => {
  const { rows } = await read(name, country);
  const plain = (await come(rows, parameter, country)).map((cells) => cells.map((cell) => cell.replace(/\u00a0/g, ' ')));
  expect(plain).toEqual(expected);
}); // prettier-ignore

test('what can be understood otherwise is said: the line of the company, the rows that are hidden, the sheets', async () => {
  const { understood } = await read('05-amo-export.csv');
  expect(understood.otherColumns).toEqual([{ name: 'Source phone', rows: 3, why: 'staff' }]);
  expect((await read('14-filtered.xlsx')).understood.hiddenRows).toBe(1);
  const { sheet, sheets } = (await read('15-instruction.xlsx')).understood;
  expect({ sheet, sheets: sheets?.map(({ name }) => name) }).toEqual({ sheet: 'Контакты', sheets: ['Инструкция', 'Контакты'] }); // prettier-ignore
});
