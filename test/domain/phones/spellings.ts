/** Brazilian, Mexican and Argentine numbers, and every form in which lists, replies and receipts have them. */
import fc from 'fast-check';
import type { CountryCode } from 'libphonenumber-js';

interface Written {
  /** Default country. */
  country: CountryCode;
  text: string;
}

export interface BrazilianMobile {
  area: string;
  /** The eight digits behind the 9. */
  rest: string;
}

const AREAS = [
  '11',
  '19',
  '21',
  '24',
  '27',
  '31',
  '38',
  '41',
  '47',
  '51',
  '55',
  '61',
  '67',
  '71',
  '79',
  '85',
  '92',
  '99',
];
const digits = (count: number): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max: 10 ** count - 1 }).map((number) => String(number).padStart(count, '0'));

/** Of the older ones, which had eight digits once: WhatsApp may know them without the 9. */
export const brazilianMobile: fc.Arbitrary<BrazilianMobile> = fc
  .tuple(fc.constantFrom(...AREAS), fc.constantFrom('6', '7', '8', '9'), digits(7))
  .map(([area, first, others]) => ({ area, rest: first + others }));

export const BRAZILIAN_FORMS: ((number: BrazilianMobile) => Written)[] = (
  [
    ['RU', (area, rest) => `+55${area}9${rest}`],
    ['RU', (area, rest) => `+55${area}${rest}`],
    ['RU', (area, rest) => `55${area}9${rest}`],
    ['RU', (area, rest) => `55${area}${rest}`],
    ['RU', (area, rest) => `+55 (${area}) 9 ${rest.slice(0, 4)}-${rest.slice(4)}`],
    ['RU', (area, rest) => `+55 (0${area}) ${rest.slice(0, 4)}-${rest.slice(4)}`],
    ['RU', (area, rest) => `0055${area}${rest}`],
    ['RU', (area, rest) => `Ana: 55 ${area} ${rest}`],
    ['RU', (area, rest) => `55${area}${rest}.0`],
    ['DE', (area, rest) => `+55${area}${rest}`],
    ['MX', (area, rest) => `+55${area}9${rest}`],
    ['BR', (area, rest) => `${area}${rest}`],
    ['BR', (area, rest) => `${area}9${rest}`],
    ['BR', (area, rest) => `(${area}) 9${rest.slice(0, 4)}-${rest.slice(4)}`],
    ['BR', (area, rest) => `0${area} ${rest.slice(0, 4)} ${rest.slice(4)}`],
    ['BR', (area, rest) => `0xx${area} ${rest.slice(0, 4)}-${rest.slice(4)}`],
    ['BR', (area, rest) => `0 15 ${area} 9${rest}`],
    ['BR', (area, rest) => `55${area}${rest}`],
    ['BR', (area, rest) => `55${area}9${rest}`],
  ] satisfies [CountryCode, (area: string, rest: string) => string][]
).map(([country, form]) => ({ area, rest }) => ({ country, text: form(area, rest) }));

/** Ten digits of Mexico City, Guadalajara, Monterrey and others. */
export const mexicanNumber: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('55', '33', '81', '222', '664', '998'), fc.integer({ min: 2, max: 9 }), digits(7))
  .map(([area, first, others]) => `${area}${first}${others}`.slice(0, 10));

export const MEXICAN_FORMS: ((national: string) => Written)[] = (
  [
    ['RU', (n) => `+52${n}`],
    ['RU', (n) => `+521${n}`],
    ['RU', (n) => `521${n}`],
    ['RU', (n) => `52${n}`],
    ['RU', (n) => `+52 1 ${n.slice(0, 2)} ${n.slice(2, 6)} ${n.slice(6)}`],
    ['RU', (n) => `+52 044 ${n}`],
    ['RU', (n) => `+52 1 044 ${n}`],
    ['RU', (n) => `+52 01 ${n}`],
    ['RU', (n) => `00521${n}`],
    ['RU', (n) => `521${n}.0`],
    ['MX', (n) => n],
    ['MX', (n) => `1 ${n}`],
    ['MX', (n) => `01 ${n}`],
    ['MX', (n) => `044 ${n}`],
    ['MX', (n) => `045${n}`],
    ['MX', (n) => `521${n}`],
    ['MX', (n) => `52${n}`],
  ] satisfies [CountryCode, (national: string) => string][]
).map(([country, form]) => (national) => ({ country, text: form(national) }));

interface Called {
  written: string;
  /** As WhatsApp may name it in replies and receipts. */
  ids: string[];
}

export const WHATSAPP_IDS: fc.Arbitrary<Called>[] = [
  brazilianMobile.map(({ area, rest }) => ({
    written: `+55${area}9${rest}`,
    ids: [`+55${area}${rest}`, `+55${area}9${rest}`],
  })),
  mexicanNumber.map((n) => ({ written: `+52${n}`, ids: [`+52${n}`, `+521${n}`] })),
  digits(8).map((n) => ({ written: `+54911${n}`, ids: [`+54911${n}`, `+5411${n}`] })),
];
