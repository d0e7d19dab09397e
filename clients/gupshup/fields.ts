/**
 * Tolerant fields of webhook bodies: a field of a wrong type counts as absent, so that one odd field loses no event.
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { z } from 'zod';

const textUpTo = (most: number) =>
  z
    .union([z.string(), z.number().transform(String)])
    .transform((value) => value.slice(0, most).trim() || undefined)
    .optional()
    .catch(undefined);

/**
 * A non-empty string; numbers are converted. Names, ids and kinds are short, because a value that occurs once in a body
 * may be copied into each of its thousands of events.
 */
export const word = textUpTo(512);

/** What people write: WhatsApp takes 4,096 characters. */
export const words = textUpTo(5_000);

export const lowerWord = word.transform((value) => value?.toLowerCase());

export const upperWord = word.transform((value) => value?.toUpperCase());

/** Anything or nothing: for `personIn`. */
export const anything = z.unknown().optional();

/** An object, or an empty one. */
export const part = z.record(z.string(), z.unknown()).catch({});

/** The objects of an array; empty if it is not an array. */
export const parts = z.array(part).catch([]);

/** Digits as WhatsApp writes them; some providers add a plus and separators. */
const PHONE = /^\+?\d[\d\s().-]*$/;
const DIGITS = { least: 7, most: 15 };

/**
 * An E.164 number with an existing country code; anything else counts as absent, because a hidden number's field may
 * hold an empty text, a word or a user id. The length is not checked: WhatsApp writes some numbers in undiallable forms
 * (whatsapp.md#two-spellings).
 */
export const phone = word.transform((value) => {
  if (value === undefined || !PHONE.test(value)) return undefined;
  const digits = value.replace(/\D/g, '');
  if (digits.length < DIGITS.least || digits.length > DIGITS.most) return undefined;
  return parsePhoneNumberFromString(`+${digits}`) && `+${digits}`;
});

/** A country, a dot, and up to 128 characters; `ENT.` in between for a business with several portfolios. */
const USER_ID = /^[A-Z]{2}\.(?:ENT\.)?\w{1,128}$/i;

/** A business-scoped user id such as `RU.1349…` (whatsapp.md#people-without-a-number). */
const userId = word.transform((value) => (value && USER_ID.test(value) ? value : undefined));

/** The person a body names. Each value may be a number or a user id, whichever field it is in. */
export function personIn(...values: unknown[]): { phone?: string; userId?: string } {
  const firstOf = (field: typeof phone): string | undefined => {
    for (const value of values) {
      const read = field.parse(value);
      if (read !== undefined) return read;
    }
    return undefined;
  };
  return compact({ phone: firstOf(phone), userId: firstOf(userId) });
}

/** Larger Unix times are in milliseconds or microseconds: in seconds this would be the year 5138. */
const MILLISECONDS_FROM = 1e11;
const MICROSECONDS_FROM = 1e14;
/** With an offset: without one the moment is unknown. */
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/i;
/** WhatsApp has no earlier events, nor future ones; and some databases do not accept every JavaScript date. */
const YEARS = { first: 2009, last: 2100 };

/** A Unix time in seconds or milliseconds, as number or string (gupshup.md#envelope, gupshup.md#version-3). */
export const time = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d+(?:\.\d+)?$/)
      .transform(Number),
    z.string().regex(ISO).transform(Date.parse),
  ])
  .transform((value) => {
    if (value < MILLISECONDS_FROM) return new Date(value * 1000);
    return new Date(value < MICROSECONDS_FROM ? value : value / 1000);
  })
  .refine((date) => date.getUTCFullYear() >= YEARS.first && date.getUTCFullYear() <= YEARS.last)
  .optional()
  .catch(undefined);

type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The object without its undefined fields. */
export function compact<T extends object>(fields: T): Compact<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Compact<T>;
}
