/**
 * Files: kept on disk, named by file_id, taken from an upload, an earlier file_id or a link
 * (telegram.md#methods-and-limits).
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { imageSize } from 'image-size';
import { nanoid } from 'nanoid';
import { request } from 'undici';
import { ApiError, badRequest } from './errors';
import type { FileRecord, World } from './state';
import type { Document, PhotoSize } from './types';

const MB = 1024 * 1024;
export const MAX_DOCUMENT_BYTES = 50 * MB;
const MAX_PHOTO_BYTES = 10 * MB;
/** getFile serves no more. */
const MAX_DOWNLOAD_BYTES = 20 * MB;
const MAX_LINK_BYTES = { photo: 5 * MB, document: 20 * MB };
const LINKED_DOCUMENTS = ['image/gif', 'application/pdf', 'application/zip'];
const MAX_SIDES_SUM = 10_000;
const MAX_SIDES_RATIO = 20;

/** A file part of a multipart call, or what a person sends. */
export interface Upload {
  name: string;
  mime: string;
  bytes: Buffer;
}

export interface Files {
  /** Keeps the bytes under a new file_id. Throws 400 or 413 when Telegram would not take them. */
  save(kind: FileRecord['kind'], upload: Upload): Promise<FileRecord>;
  /** The file an argument names: `attach://<part>`, a file_id, or a link the server fetches. */
  resolve(kind: FileRecord['kind'], argument: string, uploads: ReadonlyMap<string, Upload>): Promise<FileRecord>;
  /** For getFile. Throws 400 for an unknown id and above 20 MB. */
  find(fileId: string): FileRecord;
  read(file: FileRecord): Promise<Buffer>;
  byPath(path: string): FileRecord | undefined;
}

export function createFiles({ world, folder }: { world: World; folder: string }): Files {
  const { state } = world;
  const all = (): FileRecord[] => Object.values(state.files);

  const save: Files['save'] = async (kind, upload) => {
    const { bytes, name, mime } = upload;
    if (bytes.length === 0) throw badRequest('file must be non-empty');
    if (bytes.length > MAX_DOCUMENT_BYTES) throw new ApiError(413, 'Request Entity Too Large');
    const sides = kind === 'photo' ? photoSides(bytes) : {};
    const path = `${kind}s/file_${state.nextFileNumber++}${extname(name)
      .replace(/[^.\w]/g, '')
      .slice(0, 12)}`;
    const record: FileRecord = {
      fileId: `${kind === 'photo' ? 'AgACAgIAAxkBAAI' : 'BQACAgIAAxkBAAI'}${nanoid(48)}`,
      uniqueId: `${kind === 'photo' ? 'AQAD' : 'AgAD'}${nanoid(12)}`,
      kind,
      path,
      name: name || 'file',
      mime: mime || 'application/octet-stream',
      size: bytes.length,
      ...sides,
    };
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
    state.files[record.fileId] = record;
    world.changed();
    return record;
  };

  const find = (fileId: string): FileRecord => {
    const record = Object.hasOwn(state.files, fileId) ? state.files[fileId] : undefined;
    if (!record) throw badRequest('wrong file_id or the file is temporarily unavailable');
    return record;
  };

  return {
    save,
    byPath: (path) => all().find((file) => file.path === path),
    read: (file) => readFile(join(folder, file.path)),

    find(fileId) {
      if (fileId === '') throw badRequest('file_id not specified');
      const record = find(fileId);
      if (record.size > MAX_DOWNLOAD_BYTES) throw badRequest('file is too big');
      return record;
    },

    async resolve(kind, argument, uploads) {
      if (argument.startsWith('attach://')) {
        const upload = uploads.get(argument.slice('attach://'.length));
        if (!upload) throw badRequest(`there is no ${kind} in the request`);
        return save(kind, upload);
      }
      if (/^https?:\/\//i.test(argument)) return save(kind, await fetchLink(kind, argument));
      const record = find(argument);
      if (record.kind !== kind) throw badRequest(`can't use file of type ${record.kind} as ${kind}`);
      return record;
    },
  };
}

function photoSides(bytes: Buffer): { width: number; height: number } {
  if (bytes.length > MAX_PHOTO_BYTES) throw badRequest('file is too big');
  let sides: { width: number; height: number };
  try {
    sides = imageSize(bytes);
  } catch {
    throw badRequest('IMAGE_PROCESS_FAILED');
  }
  const { width, height } = sides;
  const ratio = Math.max(width, height) / Math.max(1, Math.min(width, height));
  if (width + height > MAX_SIDES_SUM || ratio > MAX_SIDES_RATIO) throw badRequest('PHOTO_INVALID_DIMENSIONS');
  return { width, height };
}

/** Telegram fetches the link itself; the limits are lower than for uploads. */
async function fetchLink(kind: FileRecord['kind'], url: string): Promise<Upload> {
  const failed = () => badRequest('failed to get HTTP URL content');
  const response = await request(url, { headersTimeout: 10_000, bodyTimeout: 10_000 }).catch(() => {
    throw failed();
  });
  const bytes = Buffer.from(await response.body.arrayBuffer());
  if (response.statusCode !== 200 || bytes.length > MAX_LINK_BYTES[kind]) throw failed();
  const mime =
    String(response.headers['content-type'] ?? '')
      .split(';')[0]
      ?.trim() ?? '';
  const right = kind === 'photo' ? mime.startsWith('image/') : LINKED_DOCUMENTS.includes(mime);
  if (!right) throw badRequest('wrong type of the web page content');
  return { bytes, mime, name: decodeURIComponent(new URL(url).pathname.split('/').pop() ?? '') };
}

export function asDocument(file: FileRecord): Document {
  return {
    file_id: file.fileId,
    file_unique_id: file.uniqueId,
    file_name: file.name,
    mime_type: file.mime,
    file_size: file.size,
  };
}

/** One size only: the sandbox does not scale pictures. */
export function asPhoto(file: FileRecord): PhotoSize[] {
  const { width = 0, height = 0 } = file;
  return [{ file_id: file.fileId, file_unique_id: file.uniqueId, width, height, file_size: file.size }];
}
