/** A file of people becomes a saved list. */
import { open } from 'node:fs/promises';
import { nanoid } from 'nanoid';
import { readAudienceFile, type AudienceFile } from '../audience/file';
import type { ListDocument } from '../store/documents';
import { CommandRefused, valueOf } from './errors';
import type { Services } from './services';
import type { Terminal } from './terminal';

const WHY: Record<AudienceFile['rejected'][number]['reason'], string> = {
  no_phone: 'no phone',
  invalid_phone: 'not a phone number',
};

/**
 * Reads a file of people. Lines without a usable phone are noted on the terminal; a file that cannot be read whole
 * ends the command.
 */
export async function readPeople(
  file: string,
  { services, terminal }: { services: Services; terminal: Terminal },
): Promise<AudienceFile> {
  const people = await read(file, services);
  for (const { line, value, reason } of people.rejected) {
    terminal.note(`${file}, line ${line}: ${WHY[reason]}${value && `: "${value}"`}`);
  }
  return people;
}

/** Saves people as a list, the lines without a usable phone too: a campaign accounts for each. */
export async function importList(
  { columns, phoneColumn, rows }: AudienceFile,
  name: string,
  services: Services,
): Promise<ListDocument> {
  const list: ListDocument = {
    _id: nanoid(12),
    name,
    columns,
    phoneColumn,
    count: rows.length,
    createdAt: new Date(),
    createdBy: { kind: 'cli' },
  };
  const { lists } = await services.store();
  await lists.create(list, rows);
  return list;
}

async function read(file: string, services: Services): Promise<AudienceFile> {
  try {
    const handle = await open(file);
    const result = await readAudienceFile(handle.createReadStream(), { country: services.common().DEFAULT_COUNTRY });
    if (!result.ok) await handle.close();
    return valueOf(result);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (!syscall) throw error;
    throw new CommandRefused(`Cannot read the file "${file}" (${code}).`, 'file_not_read');
  }
}
