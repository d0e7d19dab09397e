/** The country of a number, for counting many. Not for workflows: the metadata is large. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** Enough digits to tell countries that share a calling code apart, few enough to be met again and again. */
const TELLING_DIGITS = 7;

/** Counts E.164 numbers by the ISO code of their country; '' for those of none. */
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
