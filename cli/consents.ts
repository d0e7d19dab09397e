/** The consents recorded in a file of people: what a column or the command line says of each row. */
import { consentColumns, consentTime, CONSENT_PARTS, type ConsentPart } from '../audience/consent-columns';
import { refused } from '../config/errors';
import type { Person } from '../domain/audience';
import type { ConsentCategory } from '../domain/opt-outs/consent';
import { columnCell, columnValue } from '../domain/templates/parameters';
import type { Consent } from '../store/documents';
import { refusal, WrongUsage } from './errors';
import { phonesOfRow } from './phones';
import type { Services } from './services';

/** As on the command line: each a text for all, or `column:NAME`. */
export interface ConsentOptions {
  category: ConsentCategory;
  source?: string | undefined;
  document?: string | undefined;
  textVersion?: string | undefined;
  at?: string | undefined;
}

/** Consents of rows, each with its number. */
type NumberedConsent = Consent & { phone: string };

/** Where each part of a consent comes from, for the rows of one file. */
export interface ConsentReader {
  /** The columns that it reads, by the part; those found by their names too. */
  columns: Partial<Record<ConsentPart, string>>;
  /** One consent for each number; `undated` rows have a time that cannot be read, and no consent for that. */
  of(rows: readonly Person[]): { consents: NumberedConsent[]; undated: number };
}

type Place = { column: string } | { text: string };

/**
 * What is not given is looked for in columns that are called so (`consent_at`, «Источник согласия»). A row with an empty
 * cell for the source has no consent. Refused when a column does not exist, or nothing says where they agreed.
 */
export function consentReader(columns: readonly string[], options: ConsentOptions, services: Services): ConsentReader {
  const { category, textVersion: version, source, document, at } = options;
  const given = { source, document, version, at };
  const known = consentColumns(columns);
  const places: Partial<Record<ConsentPart, Place>> = {};
  for (const part of CONSENT_PARTS) {
    const place = placeOf(given[part] ?? (known[part] && `column:${known[part]}`));
    if (!place) continue;
    if ('column' in place && !columns.includes(place.column))
      throw refusal(refused('column_unknown', { column: place.column, columns: columns.join(', ') }).refusal);
    places[part] = place;
  }
  if (!places.source)
    throw new WrongUsage('expected --source, or a column that says where they agreed, such as consent_source');
  const zone = services.common().DEFAULT_TIMEZONE;
  const now = new Date();
  const all = places.at && 'text' in places.at ? timeGiven(places.at.text, zone, now) : undefined;

  function consentOf({ columns: cells }: Person): Consent | 'none' | 'undated' {
    const valueOf = (part: ConsentPart): string => {
      const place = places[part];
      return place === undefined ? '' : 'text' in place ? place.text : columnValue(cells, place.column);
    };
    const where = valueOf('source');
    if (where === '') return 'none';
    const time =
      all ?? (places.at && 'column' in places.at ? consentTime(columnCell(cells, places.at.column), zone, now) : now);
    if (!time) return 'undated';
    const [text, which] = [valueOf('document'), valueOf('version')];
    return {
      ...{ category, source: where, at: time, by: { kind: 'cli' } },
      ...(text !== '' && { document: text }),
      ...(which !== '' && { version: which }),
      ...(time !== now && { recordedAt: now }),
    };
  }

  return {
    columns: Object.fromEntries(
      Object.entries(places).flatMap(([part, place]) => ('column' in place ? [[part, place.column]] : [])),
    ),
    of: (rows) => {
      const consents = new Map<string, NumberedConsent>();
      let undated = 0;
      for (const row of rows) {
        const consent = consentOf(row);
        if (consent === 'undated') undated++;
        if (typeof consent === 'string') continue;
        for (const phone of phonesOfRow(row, services))
          consents.set(JSON.stringify([phone, consent.source, consent.document, consent.version]), {
            phone,
            ...consent,
          });
      }
      return { consents: [...consents.values()], undated };
    },
  };
}

/** When they agreed, as typed. */
export function timeGiven(text: string, zone: string, now: Date): Date {
  const time = consentTime(text, zone, now);
  if (!time)
    throw new WrongUsage('--at: expected a date or time that has passed, such as 2026-03-01, got "{{given}}"', {
      given: text,
    });
  return time;
}

function placeOf(given: string | undefined): Place | undefined {
  if (given === undefined) return undefined;
  const column = /^column:(.*)$/s.exec(given)?.[1]?.trim();
  return column === undefined ? { text: given.trim() } : { column };
}
