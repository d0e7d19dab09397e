/** A change in the journal as one line: what was before, and what is since. */
import { delayText } from '../config/spec-text';
import { stepFactsIn } from '../domain/follow-ups';
import type { AuditDocument } from '../store/audit';

/** Of other entries what was before is a person's. */
const SHOWN: readonly AuditDocument['action'][] = ['changed', 'list_renamed', 'list_removed'];

/** How facts and their values are called; default: as they are stored. */
interface Naming {
  fact(name: string): string;
  value(name: string, value: unknown): string;
}
const AS_STORED: Naming = { fact: (name) => name, value: (_name, value) => storedText(value) };

/** `state: running → paused, ratePerSecond: 20 → 5`; empty for an entry without a change. */
export function changeText(
  {
    action,
    before,
    after,
  }: Pick<AuditDocument, 'action'> & { before?: object | undefined; after?: object | undefined },
  { fact, value }: Naming = AS_STORED,
): string {
  if (!SHOWN.includes(action)) return '';
  const [was, is] = [factsIn(before), factsIn(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((name) => {
      const [former, present] = [was, is].map((facts) => value(name, facts.get(name))) as [string, string];
      return `${fact(name)}: ${after === undefined || former === present ? former : `${former} → ${present}`}`;
    })
    .join(', ');
}

const factsIn = (facts: object | undefined): ReadonlyMap<string, unknown> => new Map(Object.entries(facts ?? {}));

/** A fact's value as it is stored; a follow-up's step as `after 2 days not_replied: welcome`. */
export function storedText(value: unknown): string {
  if (value === undefined || value === null) return '–';
  const step = stepFactsIn(value);
  if (step) return `after ${delayText(step.afterMs, 'en')} ${step.to}: ${step.template}`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}
