/** Which columns of a file tell of a consent, by how people and forms call them, and what a row of them says. */
import { DateTime } from 'luxon';
import type { Cell } from '../domain/reading/cell';
import { readDate } from '../domain/reading/read-date';
import { wordsOf } from './header-words';

/** The parts of a consent that a column may hold. */
export const CONSENT_PARTS = ['at', 'source', 'document', 'version'] as const;
export type ConsentPart = (typeof CONSENT_PARTS)[number];

/** Says that a column is about consent at all: `consent_at`, `Дата согласия`, `opt-in source`. */
const CONSENT = /(?<!\p{L})(?:consents?|согласи[еяюий]+|opt ?in|optin)(?!\p{L})/u;
const PARTS: Record<ConsentPart, RegExp> = {
  at: /(?<!\p{L})(?:at|on|date|datetime|time|timestamp|when|given|дата|время|когда|получено|дано)(?!\p{L})/u,
  source: /(?<!\p{L})(?:source|from|where|channel|form|page|url|источник|откуда|где|канал|форма|страница)(?!\p{L})/u,
  document: /(?<!\p{L})(?:document|doc|policy|agreement|документ|политика|оферта|название)(?!\p{L})/u,
  version: /(?<!\p{L})(?:version|ver|revision|hash|text|версия|редакция|хеш|хэш|текст|текста)(?!\p{L})/u,
};

/** The first column of each part; what tells of no consent, or of no part, is none of them. */
export function consentColumns(columns: readonly string[]): Partial<Record<ConsentPart, string>> {
  const found: Partial<Record<ConsentPart, string>> = {};
  for (const column of columns) {
    const words = wordsOf(column).join(' ');
    if (!CONSENT.test(words)) continue;
    // A version of the document is a version, a date of it a date.
    const part = (['version', 'at', 'document', 'source'] as const).find((one) => PARTS[one].test(words));
    if (part) found[part] ??= column;
  }
  return found;
}

/** When they agreed; undefined for what is no date, can be read in two ways, or lies in the future. Days begin in `zone`. */
export function consentTime(cell: Cell, zone: string, now: Date): Date | undefined {
  const local = typeof cell === 'string' ? localMoment(cell.trim(), zone) : undefined;
  const at = local ?? dayOrMoment(cell, zone);
  return at && at <= now ? at : undefined;
}

/** `2025-03-01 14:35`, `01.03.2025 14:35`: a moment on the zone's clock. */
function localMoment(text: string, zone: string): Date | undefined {
  for (const format of ["yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm", 'yyyy-MM-dd HH:mm:ss', 'yyyy-MM-dd HH:mm', 'd.M.yyyy HH:mm:ss', 'd.M.yyyy HH:mm']) {
    const read = DateTime.fromFormat(text, format, { zone });
    if (read.isValid) return read.toJSDate();
  }
  return undefined;
} // prettier-ignore

function dayOrMoment(cell: Cell, zone: string): Date | undefined {
  const read = readDate(cell);
  if (!read || !('kind' in read)) return undefined;
  if (read.kind === 'moment') return new Date(read.at);
  const { year, month, day } = DateTime.fromMillis(read.at, { zone: 'UTC' });
  return DateTime.fromObject({ year, month, day }, { zone }).toJSDate();
}
