/** Finds a number's country, for counting many numbers. Not for workflows: the phone metadata is large. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** Enough digits to distinguish countries that share a calling code, few enough to cache well. */
const TELLING_DIGITS = 7;

/** Counts E.164 numbers by ISO country code; '' for numbers without a country. */
export function createCountryCounter(): { add(e164: string): void; counts: ReadonlyMap<string, number> } {
  const countries = new Map<string, string>();
  const counts = new Map<string, number>();
  return {
    add: (e164) => {
      const prefix = e164.slice(0, TELLING_DIGITS + 1);
      const country = countries.get(prefix) ?? parsePhoneNumberFromString(e164)?.country ?? '';
      countries.set(prefix, country);
      counts.set(country, (counts.get(country) ?? 0) + 1);
    },
    counts,
  };
}
