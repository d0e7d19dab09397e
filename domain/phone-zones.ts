/**
 * The time zones a phone number may be in. Not for workflows: the metadata is large.
 *
 * A number tells its country. Where in it the person is, it does not: mobile numbers of Russia are not bound to a
 * region, those of the US move with their owners, and the one map there is (Google's, by prefix) says Moscow for
 * every Russian mobile number. So all zones of the country count, and whoever sends must respect each of them.
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** IANA zones, none when the number belongs to no country or the country's zones are not known. */
export function zonesOfPhone(e164: string): readonly string[] {
  const country = parsePhoneNumberFromString(e164)?.country;
  return country ? zonesOfCountry(country) : [];
}

const known = new Map<string, readonly string[]>();

function zonesOfCountry(country: string): readonly string[] {
  const cached = known.get(country);
  if (cached) return cached;
  // A property in Node 20, a method since: https://tc39.es/proposal-intl-locale-info/
  const locale = new Intl.Locale(`und-${country}`) as { timeZones?: string[]; getTimeZones?: () => string[] };
  const zones = locale.getTimeZones?.() ?? locale.timeZones ?? [];
  known.set(country, zones);
  return zones;
}
