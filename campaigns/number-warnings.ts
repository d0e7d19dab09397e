/** What is worth knowing of the numbers themselves before anything is sent: those that may be somebody else's. */
import type { Refusal } from '../config/errors';
import { mayBeLandline } from '../domain/phones/person';
import { maskPhone } from '../domain/phones/phone';

/** Numbers without a plus that can be read in two ways. */
export interface UnclearNumbers {
  count: number;
  /** A few: where it stands, the number that is taken and the one that it could be as well, both masked. */
  examples: { origin: string; taken: string; other: string }[];
}

interface Taken {
  origin: string;
  /** E.164 */
  phone: string;
  /** E.164: it could be this one too. */
  otherwise?: string;
}

const EXAMPLES = 3;

export function watchNumbers(): {
  add(taken: Taken): void;
  unclear(): UnclearNumbers | undefined;
  warnings(): Refusal[];
} {
  const unclear: UnclearNumbers = { count: 0, examples: [] };
  const landlines = { count: 0, examples: [] as string[] };
  return {
    add: ({ origin, phone, otherwise }) => {
      if (otherwise !== undefined && ++unclear.count <= EXAMPLES) {
        unclear.examples.push({ origin, taken: maskPhone(phone), other: maskPhone(otherwise) });
      }
      if (mayBeLandline(phone) && ++landlines.count <= EXAMPLES) landlines.examples.push(maskPhone(phone));
    },
    unclear: () => (unclear.count > 0 ? unclear : undefined),
    warnings: () => [
      ...(unclear.count > 0
        ? [{ code: 'numbers_unclear' as const, values: { count: unclear.count, examples: unclear.examples.map(({ taken, other }) => `${taken} / ${other}`).join('; ') } }] // prettier-ignore
        : []),
      ...(landlines.count > 0
        ? [{ code: 'numbers_without_nine' as const, values: { count: landlines.count, examples: landlines.examples.join(', ') } }] // prettier-ignore
        : []),
    ],
  };
}
