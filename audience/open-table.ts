/** Detects a file's table format from its content: people give .xlsx files the name .csv, and vice versa. */
import { sizeOf, startOf, type FileSource } from './bytes';
import type { CountryCode } from 'libphonenumber-js';
import { openCsv } from './csv';
import { utf16In } from './decode';
import { ENCODINGS } from './encodings';
import { looksLikeJson, openJson } from './json';
import { FileRefused, type Table } from './table';
import { openXlsx } from './xlsx';

const MEGABYTE = 1024 * 1024;
/**
 * Limits of an upload, which is held in memory (Telegram gives bots no larger one, telegram.md#methods-and-limits), and
 * of a file on disk.
 */
const MAX_MEGABYTES = { upload: 20, disk: 500 };
const ZIP = '504b0304';
const EMPTY_ZIP = '504b0506';
const OLE = 'd0cf11e0';
/** PDF, gzip, PNG, JPEG, GIF, RAR, 7z, bzip2, xz. */
const NOT_TEXT = ['25504446', '1f8b', '89504e47', 'ffd8ff', '47494638', '52617221', '377abcaf', '425a68', 'fd377a58'];
/** The name of the stream in an encrypted workbook (MS-OFFCRYPTO §2.3.1), found in its directory. */
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');

/** Choices for a file that can be read in several ways; absent ones are detected. */
export interface TableOptions {
  /** The sheet's name, for a workbook. */
  sheet?: string;
  /** For a text: one of ENCODINGS. */
  encoding?: string;
  /** For a text: an admin names a column, so it has columns. */
  hasColumns?: boolean;
  /** The country whose notation a workbook's numbers and dates use; default RU. */
  country?: CountryCode;
}

/** Opens a file. Throws FileRefused, here or while the rows are read; rejects as `fs` does. */
export async function openTable(source: FileSource, options: TableOptions = {}): Promise<Table> {
  const size = await sizeOf(source);
  const limit = Buffer.isBuffer(source) ? MAX_MEGABYTES.upload : MAX_MEGABYTES.disk;
  if (size > limit * MEGABYTE) {
    throw new FileRefused('file_too_large', { megabytes: Math.ceil(size / MEGABYTE), limit });
  }
  const start = await startOf(source, MEGABYTE);
  const signature = start.subarray(0, 4).toString('hex');
  const { country = 'RU' } = options;
  if (signature === ZIP || signature === EMPTY_ZIP) return openXlsx(source, { ...options, country });
  if (signature === OLE) throw new FileRefused(start.includes(ENCRYPTED) ? 'file_encrypted' : 'file_xls_old');
  if (NOT_TEXT.some((known) => signature.startsWith(known))) throw new FileRefused('file_not_text');
  const { encoding } = options;
  if (encoding !== undefined && !ENCODINGS.includes(encoding.toLowerCase())) {
    throw new FileRefused('file_encoding_unknown', { encoding, encodings: ENCODINGS.join(', ') });
  }
  const beginning = new TextDecoder(utf16In(start) ?? 'utf-8').decode(start.subarray(0, 400));
  return looksLikeJson(beginning) ? openJson(source, encoding) : openCsv(source, { ...options, country });
}
