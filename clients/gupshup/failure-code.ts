/** Which code says why a message failed: some bodies give several, some none but in words. */
import { z } from 'zod';
import { part, word } from './fields';

const error = part.pipe(z.object({ code: word, title: word, message: word }));
const errors = z
  .union([z.array(error), z.record(z.string(), z.unknown()).transform((one) => [error.parse(one)])])
  .catch([]);
/** They say only that something went wrong. */
const GENERAL = new Set(['0', '1', '2', '500', '131000', '131016']);

/** "(#131026) Message undeliverable" */
export function codeInWords(reason: string | undefined): string | undefined {
  return /\(#(\d{3,6})\)/.exec(reason ?? '')?.[1];
}

/** Of several errors the one that tells most. `beside`: the older form has code and reason on the status itself. */
export function failureIn(
  list: unknown,
  beside: { code?: string | undefined; reason?: string | undefined },
): { code: string | undefined; detail: string | undefined } {
  const found = errors.parse(list);
  const told = found.find(({ code }) => code !== undefined && !GENERAL.has(code)) ?? found[0];
  const detail = told?.title ?? told?.message ?? beside.reason;
  return { code: told?.code ?? beside.code ?? codeInWords(detail), detail };
}
