/**
 * The time zones a phone number may be in, and how that is known. Not for workflows: the metadata is large.
 *
 * Landlines tell their region, and so do mobiles where area codes reach them (North America, Brazil, Mexico, Argentina).
 * Other mobiles tell their country only: Russia's are not bound to a region, and the map there is (Google's, by prefix)
 * says Moscow for all of them. Where a country has several zones a default decides for these.
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PhoneZones {
  /** IANA zones, each of which must be open; none when nothing is known of the number. */
  zones: readonly string[];
  /** By its region, by its country, by the default zone, by the usual zone of such numbers, or all that are possible. */
  by: 'region' | 'country' | 'default' | 'usual' | 'all' | 'nothing';
}

/** `defaultZone` counts for numbers of a country that has it, when the number does not tell where in it. */
export function zonesOfPhone(e164: string, defaultZone: string): PhoneZones {
  const number = parsePhoneNumberFromString(e164);
  const country = number?.country;
  if (!country) return { zones: [], by: 'nothing' };
  const ofCountry = zonesOfCountry(country);
  if (ofCountry.length === 1) return { zones: ofCountry, by: 'country' };
  const mapped = zonesOfPrefix(e164.slice(1));
  const isMobile = number.getType() === 'MOBILE' && !AREA_CODES_ON_MOBILES.has(country);
  if (mapped.length === 1 && !isMobile) return { zones: mapped, by: 'region' };
  if (ofCountry.includes(defaultZone)) return { zones: [defaultZone], by: 'default' };
  if (mapped.length === 1) return { zones: mapped, by: 'usual' };
  // Of a toll-free number of North America the map names zones of other countries as well.
  const possible = mapped.filter((zone) => ofCountry.includes(zone));
  return { zones: possible.length > 0 ? possible : ofCountry, by: 'all' };
}

/** Their mobile numbers begin with the area code as landlines do. */
const AREA_CODES_ON_MOBILES: ReadonlySet<string> = new Set(['AR', 'BR', 'MX']);

const byCountry = new Map<string, readonly string[]>();

function zonesOfCountry(country: string): readonly string[] {
  const cached = byCountry.get(country);
  if (cached) return cached;
  // A property in Node 20, a method since: https://tc39.es/proposal-intl-locale-info/
  const locale = new Intl.Locale(`und-${country}`) as { timeZones?: string[]; getTimeZones?: () => string[] };
  const zones = locale.getTimeZones?.() ?? locale.timeZones ?? [];
  byCountry.set(country, zones);
  return zones;
}

let byPrefix: ReadonlyMap<string, readonly string[]> | undefined;
let longest = 0;

/** By the longest prefix that is mapped; none when none is. */
function zonesOfPrefix(digits: string): readonly string[] {
  byPrefix ??= readMap();
  for (let length = Math.min(longest, digits.length); length > 0; length--) {
    const zones = byPrefix.get(digits.slice(0, length));
    if (zones) return zones;
  }
  return [];
}

/** The map, made from libphonenumber's; `about` in the file says of which version, and what is changed in it. */
function readMap(): ReadonlyMap<string, readonly string[]> {
  const file = JSON.parse(readFileSync(join(__dirname, 'phone-zones.json'), 'utf8')) as {
    zones: Record<string, string>;
  };
  const map = new Map<string, readonly string[]>();
  for (const [names, prefixes] of Object.entries(file.zones)) {
    const zones = names.split(' ');
    for (const prefix of prefixes.split(' ')) {
      map.set(prefix, zones);
      longest = Math.max(longest, prefix.length);
    }
  }
  return map;
}
