/** One text as one phone number: which of the readings it allows is meant. Not for workflows: the metadata is large. */
import { parsePhoneNumberWithError, type CountryCode, type PhoneNumber } from 'libphonenumber-js/max';
import { dialled } from './person';

export interface Phone {
  /** `+` and digits. */
  e164: string;
  /** Absent for numbers that belong to no single country. */
  country?: string;
  /** True also where mobile and landline numbers cannot be told apart (US). */
  mobile: boolean;
}

/** How a text is taken. */
export interface Reading {
  phone: Phone;
  /** It could be this one too: one of the two is a landline of the default country, the other a mobile abroad. */
  other?: Phone;
}

/** A number without a plus that is none of the default country needs so many digits to be taken for one abroad. */
const LEAST_DIGITS_ABROAD = 11;
/**
 * Where 8 is dialled before a number of the same country (libphonenumber's metadata, which has no public way to it):
 * never a plus there, though codes such as +82 begin so too.
 */
export const TRUNK_8: ReadonlySet<CountryCode> = new Set(['BY', 'KZ', 'RU', 'TM']);
/** `8 (…` or `+8 (…`: set apart like this it is no part of a country code, in whatever country. */
const TRUNK_8_APART = /^\D*8[^\d+]/;
/** A number of these countries with its 8. */
const TRUNK_8_DIGITS = 11;
/** The place of the carrier's code in Brazil: `0xx51`. */
const CARRIER = /0\s?xx[\s)-]*/i;
/** Words that call a number something else: of such it is not guessed that it belongs abroad. */
const OTHER_NUMBER =
  /инн|огрн|кпп|снилс|бик|сч[её]т|договор|заказ|карт|паспорт|полис|артикул|№|#|\b(?:id|inn|iban|sku|order|invoice|account|card|passport)\b/iu;
/** Words about a number that is one run of digits. */
const ONE_RUN = /^[^\d+]*(\+?[\d\s().\-–]*\d)[^\d+]*$/u;

/**
 * The number that a text is, as far as it is one: as written, in the default country, or with the international
 * prefixes that people write for `+`, or leave out. Without a plus a mobile number counts before a landline.
 */
export function readPhone(text: string, country: CountryCode): Reading | undefined {
  const piece = text.replace(CARRIER, '0');
  const bare = (ONE_RUN.exec(piece)?.[1] ?? piece).trim();
  const digits = bare.replace(/\D/g, '');
  if (bare.startsWith('+')) return asReading(withPlus(bare, digits, country));
  const own = validPhone(piece, country);
  if (/\p{L}/u.test(bare)) return asReading(own);
  if (digits.startsWith('00')) return asReading(own ?? validPhone(`+${digits.slice(2)}`, country));
  if (own?.mobile === true || digits.startsWith('0')) return asReading(own);
  if (hasTrunk8(bare, digits, country)) {
    // Vietnam's mobiles have as many digits, and are never meant while the 8 stands apart.
    const same = own && bare === digits ? validPhone(`+${digits}`, country) : undefined;
    return own && { phone: own, ...(same?.mobile && { other: same }) };
  }
  const otherThing = bare.length < piece.trim().length && OTHER_NUMBER.test(piece);
  // The default country's own code, its plus left out.
  if (otherThing || own?.e164 === `+${digits}`) return asReading(own);
  const abroad = validPhone(`+${digits}`, country);
  if (!own) return asReading(digits.length >= LEAST_DIGITS_ABROAD ? abroad : undefined);
  if (!abroad?.mobile) return asReading(own);
  return { phone: abroad, ...(abroad.country !== own.country && { other: own }) };
}

function asReading(phone: Phone | undefined): Reading | undefined {
  return phone && { phone };
}

function withPlus(text: string, digits: string, country: CountryCode): Phone | undefined {
  const mayBeTrunk = TRUNK_8.has(country) && digits.startsWith('8') && digits.length === TRUNK_8_DIGITS;
  const withoutPlus = text.replace('+', '');
  if (TRUNK_8_APART.test(text)) return mayBeTrunk ? validPhone(withoutPlus, country) : undefined;
  // "+8900…": no country has the code 8.
  return validPhone(text, country) ?? (mayBeTrunk ? validPhone(withoutPlus, country) : undefined);
}

function hasTrunk8(text: string, digits: string, country: CountryCode): boolean {
  if (TRUNK_8_APART.test(text)) return true;
  return TRUNK_8.has(country) && digits.startsWith('8') && digits.length === TRUNK_8_DIGITS;
}

function validPhone(text: string, country: CountryCode): Phone | undefined {
  const number = parse(text, country);
  if (!number) return undefined;
  const mended = mendedOf(number);
  const meant = mended === number.number ? number : parse(mended, country);
  return meant?.isValid() ? phoneOf(meant) : undefined;
}

/** The number as its country's plan has it now: old lists, and WhatsApp itself, have others (domain/phones/person.ts). */
function mendedOf({ number, countryCallingCode, nationalNumber }: PhoneNumber): string {
  switch (countryCallingCode) {
    case '52':
      // 044 and 045 stood before mobiles, 01 before any number, all until 2019; 1 behind the country code.
      return number.replace(/^\+521?(?:01|04[45])?1?([2-9]\d{9})$/, '+52$1');
    case '54': {
      // The 9 of the international form with the 15 of the national one, which libphonenumber knows alone only.
      const local = nationalNumber.length > AR_MOBILE_DIGITS ? /^9(\d+)$/.exec(nationalNumber)?.[1] : undefined;
      return (local && parse(`+54${local}`, 'AR')?.number) || number;
    }
    default:
      return dialled(number);
  }
}

const AR_MOBILE_DIGITS = 11;

function parse(text: string, country: CountryCode): PhoneNumber | undefined {
  try {
    return parsePhoneNumberWithError(text, country);
  } catch {
    return undefined;
  }
}

function phoneOf(number: PhoneNumber): Phone {
  const type = number.getType();
  return {
    e164: number.number,
    ...(number.country && { country: number.country }),
    mobile: type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE',
  };
}
