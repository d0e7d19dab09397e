/**
 * Finds the possible time zones of a phone number, and how they are known. Not for workflows: the phone metadata is
 * large.
 *
 * Landlines show their region, and so do mobiles that have area codes (North America, Brazil, Mexico, Argentina). Other
 * mobiles show only the country: Russia's are not bound to a region, and the map (Google's, by prefix) says Moscow for
 * all of them. In countries with several zones a default decides.
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PhoneZones {
  /** IANA zones, all of which must be open; empty when nothing is known about the number. */
  zones: readonly string[];
  /** How they were found: region, country, the default zone, the usual zone of such numbers, or all possible zones. */
  by: 'region' | 'country' | 'default' | 'usual' | 'all' | 'nothing';
}

/** `defaultZone` applies to numbers of a country that has this zone, when the number does not show the region. */
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
  // For a toll-free North American number, the map also lists zones of other countries.
  const possible = mapped.filter((zone) => ofCountry.includes(zone));
  return { zones: possible.length > 0 ? possible : ofCountry, by: 'all' };
}

/** Countries whose mobile numbers begin with an area code, like landlines. */
const AREA_CODES_ON_MOBILES: ReadonlySet<string> = new Set(['AR', 'BR', 'MX']);

const byCountry = new Map<string, readonly string[]>();

function zonesOfCountry(country: string): readonly string[] {
  const cached = byCountry.get(country);
  if (cached) return cached;
  // A property in Node 20, a method in later versions: https://tc39.es/proposal-intl-locale-info/
  const locale = new Intl.Locale(`und-${country}`) as { timeZones?: string[]; getTimeZones?: () => string[] };
  const zones = locale.getTimeZones?.() ?? locale.timeZones ?? [];
  byCountry.set(country, zones);
  return zones;
}

let byPrefix: ReadonlyMap<string, readonly string[]> | undefined;
let longest = 0;

/** Looks up the longest mapped prefix; empty when there is none. */
function zonesOfPrefix(digits: string): readonly string[] {
  byPrefix ??= readMap();
  for (let length = Math.min(longest, digits.length); length > 0; length--) {
    const zones = byPrefix.get(digits.slice(0, length));
    if (zones) return zones;
  }
  return [];
}

/** Loads the map derived from libphonenumber's; `about` in the file gives the version and our corrections. */
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
