/** People that come through the chat itself: an uploaded file, numbers in a message, with names or as rows of a table. */
import type { FileChoice } from '../../audience/file';
import { done, refused, type Refused, type Result } from '../../config/errors';
import type { PastedNumber, PastedNumbers } from '../../domain/phones/pasted-numbers';
import { pastedRows } from '../../domain/phones/pasted-rows';
import type { AudiencePart } from '../conversation/chosen-audience';
import type { ImportedFile } from '../services/import-file';
import type { IncomingFile, Talk } from '../conversation/talk';
import { Html, shorten, type Texts } from '../texts';

/** Telegram gives bots no larger file (telegram.md#methods-and-limits). */
const MAX_FILE_MEGABYTES = 20;
const MEGABYTE = 1024 * 1024;
/** So many bad lines are quoted; the rest is counted. */
const SHOWN_REJECTS = 5;

/** Edits of one message must not come faster (telegram.md#rate-limits). */
const SHARE_EVERY_MS = 3000;

/**
 * Reads the file, as an admin says it is to be understood, and saves it as a list: the audience must outlive the chat.
 */
export async function readFile(file: IncomingFile, talk: Talk, choice: FileChoice = {}): Promise<Result<ImportedFile>> {
  const { texts, services } = talk;
  const large = tooLarge(file);
  if (large) return large;
  await talk.interim(texts.html('audience.reading', { label: file.name }));
  let shownAt = Date.now();
  const read = await services.audience.importFile(await talk.download(file.fileId), {
    name: file.name,
    by: talk.actor,
    choice,
    onShare: async (share) => {
      if (Date.now() - shownAt < SHARE_EVERY_MS) return;
      shownAt = Date.now();
      const percent = Math.floor(share * 100);
      await talk.interim(texts.html('audience.readingShare', { label: file.name, percent }));
    },
  });
  return read.ok ? done({ ...read.value, fileId: file.fileId }) : read;
}

/** Refuses a file that Telegram would not give us. */
export function tooLarge({ size = 0 }: IncomingFile): Refused | undefined {
  const megabytes = Math.ceil(size / MEGABYTE);
  return megabytes > MAX_FILE_MEGABYTES
    ? refused('file_too_large', { megabytes, limit: MAX_FILE_MEGABYTES })
    : undefined;
}

/**
 * A message that is more than numbers: names beside them, or cells copied from a table. Saved as a list, whose columns can
 * fill parameters. Undefined for mere numbers, and for what cannot be read so.
 */
export async function readPastedRows(
  text: string,
  numbers: PastedNumbers,
  talk: Talk,
): Promise<PastedList | undefined> {
  const { texts, services, actor: by } = talk;
  const pasted = pastedRows(text, numbers);
  if (!pasted) return undefined;
  const heading = texts.plain('audience.nameColumn');
  const rows = pasted.kind === 'table' ? [] : pasted.rows;
  const cells = [[texts.plain('audience.phoneColumn'), heading], ...rows.map(({ value, name }) => [value, name])];
  const tabbed = cells.map((row) => row.map((cell) => cell.replace(/["\s]+/g, ' ')).join('\t')).join('\n');
  const count = numbers.good.length;
  const read = await services.audience.importFile(Buffer.from(pasted.kind === 'table' ? text : tabbed), {
    ...{ name: texts.plain('audience.numbersLabel', { count }), by },
  });
  if (!read.ok) return undefined;
  if (pasted.kind === 'table' || !pasted.isSure) return { file: read.value };
  const names = quoted(rows.flatMap(({ name }) => name || []), texts); // prettier-ignore
  const examples = exampleNumbers(numbers.good, services);
  const lines = [
    texts.html('audience.numbersRead', { count, examples }),
    texts.html('audience.namesRead', { heading, names }),
  ];
  return { file: read.value, banner: lines.join('\n') };
}

export interface PastedList {
  file: ImportedFile;
  /** What was read, where that is not to be looked at first. */
  banner?: string;
}

export interface ChosenPeople {
  part: AudiencePart;
  /** What was read and what was not. */
  banner: string;
}

/** The numbers of a message, each a person. Refuses when there is not one good number among them. */
export function chooseNumbers(numbers: PastedNumbers, talk: Talk): Result<ChosenPeople> {
  const { good, bad } = numbers;
  const [first] = bad;
  if (good.length === 0) {
    return refused('phone_invalid', { value: shorten(first?.value ?? '', 60), line: first?.line ?? 1 });
  }
  const label = talk.texts.plain('audience.numbersLabel', { count: good.length });
  // The bad ones go along, in their place: the ledger shows them as skipped, with the reason.
  const phones = [...good, ...bad].toSorted((a, b) => a.at - b.at).map(({ value }) => value);
  return done({ part: { source: { kind: 'phones', phones }, label, columns: [] }, banner: numbersRead(numbers, talk) });
}

/** How many numbers a message held, what in it was none, and what was not used. */
export function numbersRead({ good, bad, beside }: PastedNumbers, { services, texts }: Talk): string {
  const words = beside.map(({ value }) => value);
  return [
    texts.html('audience.numbersRead', { count: good.length, examples: exampleNumbers(good, services) }),
    ...rejectedLines(bad, texts),
    ...(words.length > 0 ? [texts.html('audience.besideNumbers', { words: quoted(words, texts) })] : []),
  ].join('\n');
}

/** The first few, as they were understood. */
function exampleNumbers(good: readonly PastedNumber[], { audience }: Talk['services']): string {
  const shown = good.slice(0, SHOWN_REJECTS).map(({ value }) => {
    const phone = audience.phone(value);
    return phone.ok ? phone.value : value;
  });
  return [...shown, ...(good.length > shown.length ? ['…'] : [])].join(', ');
}

/** The first few. */
function quoted(words: readonly string[], texts: Texts): string {
  const shown = words.slice(0, SHOWN_REJECTS).map((word) => texts.plain('audience.word', { word: shorten(word, 40) }));
  return [...shown, ...(words.length > shown.length ? ['…'] : [])].join(', ');
}

function rejectedLines(rejected: readonly PastedNumber[], texts: Texts): string[] {
  if (rejected.length === 0) return [];
  const shown = rejected
    .slice(0, SHOWN_REJECTS)
    .map(({ line, value }) => texts.html('audience.rejectedLine', { line, value: shorten(value, 60) }));
  const more = rejected.length - shown.length;
  if (more > 0) shown.push(texts.html('audience.rejectedMore', { count: more }));
  return [texts.html('audience.rejected', { count: rejected.length, lines: new Html(shown.join('\n')) })];
}
