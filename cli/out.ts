/** A document that a command writes to a file, and the language that it is in. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Option } from 'commander';
import { LANGUAGES } from '../config/i18n';
import { refusedAs } from './errors';
import type { Speech } from './speech';

/** `--language` of the document; default: the console's. */
export function languageOption(of: 'report' | 'CSV' | 'document', { language }: Pick<Speech, 'language'>): Option {
  return new Option('--language <language>', `language of the ${of}`).choices([...LANGUAGES]).default(language);
}

/** Writes it to the file of `--out`. Refused where that cannot be written. */
export async function writeOut(
  file: string,
  content: Iterable<string | Buffer> | AsyncIterable<string | Buffer>,
): Promise<void> {
  try {
    await pipeline(Readable.from(content), createWriteStream(file));
  } catch (error) {
    const { code, message, syscall } = error as NodeJS.ErrnoException;
    // An error with a system call comes from the file, any other from what is read for it.
    if (!syscall) throw error;
    throw refusedAs('file_not_written', '--out: cannot write "{{file}}" ({{why}})', { file, why: code ?? message });
  }
}
