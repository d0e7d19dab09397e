/** Reads logs: a row for each message that was sent or failed. */
import { basename } from 'node:path';
import type { CountryCode } from 'libphonenumber-js';
import { redactText } from '../config/logger';
import { normalisePhones } from '../domain/phones/phone';
import { leaveOut, type Finds, type FoundSend } from './finds';
import type { Located } from './located';
import { isHeading, type Row } from './table';
import { dayOfName, readDay, readMoment } from './time';
import { NAMES, shown, stateOf, TIMEOUT } from './words';

const FAILED_FILE = /fail|error|ошиб|неуд|не_?достав/i;
/** In order: each column gets the first meaning that fits. */
const MEANINGS = ['phone', 'messageId', 'template', 'campaign', 'status', 'code', 'error', 'time', 'person'] as const;
type Columns = Partial<Record<(typeof MEANINGS)[number], number>>;

export interface HistoryContext {
  country: CountryCode;
  timezone: string;
}

/** Reads a table of sends. False if it has no phones or no outcomes. */
export function takeHistory(file: string, rows: readonly Row[], finds: Finds, context: HistoryContext): boolean {
  const [first] = rows;
  if (!first) return false;
  const heading = isHeading(first) ? first.cells : undefined;
  const body = heading ? rows.slice(1) : rows;
  const allFailed = FAILED_FILE.test(basename(file));
  const columns = heading ? columnsByName(heading) : columnsByValue(body, context);
  const known = body.filter(({ cells }) => stateOf(cells[columns.status ?? -1] ?? '') !== undefined).length;
  if (columns.phone === undefined || !(allFailed || (known > 0 && known * 2 >= body.length))) return false;
  const day = dayOfName(basename(file), context.timezone);
  let count = 0;
  for (const row of body) {
    const send = sendOf(row, columns, { ...context, allFailed, day });
    if (typeof send === 'string') {
      finds.remainder.push({ file, line: row.line, value: shown(undefined, row.cells.join(', ')), why: send });
    } else {
      finds.sends.push({ file, line: row.line, ...send });
      count += 1;
    }
  }
  const strange = (heading ?? []).flatMap((name, at): [string, Located][] => {
    const isTaken = name === '' || Object.values(columns).includes(at);
    return isTaken ? [] : [[name, { line: first.line, kind: 'scalar', value: body[0]?.cells[at] ?? '' }]];
  });
  leaveOut(finds, file, strange, 'a report here has nothing of that name');
  finds.understood.push({ file, what: 'history', count, taken: takenOf(columns, heading, { allFailed, day }) });
  return true;
}

function columnsByName(heading: readonly string[]): Columns {
  const columns: Columns = {};
  for (const meaning of MEANINGS) {
    const free = (at: number): boolean => !Object.values(columns).includes(at);
    const at = heading.findIndex((name, index) => free(index) && NAMES[meaning].test(name));
    if (at >= 0) columns[meaning] = at;
  }
  return columns;
}

/** Without a heading, only self-evident columns are used. */
function columnsByValue(rows: readonly Row[], { country, timezone }: HistoryContext): Columns {
  const width = Math.max(...rows.map(({ cells }) => cells.length));
  const most = (fits: (cell: string) => boolean): number | undefined => {
    const all = Array.from({ length: width }, (_, at) => at);
    return all.find((at) => rows.filter(({ cells }) => fits(cells[at] ?? '')).length * 2 > rows.length);
  };
  const found = {
    time: most((cell) => readMoment(cell, timezone) !== undefined),
    phone: most((cell) => /^\D*(\d\D*){10,15}$/.test(cell) && normalisePhones(cell, country).valid.length > 0),
    status: most((cell) => !/^\d$/.test(cell) && stateOf(cell) !== undefined),
  };
  return Object.fromEntries(Object.entries(found).filter(([, at]) => at !== undefined)) as Columns;
}

function takenOf(
  columns: Columns,
  heading: readonly string[] | undefined,
  { allFailed, day }: { allFailed: boolean; day: Date | undefined },
): string[] {
  const named = MEANINGS.flatMap((meaning) => {
    const at = columns[meaning];
    return at === undefined ? [] : [`${heading?.[at] ?? `column ${at + 1}`} → ${meaning}`];
  });
  return [
    ...named,
    ...(allFailed && columns.status === undefined ? ['file name → failed'] : []),
    ...(columns.time === undefined && day ? ['file name → day'] : []),
  ];
}

function sendOf(
  { cells }: Row,
  columns: Columns,
  { country, timezone, allFailed, day }: HistoryContext & { allFailed: boolean; day: Date | undefined },
): Omit<FoundSend, 'file' | 'line'> | string {
  const cell = (meaning: keyof Columns): string => cells[columns[meaning] ?? -1] ?? '';
  const original = cell('phone');
  const [phone] = normalisePhones(original, country).valid;
  if (!phone) return original === '' ? 'no phone in it' : 'not a phone number';
  const error = cell('error');
  const word = cell('status');
  const state = word === '' && allFailed ? (TIMEOUT.test(error) ? 'unknown' : 'failed') : stateOf(word);
  if (state === undefined) return `what became of it is not understood: "${word}"`;
  const time = cell('time');
  const moment = readMoment(time, timezone);
  const at = moment ?? readDay(time, timezone) ?? day;
  if (time !== '' && !moment && !readDay(time, timezone)) return `its time is not understood: "${time}"`;
  const code = /^\d{3,6}$/.exec(cell('code'))?.[0] ?? /(?:^|[#(\s])(\d{4,6})(?=\D|$)/.exec(error)?.[1];
  return {
    phone: phone.e164,
    original,
    state,
    ...(at && { at, ...(!moment && { dayOnly: true as const }) }),
    ...optional({
      template: cell('template'),
      campaign: cell('campaign'),
      name: cell('person'),
      messageId: cell('messageId'),
    }),
    ...((state === 'failed' || state === 'unknown') && optional({ code: code ?? '', detail: redactText(error) })),
  };
}

/** Without empty values. */
function optional<Names extends string>(values: Record<Names, string>): Partial<Record<Names, string>> {
  return Object.fromEntries(Object.entries(values).filter(([, text]) => text !== '')) as Partial<Record<Names, string>>;
}
