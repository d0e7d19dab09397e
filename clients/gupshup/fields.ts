/** Fields of webhook bodies, read with patience: a field of a wrong type counts as absent, so that one odd field loses no event. */
import { z } from 'zod';

/** A non-empty string; numbers become one. */
export const word = z
  .union([z.string(), z.number().transform(String)])
  .transform((value) => value.trim() || undefined)
  .optional()
  .catch(undefined);

export const upperWord = word.transform((value) => value?.toUpperCase());

/** An object, or an empty one. */
export const part = z.record(z.string(), z.unknown()).catch({});

/** The objects of an array; nothing when it is none. */
export const parts = z.array(part).catch([]);

/** An E.164 number; what has other characters than digits stays as it is. */
export const phone = word.transform((value) => (value && /^\d{5,15}$/.test(value) ? `+${value}` : value));

/** Above this a Unix time is in milliseconds: in seconds it would be the year 5138. */
const MILLISECONDS_FROM = 1e11;

/** A Unix time in seconds or milliseconds, as number or string (facts/gupshup-whatsapp.md §4.2, §4.7). */
export const time = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
  .transform((value) => new Date(value < MILLISECONDS_FROM ? value * 1000 : value))
  .refine((date) => !Number.isNaN(date.getTime()))
  .optional()
  .catch(undefined);

type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The object without its undefined fields. */
export function compact<T extends object>(fields: T): Compact<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Compact<T>;
}
