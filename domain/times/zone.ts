/** Normalises time zone names as people write them to IANA names at the edge. */
import { IANAZone } from 'luxon';

/**
 * `europe/moscow` → `Europe/Moscow`; undefined when there is no such zone. Node accepts any case, and offsets such as
 * `+03:00`; Temporal's server accepts neither.
 */
export function canonicalZone(name: string): string | undefined {
  const typed = name.trim();
  if (/^[+-]/.test(typed) || !IANAZone.isValidZone(typed)) return undefined;
  const known = zoneNames();
  const resolved = new Intl.DateTimeFormat('en', { timeZone: typed }).resolvedOptions().timeZone;
  return known.get(typed.toLowerCase()) ?? resolved;
}

let names: ReadonlyMap<string, string> | undefined;
function zoneNames(): ReadonlyMap<string, string> {
  names ??= new Map(Intl.supportedValuesOf('timeZone').map((zone) => [zone.toLowerCase(), zone]));
  return names;
}
