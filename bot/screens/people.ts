/** People that come through the chat itself: an uploaded file, numbers in a message. */
import { done, refused, type Result } from '../../config/errors';
import { columnsOf, type AudiencePart } from '../chosen-audience';
import type { IncomingFile, Talk } from '../talk';
import { Html, shorten } from '../texts';

/** Telegram gives bots no larger file (facts/telegram.md §5). */
const MAX_FILE_MEGABYTES = 20;
const MEGABYTE = 1024 * 1024;
/** So many bad lines are quoted; the rest is counted. */
const SHOWN_REJECTS = 5;

export interface ChosenPeople {
  part: AudiencePart;
  /** What was read and what was not. */
  banner: string;
}

/** Reads the file and saves it as a list: the audience must outlive the chat. */
export async function chooseFile(file: IncomingFile, talk: Talk): Promise<Result<ChosenPeople>> {
  const { texts, services } = talk;
  const megabytes = Math.ceil((file.size ?? 0) / MEGABYTE);
  if (megabytes > MAX_FILE_MEGABYTES) return refused('file_too_large', { megabytes, limit: MAX_FILE_MEGABYTES });
  await talk.interim(texts.html('audience.reading', { label: file.name }));

  const read = await services.audience.readFile(await talk.download(file.fileId));
  if (!read.ok) return read;
  const { columns, phoneColumn, rows, rejected } = read.value;
  if (rows.length === 0) return refused('file_empty');
  const list = await services.lists.create({ name: file.name, columns, phoneColumn, people: rows, by: talk.actor });

  const banner = [
    texts.html('audience.fileRead', { name: file.name, count: rows.length, phoneColumn }),
    ...rejectedLines(rejected, talk),
  ];
  return done({
    part: { source: { kind: 'list', listId: list._id }, label: file.name, columns: columnsOf(columns, rows) },
    banner: banner.join('\n'),
  });
}

/** Numbers separated by new lines, commas or semicolons. Refuses when there is not one good number among them. */
export function chooseNumbers(text: string, talk: Talk): Result<ChosenPeople> {
  const given = text
    .split('\n')
    .flatMap((line, index) => line.split(/[,;]/).map((value) => ({ line: index + 1, value: value.trim() })))
    .filter(({ value }) => value !== '');
  const rejected = given.filter(({ value }) => !talk.services.audience.phone(value).ok);
  const first = rejected[0];
  if (first && rejected.length === given.length) {
    return refused('phone_invalid', { value: shorten(first.value, 60), line: first.line });
  }
  const count = given.length - rejected.length;
  const label = talk.texts.plain('audience.numbersLabel', { count });
  return done({
    // The bad ones go along: the ledger shows them as skipped, with the reason.
    part: { source: { kind: 'phones', phones: given.map(({ value }) => value) }, label, columns: [] },
    banner: [talk.texts.html('audience.numbersRead', { count }), ...rejectedLines(rejected, talk)].join('\n'),
  });
}

function rejectedLines(rejected: readonly { line: number; value: string }[], { texts }: Talk): string[] {
  if (rejected.length === 0) return [];
  const shown = rejected
    .slice(0, SHOWN_REJECTS)
    .map(({ line, value }) => texts.html('audience.rejectedLine', { line, value: shorten(value, 60) }));
  const more = rejected.length - shown.length;
  if (more > 0) shown.push(texts.html('audience.rejectedMore', { count: more }));
  return [texts.html('audience.rejected', { count: rejected.length, lines: new Html(shown.join('\n')) })];
}
