/** One person, whatever the spelling: the key, all spellings, and every form that lists, replies and receipts have. */
import fc from 'fast-check';
import { bySpelling, dialled, mayBeLandline, personKey, spellingsOf } from '../../../domain/phones/person';
import { normalisePhones } from '../../../domain/phones/phone';
import { BRAZILIAN_FORMS, brazilianMobile, MEXICAN_FORMS, mexicanNumber, WHATSAPP_IDS } from './spellings';

test.each([
  ['+5551991234567', ['+5551991234567', '+555191234567'], 'Brazil with its 9'],
  ['+555191234567', ['+5551991234567', '+555191234567'], "Brazil as WhatsApp's id has it"],
  ['+555561234567', ['+5555961234567', '+555561234567'], 'area 55 of country 55'],
  ['+555131234567', ['+555131234567'], 'a Brazilian landline never has the 9'],
  ['+5511931234567', ['+5511931234567'], 'a mobile that would be a landline without its 9'],
  ['+558001234567', ['+558001234567'], 'no area of Brazil: toll-free'],
  ['+525512345678', ['+525512345678', '+5215512345678'], 'Mexico'],
  ['+5215512345678', ['+525512345678', '+5215512345678'], 'Mexico with the 1'],
  ['+5491123456789', ['+5491123456789', '+541123456789'], 'Argentina with the 9'],
  ['+541123456789', ['+5491123456789', '+541123456789'], 'Argentina without it'],
  ['+548001234567', ['+548001234567'], 'toll-free in Argentina'],
  ['+79001234567', ['+79001234567'], 'any other country'],
  ['+51987654321', ['+51987654321'], 'a neighbour with a 5'],
  ['erased:abc', ['erased:abc'], 'what is no number'],
  ['', [''], 'nothing'],
])('%p is one of %j: %s', (phone, all) => {
  expect(spellingsOf(phone)).toEqual(all);
  expect(personKey(phone)).toBe(all[0]);
});

test('what is written to is the number of the country’s plan; an Argentine one stays as given', () => {
  expect(dialled('+555191234567')).toBe('+5551991234567');
  expect(dialled('+5215512345678')).toBe('+525512345678');
  expect(dialled('+541123456789')).toBe('+541123456789');
  expect(dialled('+5491123456789')).toBe('+5491123456789');
});

test.each([
  ['+541123456789', true],
  ['+5491123456789', false],
  ['+555191234567', false],
  ['+74951234567', false],
])('%p may be a landline: %p', (phone, expected) => expect(mayBeLandline(phone)).toBe(expected));

test('what is found is told by the numbers asked about, each of them', () => {
  const both = bySpelling(['+541123456789', '+5491123456789', '+79001234567'], (phone) => [`#${phone}`]);
  expect(both.asked('+541123456789')).toEqual(['+541123456789', '+5491123456789']);
  expect(both.asked('#+5491123456789')).toEqual(['+541123456789', '+5491123456789']);
  expect(both.asked('+79001234567')).toEqual(['+79001234567']);
  expect(both.asked('+79001234568')).toEqual([]);
  expect(both.spellings).toHaveLength(6);
});

test('every form of a Brazilian mobile is one number, with the 9', () => {
  fc.assert(
    fc.property(brazilianMobile, fc.constantFrom(...BRAZILIAN_FORMS), (number, form) => {
      const { country, text } = form(number);
      const { valid } = normalisePhones(text, country);
      expect({ text, valid }).toEqual({
        text,
        valid: [{ e164: `+55${number.area}9${number.rest}`, country: 'BR', mobile: true }],
      });
    }),
  );
});

test('every form of a Mexican number is one number, without the 1', () => {
  fc.assert(
    fc.property(mexicanNumber, fc.constantFrom(...MEXICAN_FORMS), (national, form) => {
      const { country, text } = form(national);
      expect({ text, valid: normalisePhones(text, country).valid.map(({ e164 }) => e164) }).toEqual({
        text,
        valid: [`+52${national}`],
      });
    }),
  );
});

test('what WhatsApp calls a number has the key of what was written to', () => {
  fc.assert(
    fc.property(fc.oneof(...WHATSAPP_IDS), ({ written, ids }) => {
      for (const id of ids) expect(personKey(id)).toBe(personKey(written));
    }),
  );
});

test.each([
  ['011 15-2345-6789', 'AR', '+5491123456789'],
  ['11 15 2345 6789', 'AR', '+5491123456789'],
  ['9 11 2345 6789', 'AR', '+5491123456789'],
  ['02966 15-423456', 'AR', '+5492966423456'],
  ['54 9 2966 15 423456', 'AR', '+5492966423456'],
  ['+54 9 11 15 2345 6789', 'RU', '+5491123456789'],
  ['+54 9 011 15 2345 6789', 'RU', '+5491123456789'],
  ['+54 11 15 2345 6789', 'RU', '+5491123456789'],
  ['5491123456789', 'RU', '+5491123456789'],
  ['+54 11 2345-6789', 'RU', '+541123456789'],
  ['011 2345-6789', 'AR', '+541123456789'],
  ['55 51 3123-4567', 'RU', '+555131234567'],
  ['51 3123-4567', 'BR', '+555131234567'],
  ['01 800 123 4567', 'MX', '+528001234567'],
  ['whatsapp: 555191234567 (Ana)', 'RU', '+5551991234567'],
] as const)('%p (%s) is %p', (text, country, expected) => {
  expect(normalisePhones(text, country).valid.map(({ e164 }) => e164)).toEqual([expected]);
});

test.each([
  ['91234567', 'BR'],
  ['15 2345 6789', 'AR'],
] as const)('%p (%s) lacks its area', (text, country) => expect(normalisePhones(text, country).valid).toEqual([]));
