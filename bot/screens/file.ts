/** A file of people is read: on to what it was understood to be, or to what only an admin can say of it. */
import type { FileChoice } from '../../audience/file';
import type { Refusal, RefusalCode } from '../../config/errors';
import { listsOf } from '../conversation/chosen-audience';
import type { ImportedFile } from '../services/import-file';
import { warning } from '../screen';
import type { Step } from '../conversation/steps';
import { go, refuse, stale, type IncomingFile, type Move, type StepScreen, type Talk } from '../conversation/talk';
import { readFile } from './people';

export const takesFile: NonNullable<StepScreen<Step>['file']> = async (_step, file, talk) => understand(file, talk, {});

/** Reads the file again with the admin's choices; the list from the earlier reading is unused. */
export async function understoodAs(file: ImportedFile, choice: FileChoice, talk: Talk): Promise<Move> {
  const { fileId, name, listId } = file;
  if (fileId === undefined) return stale;
  const move = await understand({ fileId, name }, talk, choice);
  if (move.kind === 'to' && !listsOf(talk.draft.audience).includes(listId)) await talk.services.audience.drop(listId);
  return move;
}

async function understand(file: IncomingFile, talk: Talk, choice: FileChoice): Promise<Move> {
  const read = await readFile(file, talk, choice);
  if (read.ok) return go({ at: 'table', file: read.value }, talk.draft);
  return (await askFor(file, read, talk, choice)) ?? refuse(read);
}

const HIDDEN = new Map<RefusalCode, 'hiddenRows' | 'hiddenColumns'>([
  ['file_rows_hidden', 'hiddenRows'],
  ['file_columns_hidden', 'hiddenColumns'],
]);

/** Why the file is refused, and the question that an admin can answer; undefined where no answer would help. */
async function askFor(
  file: IncomingFile,
  { refusal }: { refusal: Refusal },
  talk: Talk,
  choice: FileChoice,
): Promise<Move | undefined> {
  const banner = warning(talk.texts, talk.texts.refusalText(refusal));
  if (refusal.code === 'file_no_phone_column') return askForColumn(file, banner, talk, choice);
  const of = HIDDEN.get(refusal.code);
  if (!of) return undefined;
  const all: FileChoice = { ...choice, [of]: 'include' };
  const read = await readFile(file, talk, all);
  if (read.ok) return go({ at: 'tableChoice', file: read.value, of, page: 0 }, talk.draft, banner);
  // Rows and columns may both be hidden; then both are said, above the last question.
  const next = await askFor(file, read, talk, all);
  return next?.kind === 'to' ? { ...next, banner: [banner, next.banner].join('\n\n') } : undefined;
}

/** A file whose phones are not the people's own by all that can be seen: an admin may know better. */
async function askForColumn(
  file: IncomingFile,
  banner: string,
  talk: Talk,
  choice: FileChoice,
): Promise<Move | undefined> {
  const read = await readFile(file, talk, { ...choice, phoneColumn: '1' });
  if (!read.ok) return undefined;
  const { rows, otherColumns } = read.value.understood;
  if (rows > 0 || otherColumns.length > 0) {
    return go({ at: 'tableChoice', file: read.value, of: 'column', page: 0 }, talk.draft, banner);
  }
  await talk.services.audience.drop(read.value.listId);
  return undefined;
}
