/** Erasing a person from saved lists: the row with the numbers it was read as, however the phone is written there. */
import type { CountryCode } from 'libphonenumber-js';
import { MongoClient } from 'mongodb';
import { openPeopleFile } from '../../audience/file';
import { saveAsList } from '../../audience/save';
import type { Person } from '../../domain/audience';
import { startStore, type TestStore } from './support';

const OTHER = '+79007654321';
const by = { kind: 'cli' as const };

let own: TestStore;
beforeAll(async () => {
  own = await startStore();
});
afterAll(() => own?.close());

test.each<[what: string, written: string, phone: string, took?: CountryCode]>([
  ['with the trunk 8', '8 (900) 123-45-67', '+79001234567'],
  ['as a link', 'https://wa.me/79001234567', '+79001234567'],
  ['as a spreadsheet shows it', '7.9001234567E+10', '+79001234567'],
  ['with the letter O for a zero', '89OO1234567', '+79001234567'],
  ['full-width', '＋７９００１２３４５６７', '+79001234567'],
  ['as the second of two', '8 900 765-43-20, 8 900 123-45-67', '+79001234567'],
  ['in the other spelling of a Brazilian mobile', '+55 11 8123-4567', '+5511981234567'],
  ['in the other spelling of an Argentine mobile', '+54 9 11 2345-6789', '+541123456789'],
  ['without a country code, taken in where it needed none', '0171 2345678', '+491712345678', 'DE'],
  ['with the trunk 8 of another country than today', '8 701 123 45 67', '+77011234567', 'KZ'],
  ['as the number that it could be too', '84951234567', '+84951234567'],
])('%s', async (what, written, phone, took = 'RU') => {
  const { store } = own;
  const csv = `имя;телефон\nАнна;"${written}"\nПётр;${OTHER}\nОлег;8 900 765-43-22\n`;
  const opened = await openPeopleFile(Buffer.from(csv), { country: took });
  if (!opened.ok) throw new Error(JSON.stringify(opened.refusal));
  const saved = await saveAsList(opened.value, { name: what, by }, store.lists);
  if (!saved.ok) throw new Error(JSON.stringify(saved.refusal));
  const { _id } = saved.value.list;
  const before = await rowsOf(_id);

  await store.erasure.erase(phone, { by, country: 'RU' });
  const [theirs, ...others] = await rowsOf(_id);
  expect(theirs).toEqual({ phones: [], columns: { имя: '', телефон: '' }, origin: '2' });
  expect(others).toEqual(before.slice(1));
  const client = await MongoClient.connect(own.uri);
  try {
    const stored = JSON.stringify(await client.db().collection('listRows').find({ listId: _id }).toArray());
    expect(stored).not.toContain(phone);
  } finally {
    await client.close();
  }
});

async function rowsOf(listId: string): Promise<Person[]> {
  const people: Person[] = [];
  for await (const person of own.store.lists.rows(listId)) people.push(person);
  return people;
}
