/** What narrows the leads of the CRM before their place is chosen: days and a field; and days as people type them. */
import { DateTime } from 'luxon';
import type { CrmFilter } from '../../domain/audience';

/** Which of a lead's moments is meant. */
export type LeadMoment = 'created' | 'updated';

/** JSON only: it lives in the session. */
export interface LeadConditions {
  filter: CrmFilter;
  /** What each condition is called in messages. */
  labels: Partial<Record<LeadMoment | 'field', string>>;
}

const PARTS: Record<LeadMoment | 'field', (keyof CrmFilter)[]> = {
  created: ['createdFrom', 'createdTo'],
  updated: ['updatedFrom', 'updatedTo'],
  field: ['field'],
};

/** ISO dates, both included; without `to` up to now. */
export interface Days {
  from: string;
  to?: string;
}

const DAY = /^(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?$/;

/** The conditions with one more; the same one again takes the place of the former. */
export function narrowed(
  present: LeadConditions | undefined,
  condition: keyof typeof PARTS,
  filter: CrmFilter,
  label: string,
): LeadConditions {
  const others = { ...present?.filter };
  for (const part of PARTS[condition]) delete others[part];
  return { filter: { ...others, ...filter }, labels: { ...present?.labels, [condition]: label } };
}

/** What the conditions are called, one after another. */
export function conditionsText({ labels }: LeadConditions): string {
  return Object.values(labels).join(', ');
}

/** The leads' place with what narrows them in its label: `Sales / Offer, created since 01.11.2026`. */
export function labelled(place: string, only: LeadConditions | undefined): string {
  return only ? `${place}, ${conditionsText(only)}` : place;
}

/** `01.11`: since that day; `01.11-15.11.2026`: those days. A day without a year is the last one there was. */
export function readDays(typed: string, now: DateTime): Days | undefined {
  const ends = typed.trim().split(/\s*[-–—]\s*/);
  if (ends.length > 2) return undefined;
  const [from, to] = ends.map((end) => dayOf(end, now));
  if (!from || (ends.length === 2 && !to)) return undefined;
  if (to && from > to) return undefined;
  return { from: from.toISODate()!, ...(to && { to: to.toISODate()! }) };
}

function dayOf(text: string, now: DateTime): DateTime | undefined {
  const [, day, month, year] = DAY.exec(text) ?? [];
  if (!day || !month) return undefined;
  const at = DateTime.fromObject(
    { year: year ? Number(year) : now.year, month: Number(month), day: Number(day) },
    { zone: now.zone },
  );
  if (!at.isValid) return undefined;
  return !year && at > now ? at.minus({ years: 1 }) : at;
}

/** The days as the CRM's filter takes them. */
export function daysFilter(moment: LeadMoment, { from, to }: Days): CrmFilter {
  return moment === 'created'
    ? { createdFrom: from, ...(to && { createdTo: to }) }
    : { updatedFrom: from, ...(to && { updatedTo: to }) };
}
