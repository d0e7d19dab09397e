/**
 * Reads a text as one phone number and decides between possible readings. Not for workflows: the phone metadata is
 * large.
 */
import { parsePhoneNumberWithError, type CountryCode, type PhoneNumber } from 'libphonenumber-js/max';
import { dialled } from './person';

export interface Phone {
  /** `+` and digits. */
  e164: string;
  /** Absent for numbers that belong to no single country. */
  country?: string;
  /** Also true where mobile and landline numbers cannot be distinguished (US). */
  mobile: boolean;
}

/** How a text was read. */
export interface Reading {
  phone: Phone;
  /** The other possible reading: one of the two is a landline of the default country, the other a mobile abroad. */
  other?: Phone;
}

/** Minimum digits for reading a number without a plus as foreign. */
const LEAST_DIGITS_ABROAD = 11;
/**
 * Countries where 8 is dialled before domestic numbers (from libphonenumber's metadata, which has no public access to
 * it). There it never means a plus, although codes such as +82 begin with it.
 */
export const TRUNK_8: ReadonlySet<CountryCode> = new Set(['BY', 'KZ', 'RU', 'TM']);
/** `8 (…` or `+8 (…`: set apart like this, the 8 is not part of a country code. */
const TRUNK_8_APART = /^\D*8[^\d+]/;
/** Digits of a number in these countries including the 8. */
const TRUNK_8_DIGITS = 11;
/** The placeholder for the carrier's code in Brazil: `0xx51`. */
const CARRIER = /0\s?xx[\s)-]*/i;
/** Words that label a number as something else: do not guess that it is foreign. */
const OTHER_NUMBER =
  /инн|огрн|кпп|снилс|бик|сч[её]т|договор|заказ|карт|паспорт|полис|артикул|№|#|\b(?:id|inn|iban|sku|order|invoice|account|card|passport)\b/iu;
/** A single run of digits with words around it. */
const ONE_RUN = /^[^\d+]*(\+?[\d\s().\-–]*\d)[^\d+]*$/u;

/**
 * Reads a text as a number: as written, in the default country, or with the international prefixes that people write
 * instead of `+` or leave out. Without a plus, a mobile takes precedence over a landline.
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
    // Vietnam's mobiles have as many digits, but are never meant when the 8 is set apart.
    const same = own && bare === digits ? validPhone(`+${digits}`, country) : undefined;
    return own && { phone: own, ...(same?.mobile && { other: same }) };
  }
  const otherThing = bare.length < piece.trim().length && OTHER_NUMBER.test(piece);
  // The default country's own code without the plus.
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

/**
 * The number in its country's current plan: old lists and WhatsApp itself have other forms (domain/phones/person.ts).
 */
function mendedOf({ number, countryCallingCode, nationalNumber }: PhoneNumber): string {
  switch (countryCallingCode) {
    case '52':
      // Until 2019 mobiles had the prefix 044 or 045, and all numbers 01; WhatsApp adds a 1 after the country code.
      return number.replace(/^\+521?(?:01|04[45])?1?([2-9]\d{9})$/, '+52$1');
    case '54': {
      // The international 9 together with the national 15; libphonenumber accepts only one of them.
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
