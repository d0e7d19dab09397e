/** The senders besides the first: a JSON file (`SENDERS_FILE`), checked as the settings are. docs/senders.md explains it. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { readDays, readHours } from '../domain/times/sending-hours-text';

const text = z.string('expected a text').trim().min(1, 'expected a text');
/** An app's number, as Gupshup writes it. */
export const senderNumber = text.regex(/^\d{7,15}$/, 'expected digits with the country code, no +');
/** Messages a second that may leave from one number. */
export const senderCap = z.coerce.number('expected a number').positive().max(1000);

const senderSchema = z
  .strictObject({
    appName: text,
    appId: text,
    apiKey: text.optional(),
    /** A file that holds the key, relative to the folder of this one. */
    apiKeyFile: text.optional(),
    number: senderNumber,
    sendsPerSecond: senderCap.default(20),
    /** When its campaigns may send that name no hours of their own; absent = as SENDING_HOURS and SENDING_DAYS say. */
    hours: text
      .refine((value) => readHours(value), 'expected hours such as 09:00-20:00')
      .transform((value) => readHours(value)!)
      .optional(),
    days: text
      .refine((value) => readDays(value), 'expected days from 1 (Monday) to 7 such as 1-5,7')
      .transform((value) => readDays(value)!)
      .optional(),
    /** Preselected, in place of the first. */
    default: z.boolean('expected true or false').default(false),
  })
  .refine(({ apiKey, apiKeyFile }) => (apiKey === undefined) !== (apiKeyFile === undefined), {
    path: ['apiKey'],
    // Also when another value of the sender is wrong: all problems are listed together.
    when: ({ value }) => typeof value === 'object' && value !== null,
    message: 'expected the key, or apiKeyFile, the path of a file that holds it, and not both',
  });

/** A sender as the file gives it, its key at hand. */
export type FileSender = Omit<z.output<typeof senderSchema>, 'apiKeyFile' | 'apiKey'> & { apiKey: string };

/** Where in the file, and what is wrong there. */
interface SenderProblem {
  path: (string | number)[];
  message: string;
}

/** Reads the file. An empty one has no senders: container engines mount an empty secret where there is none. */
export function readSendersFile(path: string): { senders: FileSender[] } | { problems: SenderProblem[] } {
  let content: string;
  try {
    content = readFileSync(path, 'utf8')
      .replace(/^\uFEFF/, '')
      .trim();
  } catch (error) {
    return { problems: [{ path: [], message: `cannot be read: ${(error as Error).message}` }] };
  }
  if (content === '') return { senders: [] };
  let rows: unknown;
  try {
    rows = JSON.parse(content);
  } catch {
    // The parser's own words would show a piece of the file, perhaps a key.
    return { problems: [{ path: [], message: 'expected JSON: a list of senders [{"appName": …}, …]' }] };
  }
  if (!Array.isArray(rows))
    return { problems: [{ path: [], message: 'expected a list of senders [{"appName": …}, …]' }] };
  const senders: FileSender[] = [];
  const problems: SenderProblem[] = [];
  rows.forEach((row: unknown, index) => {
    const read = senderSchema.safeParse(row, { reportInput: true });
    if (!read.success) {
      problems.push(...read.error.issues.map((issue) => ({ path: [index, ...pathOf(issue)], message: said(issue) })));
      return;
    }
    const { apiKeyFile, apiKey, ...sender } = read.data;
    const key = apiKey === undefined ? keyFrom(resolve(dirname(path), apiKeyFile!)) : { key: apiKey };
    if ('problem' in key) problems.push({ path: [index, 'apiKeyFile'], message: key.problem });
    else senders.push({ ...sender, apiKey: key.key });
  });
  return problems.length > 0 ? { problems } : { senders };
}

function keyFrom(path: string): { key: string } | { problem: string } {
  try {
    const key = readFileSync(path, 'utf8').trim();
    return key === '' ? { problem: `${path} is empty: expected the key` } : { key };
  } catch (error) {
    return { problem: `cannot be read: ${(error as Error).message}` };
  }
}

function pathOf({ path }: z.core.$ZodIssue): (string | number)[] {
  return path.map((part) => (typeof part === 'symbol' ? String(part) : part));
}

/** What was expected and what was got; never a key. */
function said(issue: z.core.$ZodIssue): string {
  const { input, path } = issue;
  if (issue.code === 'unrecognized_keys') {
    return `expected only ${Object.keys(senderSchema.shape).join(', ')}, got ${issue.keys.join(', ')}`;
  }
  if (path[0] === 'apiKey' || path[0] === 'apiKeyFile') return issue.message;
  if (path.length > 0 && input === undefined) return 'is missing';
  return `${issue.message}, got ${JSON.stringify(input)}`;
}
