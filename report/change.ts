/** A change in the journal as one line: what was before, and what is since. */
import type { AuditDocument } from '../store/audit';

/** Of other entries what was before is a person's. */
const SHOWN: readonly AuditDocument['action'][] = ['changed', 'list_renamed', 'list_removed'];

/** How facts and their values are called; default: as they are stored. */
interface Naming {
  fact(name: string): string;
  value(name: string, value: string): string;
}
const AS_STORED: Naming = { fact: (name) => name, value: (_name, value) => value };

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
      const [former, present] = [was, is].map((facts) => value(name, textOf(facts.get(name)))) as [string, string];
      return `${fact(name)}: ${after === undefined || former === present ? former : `${former} → ${present}`}`;
    })
    .join(', ');
}

const factsIn = (facts: object | undefined): ReadonlyMap<string, unknown> => new Map(Object.entries(facts ?? {}));

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}
