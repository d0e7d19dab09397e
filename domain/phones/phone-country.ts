/** Finds a number's country, for many numbers. Not for workflows: the phone metadata is large. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** Enough digits to distinguish countries that share a calling code (Russia and Kazakhstan), few enough to cache well. */
const TELLING_DIGITS = 7;
const MOST_CACHED = 50_000;

/** Says of E.164 numbers their ISO country code; '' for numbers without a country. Remembers what it has looked up. */
export function createCountryOf(): (e164: string) => string {
  const countries = new Map<string, string>();
  return (e164) => {
    const prefix = e164.slice(0, TELLING_DIGITS + 1);
    const known = countries.get(prefix);
    if (known !== undefined) return known;
    if (countries.size >= MOST_CACHED) countries.clear();
    const country = parsePhoneNumberFromString(e164)?.country ?? '';
    countries.set(prefix, country);
    return country;
  };
}

/** Counts E.164 numbers by ISO country code; '' for numbers without a country. */
export function createCountryCounter(): { add(e164: string): void; counts: ReadonlyMap<string, number> } {
  const countryOf = createCountryOf();
  const counts = new Map<string, number>();
  return {
    add: (e164) => {
      const country = countryOf(e164);
      counts.set(country, (counts.get(country) ?? 0) + 1);
    },
    counts,
  };
}
