/** Numbers as WhatsApp's own programs and links write them; and cells of phones with a byte that is no character. */
import { readAudienceFile, type AudienceFile } from '../../audience/file';
import { normalisePhones, validNumbers } from '../../domain/phones/phone';
import type { CountryCode } from 'libphonenumber-js';

async function read(bytes: Buffer | string, country: CountryCode = 'RU'): Promise<AudienceFile> {
  const result = await readAudienceFile(Buffer.from(bytes as string), { country });
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}

test.each([
  ['79001234567@c.us', ['+79001234567']],
  ['4915112345678@s.whatsapp.net', ['+4915112345678']],
  ['79001234567:12@s.whatsapp.net', ['+79001234567']],
  ['whatsapp:+79001234567', ['+79001234567']],
  ['https://wa.me/79001234567', ['+79001234567']],
  ['wa.me/+79001234567?text=Hi%209001234568', ['+79001234567']],
  ['https://api.whatsapp.com/send?phone=79001234567&text=a', ['+79001234567']],
  ['https://web.whatsapp.com/send/?text=a&phone=%2B79001234567', ['+79001234567']],
  ['tel:+7-900-123-45-67', ['+79001234567']],
  ['tel:8(900)123-45-67;ext=12', ['+79001234567']],
  ['79001234567@c.us, 79001234568@c.us', ['+79001234567', '+79001234568']],
  ['whatsapp: 8 900 123-45-67', ['+79001234567']],
  ['120363012345678901@g.us', []],
  ['79001234567-1580000000@g.us', []],
  ['79001234567@lid', []],
  ['79001234567@newsletter', []],
  ['status@broadcast', []],
  ['https://wa.me/message/ABCDEFGH', []],
])('a number as WhatsApp writes it is read: %s', (text, numbers) => {
  expect(normalisePhones(text, 'RU').valid.map(({ e164 }) => e164)).toEqual(numbers);
});

test.each([
  ['chat_id', '79001234567@c.us', '79001234568@c.us', '+79001234567'],
  ['jid', '79001234567@s.whatsapp.net', '79001234568@s.whatsapp.net', '+79001234567'],
  ['wa_id', '79001234567', '79001234568', '+79001234567'],
  ['Ссылка', 'https://wa.me/79001234567', 'https://wa.me/79001234568', '+79001234567'],
  ['WhatsApp ID', '4915112345678', '4915112345679', '+4915112345678'],
])('a column %s of %s is one of phones', async (name, one, two, first) => {
  for (const country of ['RU', 'DE'] as const) {
    const file = await read(`Имя;${name}\nАнна;${one}\nПётр;${two}\n`, country);
    expect(file.phoneColumn).toBe(name);
    expect(validNumbers(file.rows[0]!.phones, country)).toEqual([first]);
    expect(file.rejected).toEqual([]);
  }
});

test('a chat_id of digits leads nowhere, and a phone beside ids counts before them', async () => {
  const beside = await read('chat_id;Телефон\n79001234567;89007654321\n79001234568;89007654322\n');
  expect(beside.phoneColumns).toEqual(['Телефон']);
  const groups = await read('Имя;jid\nАнна;79001234567@s.whatsapp.net\nГруппа;120363012345678901@g.us\n');
  expect(groups.rejected).toMatchObject([{ line: 3, reason: 'invalid_phone', problem: 'no_number' }]);
});

test.each([
  ['a control byte', Buffer.from('Имя;Телефон\nАнна;8900\u00011234567\nПётр;89001234568\n'), 'unreadable_character'],
  ['a broken character', Buffer.concat([Buffer.from('Имя;Телефон\nАнна;8900'), Buffer.from([0xff]), Buffer.from('1234567\nПётр;89001234568\nИванна Ивановна Длинноеимя;89001234569\n')]), 'unreadable_character'],
  ['a formula', Buffer.from('Имя;Телефон\nАнна;=A1&B1\nПётр;89001234568\n'), 'formula'],
  ['an error', Buffer.from('Имя;Телефон\nАнна;#N/A\nПётр;89001234568\n'), 'formula'],
])('%s in a cell of phones costs its row, with its own reason', async (_what, bytes, reason) => {
  expect((await read(bytes)).rejected).toMatchObject([{ line: 2, reason }]);
}); // prettier-ignore
