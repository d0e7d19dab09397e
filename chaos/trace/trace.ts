/** The trace of a chaos run: what each process wrote and called, as note-trace.cjs notes it, and what chaos itself did. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DELIVERY_STATES, RECEIPT_KINDS } from '../../domain/story/delivery';

const id = z.string();
const token = z.string();
const state = z.enum(DELIVERY_STATES);
const about = {
  claim: z.object({ id, token }),
  call: z.object({ id, token }),
  answer: z.object({ id, token, messageId: z.string() }),
  'put-back': z.object({ id, token, to: z.enum(['queued', 'failed', 'skipped', 'unknown']) }),
  fold: z.object({
    ...{ id, messageId: z.string(), from: state, to: state },
    receipts: z.array(z.enum([...RECEIPT_KINDS, 'billing'])),
  }),
  wave: z.object({
    campaignId: z.string(),
    ns: z.array(z.number()).optional(),
    messageIds: z.array(z.string()).optional(),
  }),
};

/** What chaos does to all deliveries at once: copies the database, restores the copy, runs `after-restore`. */
const WHOLE = ['copy', 'restore', 'after-restore'] as const;
type Whole = (typeof WHOLE)[number];

const begins = <P extends keyof typeof about>(point: P) =>
  z.object({ at: z.number(), act: z.string(), begins: z.literal(point), about: z.array(about[point]) });
const beginning = z.union([
  begins('claim'),
  begins('call'),
  begins('answer'),
  begins('put-back'),
  begins('fold'),
  begins('wave'),
  z.object({ at: z.number(), act: z.string(), begins: z.enum(WHOLE) }),
]);
const ending = z.object({
  at: z.number(),
  act: z.string(),
  /** `broken`: no answer of the database, which may have done it or do it yet. */
  ends: z.enum(['done', 'broken']),
  /** How many deliveries the write has changed. */
  changed: z.number().optional(),
  /** Gupshup's, of a call. */
  answer: z.enum(['accepted', 'refused', 'unreachable', 'ambiguous']).optional(),
  messageId: z.string().optional(),
});
const markSchema = z.union([beginning, ending]);

export type Beginning = z.infer<typeof beginning>;
export type Ending = z.infer<typeof ending>;
/** That something begins or ends. What never ends was cut off with its process. */
export type Mark = Beginning | Ending;

export interface Trace {
  /** For the environment of the roles; NODE_OPTIONS goes in front of what else they load. */
  env: { NODE_OPTIONS: string; CHAOS_TRACE: string };
  /** Notes that chaos does this to the whole database. */
  during<T>(whole: Whole, act: () => Promise<T> | T): Promise<T>;
  /** All marks, the earliest first. Throws on a line that is none. */
  marks(): Mark[];
}

/** The trace in this file. */
export function traceIn(file: string): Trace {
  let begun = 0;
  const note = (mark: object): void =>
    appendFileSync(file, `${JSON.stringify({ at: Number(process.hrtime.bigint()) / 1e6, ...mark })}\n`);
  return {
    env: { NODE_OPTIONS: `--require ${join(__dirname, 'note-trace.cjs')}`, CHAOS_TRACE: file },
    during: async (whole, act) => {
      const name = `chaos-${begun++}`;
      note({ act: name, begins: whole });
      const result = await act();
      note({ act: name, ends: 'done' });
      return result;
    },
    marks: () => (existsSync(file) ? marksOf(readFileSync(file, 'utf8')) : []),
  };
}

function marksOf(text: string): Mark[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line, index) => {
      const { success, data, error } = markSchema.safeParse(JSON.parse(line));
      if (!success)
        throw new Error(`chaos: line ${index + 1} of the trace is none: ${line}: ${z.prettifyError(error)}`);
      return data;
    })
    .toSorted((a, b) => a.at - b.at);
}
