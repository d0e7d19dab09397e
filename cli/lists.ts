/** Saves a file of people as a list, or reads it. */
import { open, type FileHandle } from 'node:fs/promises';
import { openPeopleFile, type FileChoice, type PeopleBatch, type PeopleFile, type RejectedRow } from '../audience/file';
import { rejectedHeading, rejectedLines, rejectionText } from '../audience/rejected';
import { saveAsList } from '../audience/save';
import type { Language } from '../config/i18n';
import type { Person } from '../domain/audience';
import type { ListDocument } from '../store/documents';
import { CommandRefused, valueOf } from './errors';
import { createImportProgress } from './import-progress';
import type { Services } from './services';
import type { Terminal } from './terminal';

interface Context {
  services: Services;
  terminal: Terminal;
}

/** A file's content, in memory. */
export interface PeopleOfFile {
  columns: string[];
  rows: Person[];
  rejected: RejectedRow[];
}

/** Hooks that run while the people are read. */
interface Reading {
  /** Receives every rejected line as CSV. */
  rejectedTo?: string | undefined;
  take?: ((batch: PeopleBatch) => Promise<void> | void) | undefined;
}

/** How many rejected lines the terminal shows. */
const NOTED_REJECTS = 20;

/** Opens a file of people. An unreadable file ends the command. */
export function openFile(file: string, services: Services, choice: FileChoice = {}): Promise<PeopleFile> {
  return readable(file, async () =>
    valueOf(await openPeopleFile({ path: file }, { country: services.common().DEFAULT_COUNTRY, choice })),
  );
}

/**
 * Saves a file's people as a list, including lines without a usable phone, because a campaign accounts for each line.
 * The terminal shows those. A file that becomes unreadable halfway ends the command and leaves no list. `onlyLook`: its
 * people do not become contacts, and the caller takes the list away again.
 */
export async function importList(
  path: string,
  name: string,
  { services, terminal }: Context,
  { file, rejectedTo, take, onlyLook = false }: Reading & { file?: PeopleFile; onlyLook?: boolean } = {},
): Promise<{ list: ListDocument; rejected: number; hidden: number; file: PeopleFile }> {
  const opened = file ?? (await openFile(path, services));
  const { lists, contacts } = await services.store();
  const by = { kind: 'cli' as const };
  const { columns } = opened;
  const saved = await watched(path, { terminal, columns, rejectedTo, take }, (also) =>
    readable(path, () => saveAsList(opened, { name, by, ...(!onlyLook && { contacts }) }, lists, also)),
  );
  return { ...valueOf(saved), file: opened };
}

/** Reads a whole file of people. Reports rejected lines and ends as `importList` does. */
export async function readPeople(path: string, { services, terminal }: Context): Promise<PeopleOfFile> {
  const file = await openFile(path, services);
  const [rows, rejected]: [Person[], RejectedRow[]] = [[], []];
  const take = (batch: PeopleBatch): void => {
    rows.push(...batch.people);
    rejected.push(...batch.rejected);
  };
  valueOf(
    await watched(path, { terminal, columns: file.columns, take }, (also) => readable(path, () => file.read(also))),
  );
  return { columns: file.columns, rows, rejected };
}

/** Runs the reading, shows its progress, and reports and writes its rejected lines. */
async function watched<T>(
  path: string,
  { terminal, columns, rejectedTo, take }: Reading & { terminal: Terminal; columns: readonly string[] },
  read: (also: (batch: PeopleBatch) => Promise<void>) => Promise<T>,
): Promise<T> {
  const progress = createImportProgress(terminal);
  const { t, language } = terminal.speech;
  const out = rejectedTo === undefined ? undefined : await createRejectedFile(rejectedTo, columns, language);
  const shown: string[] = [];
  let [rows, rejects] = [0, 0];
  try {
    return await read(async (batch) => {
      rows += batch.people.length;
      rejects += batch.rejected.length;
      for (const row of batch.rejected.slice(0, Math.max(NOTED_REJECTS - shown.length, 0))) {
        shown.push(
          `${path}, ${t('line {{line}}', { line: row.line })}: ${row.value && `"${row.value}": `}${rejectionText(row, language)}`,
        );
      }
      await out?.write(rejectedLines(batch.rejected, batch.people, columns, language));
      await take?.(batch);
      progress.show(batch.share, rows);
    });
  } finally {
    progress.stop();
    await out?.close();
    shown.forEach(terminal.note);
    const more = rejects - shown.length;
    if (more > 0)
      terminal.note(
        rejectedTo
          ? t('… and {{more}} more lines: {{file}}', { more, file: rejectedTo })
          : t('… and {{more}} more lines; --rejected FILE writes them all to a file', { more }),
      );
  }
}

async function createRejectedFile(path: string, columns: readonly string[], language: Language): Promise<FileHandle> {
  try {
    const handle = await open(path, 'w');
    await handle.write(rejectedHeading(columns, language));
    return handle;
  } catch (error) {
    throw new CommandRefused(
      `Cannot write the file "${path}" (${(error as NodeJS.ErrnoException).code}).`,
      'file_not_written',
      ({ t }) =>
        t('Cannot write the file "{{path}}" ({{code}}).', {
          path,
          code: String((error as NodeJS.ErrnoException).code),
        }),
    );
  }
}

async function readable<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, syscall, path } = error as NodeJS.ErrnoException;
    if (!syscall || (path !== undefined && path !== file)) throw error;
    throw new CommandRefused(`Cannot read the file "${file}" (${code}).`, 'file_not_read', ({ t }) =>
      t('Cannot read the file "{{file}}" ({{code}}).', { file, code: String(code) }),
    );
  }
}
