/** An uploaded file becomes a saved list, with what was understood of it small enough for the session. */
import type { CountryCode } from 'libphonenumber-js';
import {
  openPeopleFile,
  type FileChoice,
  type PeopleFile,
  type PreviewRow,
  type RejectedRow,
} from '../../audience/file';
import { saveAsList } from '../../audience/save';
import type { TableFormat } from '../../audience/table';
import { done, type Result } from '../../config/errors';
import type { Actor } from '../../domain/story/actor';
import type { Person } from '../../domain/audience';
import type { ListStore } from '../../store/lists';
import { columnsOf, type Column } from '../conversation/chosen-audience';
import { shorten } from '../texts';

/** JSON only: it lives in the session. */
export interface ImportedFile {
  /** Telegram's, to read it once more; absent in what a session has kept from before. */
  fileId?: string;
  listId: string;
  name: string;
  format: TableFormat;
  /** Rows, those without a usable number too. */
  count: number;
  rejected: number;
  phoneColumns: string[];
  /** Why that column, and which others hold phones; the hidden rows are those of the whole file. */
  understood: PeopleFile['understood'];
  /** What an admin has said of it so far. */
  choice: FileChoice;
  columns: Column[];
  first: ShownRow[];
  /** The first of the rejected ones. */
  examples: RejectedRow[];
}

interface ShownRow {
  line: number;
  /** E.164; none for a row that cannot be sent to. */
  phone?: string;
  /** Of the other columns, the first that hold something. */
  cells: string[];
}

export interface ImportOptions {
  name: string;
  by: Actor;
  country: CountryCode;
  /** How it is to be understood, where it can be in several ways. */
  choice?: FileChoice;
  lists: Pick<ListStore, 'writer'>;
  /** Told of the share read so far, 0 to 1, after each batch. */
  onShare?: (share: number) => Promise<void>;
}

const SAMPLE_PEOPLE = 50;
const EXAMPLES = 3;
const SHOWN_CELLS = 3;
/** Further columns of phones, at most. */
const OTHER_COLUMNS = 20;
const SHOWN_CHARACTERS = 30;
/** A test send is filled with examples. */
const EXAMPLE_CHARACTERS = 200;

/** Its people are no contacts before they are taken. Refuses what `openPeopleFile` and its reading refuse; nothing is saved then. */
export async function importFile(
  content: Buffer,
  { name, by, country, choice = {}, lists, onShare }: ImportOptions,
): Promise<Result<ImportedFile>> {
  const opened = await openPeopleFile(content, { country, choice });
  if (!opened.ok) return opened;
  const sample: Person[] = [];
  const examples: RejectedRow[] = [];
  const saved = await saveAsList(opened.value, { name, by }, lists, async ({ people, rejected, share }) => {
    sample.push(...people.slice(0, SAMPLE_PEOPLE - sample.length));
    examples.push(...rejected.slice(0, EXAMPLES - examples.length));
    await onShare?.(share);
  });
  if (!saved.ok) return saved;
  const { format, columns, phoneColumns, understood, first } = opened.value;
  const { list, rejected, hidden } = saved.value;
  return done({
    listId: list._id,
    name,
    format,
    count: list.count,
    rejected,
    phoneColumns,
    understood: {
      ...understood,
      otherColumns: understood.otherColumns.slice(0, OTHER_COLUMNS),
      ...(hidden > 0 && { hiddenRows: hidden }),
    },
    choice,
    columns: columnsOf(columns, sample).map(({ name: column, example }) => ({
      name: column,
      example: shorten(example, EXAMPLE_CHARACTERS),
    })),
    first: first.map((row) => shownRow(row, opened.value)),
    examples,
  });
}

function shownRow({ line, cells, phones }: PreviewRow, { columns, phoneColumns }: PeopleFile): ShownRow {
  const others = cells.filter((cell, at) => cell.trim() !== '' && !phoneColumns.includes(columns[at] ?? ''));
  const shown = others.slice(0, SHOWN_CELLS).map((cell) => shorten(cell.replace(/\s+/g, ' '), SHOWN_CHARACTERS));
  const [phone] = phones;
  return { line, ...(phone && { phone }), cells: shown };
}
