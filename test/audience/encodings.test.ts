/** 8-bit encodings are told apart by what the words look like, and doubt is said. */
import { openCsv } from '../../audience/csv';
import { encodingOf } from '../../audience/decode';

function encoded(text: string, encoding: string): Buffer {
  const decoder = new TextDecoder(encoding);
  const bytes = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]));
  return Buffer.from([...text].map((letter) => bytes.get(letter)!));
}

const RUSSIAN = [
  'Имя;Телефон\nАнна;89001234567\nБорис;89007654321\n',
  'name;phone\nАнна;89001234567\n',
  'ФИО;Телефон\nИВАНОВА АННА СЕРГЕЕВНА;89001234567\n',
  'ИМЯ;ТЕЛЕФОН\nАННА;89001234567\n',
  'phone;name\n89001234567;Пётр Ёжиков\n89007654321;Щукина Юлия\n',
  'phone;city\n89001234567;Санкт-Петербург\n',
];
const OTHERS: [string, string][] = [
  ['windows-1252', 'name;phone\nJosé;+5511987654321\n'],
  ['windows-1252', 'Peña;1\nNúñez;2\nFrançois;3'],
  ['windows-1252', 'nome;telefone\nJoão Conceição;1\nAntônio;2'],
  ['windows-1252', 'Søren Åkesson;1\nJürgen Groß;2'],
  ['windows-1250', 'jméno;telefon\nJiří Dvořák;1\nŁukasz;2'],
  ['windows-1254', 'ad;telefon\nIşıl Güneş;1'],
  ['windows-1257', 'vārds;tel\nJānis Bērziņš;1'],
  ['macintosh', 'name;phone\nJosé;1\nMüller;2'],
];

test.each([
  ...['windows-1251', 'ibm866', 'koi8-r', 'x-mac-cyrillic', 'iso-8859-5'].flatMap((encoding) =>
    RUSSIAN.map((text) => [encoding, text] as [string, string]),
  ),
  ...OTHERS,
])('%s: %j is read as it was written', async (encoding, text) => {
  const bytes = encoded(text, encoding);
  const found = await encodingOf(bytes);
  expect(new TextDecoder(found.encoding).decode(bytes)).toBe(text);
});

test('where two encodings give words, the other one is offered, and taken when asked for', async () => {
  const bytes = encoded('vārds;tel\nJānis Bērziņš;1\n', 'windows-1257');
  expect(await encodingOf(bytes)).toMatchObject({
    encoding: 'windows-1257',
    others: ['windows-1250'],
    readings: expect.arrayContaining([
      { encoding: 'windows-1257', sample: 'vārds, Jānis Bērziņš' },
      { encoding: 'windows-1250', sample: 'vârds, Jânis Bçrziňđ' },
    ]),
  });
  expect((await openCsv(bytes, { country: 'RU' })).format).toMatchObject({
    encoding: 'windows-1257',
    encodings: ['windows-1250'],
  });
  const { format, rows } = await openCsv(bytes, { encoding: 'Windows-1250', country: 'RU' });
  expect(format).toMatchObject({ kind: 'csv', encoding: 'windows-1250', delimiter: ';' });
  expect(format).not.toHaveProperty('encodings');
  expect((await rows.next()).value).toMatchObject({ rows: [{}, { cells: ['Jânis Bçrziňđ', '1'] }] });
});

test.each([
  ['UTF-8', Buffer.from('Имя;Телефон\nАнна;1'), 'utf-8'],
  ['UTF-8 with one broken byte', Buffer.concat([Buffer.from('Имя;Телефон\nАнна Иванова;1\nБ'), Buffer.from([0xff]), Buffer.from('рис;2')]), 'utf-8'],
  ['UTF-16 LE without a mark', Buffer.from('Имя;Телефон\nАнна;89001234567', 'utf16le'), 'utf-16le'],
  ['UTF-16 BE without a mark', Buffer.from('Имя;Телефон\nАнна;89001234567', 'utf16le').swap16(), 'utf-16be'],
])('the encoding of a file is found: %s', async (_what, bytes, encoding) => {
  expect(await encodingOf(bytes)).toEqual({ encoding, others: [] });
}); // prettier-ignore
