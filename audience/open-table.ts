/** Which kind of table a file is, by its content: people name an .xlsx .csv, and the other way round. */
import { sizeOf, startOf, type FileSource } from './bytes';
import { openCsv } from './csv';
import { looksLikeJson, openJson } from './json';
import { FileRefused, type Table } from './table';
import { openXlsx } from './xlsx';

const MEGABYTE = 1024 * 1024;
/** Of an upload, which is in memory (Telegram gives bots no larger one, facts/telegram.md §5), and of a file on disk. */
const MAX_MEGABYTES = { upload: 20, disk: 500 };
const ZIP = '504b0304';
const EMPTY_ZIP = '504b0506';
const OLE = 'd0cf11e0';
/** PDF, gzip. */
const NOT_TEXT = ['25504446', '1f8b'];
/** The name of the stream that holds an encrypted workbook (MS-OFFCRYPTO §2.3.1); it stands in the directory. */
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');

/** Opens a file. Throws FileRefused, here or while the rows are read; rejects as `fs` does. */
export async function openTable(source: FileSource): Promise<Table> {
  const size = await sizeOf(source);
  const limit = Buffer.isBuffer(source) ? MAX_MEGABYTES.upload : MAX_MEGABYTES.disk;
  if (size > limit * MEGABYTE) {
    throw new FileRefused('file_too_large', { megabytes: Math.ceil(size / MEGABYTE), limit });
  }
  const start = await startOf(source, MEGABYTE);
  const signature = start.subarray(0, 4).toString('hex');
  if (signature === ZIP || signature === EMPTY_ZIP) return openXlsx(source);
  if (signature === OLE) throw new FileRefused(start.includes(ENCRYPTED) ? 'file_encrypted' : 'file_xls_old');
  if (NOT_TEXT.some((known) => signature.startsWith(known))) throw new FileRefused('file_not_text');
  return looksLikeJson(
    start
      .subarray(0, 200)
      .toString('utf8')
      .replace(/^\ufeff/, ''),
  )
    ? openJson(source)
    : openCsv(source);
}
