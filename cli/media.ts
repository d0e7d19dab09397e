/** `--media`: a link, or a file on this machine that is uploaded to Gupshup when the message is about to be made. */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { UploadMedia } from '../campaigns/media-upload';
import { refused } from '../config/errors';
import { isMediaLink, type Template } from '../domain/templates/template';
import { mediaTypeOf } from '../domain/templates/uploaded-media';
import { refusal, refusedAs, valueOf } from './errors';
import type { Services } from './services';

/** The header's media of a message. */
export interface Media {
  /** For a look ahead: of a file that is still to be uploaded it passes the checks, but cannot be sent. */
  readonly mediaUrl: string;
  /** What is sent. Uploads a file, once; what Gupshup refuses ends the command. */
  ready(): Promise<string>;
}

export const MEDIA_HELP =
  'the picture, video or document in the header: an https link, or a file here, which is uploaded to Gupshup';

/** No larger file is read: no kind of media may be (WhatsApp's limit of a document). */
const MOST_BYTES = 100 * 1024 * 1024;

/** Refuses a file that cannot be read, that WhatsApp would not take, or for which the template has no place. */
export async function chooseMedia(
  given: string | undefined,
  { template: wanted, sender }: { template: string; sender: string | undefined },
  services: Pick<Services, 'catalogue' | 'mediaUpload'>,
): Promise<Media | undefined> {
  if (given === undefined) return undefined;
  // The checks of a link say what is wrong with one that is none of https.
  if (isMediaLink(given) || /^[a-z][a-z\d+.-]+:\/\//i.test(given)) {
    return { mediaUrl: given, ready: () => Promise.resolve(given) };
  }
  const template: Template = valueOf(await (await services.catalogue()).template(wanted, sender));
  const type = mediaTypeOf(template.header?.type);
  if (!type) throw refusal(refused('media_not_taken', { template: template.name }).refusal);
  const content = await contentOf(given);
  const upload = await services.mediaUpload();
  const file = { content, name: basename(given) };
  const options = { type, ...(sender !== undefined && { sender }) };
  const mediaUrl = valueOf(await upload(file, { ...options, onlyCheck: true }));
  let uploading: ReturnType<UploadMedia> | undefined;
  return { mediaUrl, ready: async () => valueOf(await (uploading ??= upload(file, options))) };
}

async function contentOf(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) {
      const megabytes = Math.ceil((size / MOST_BYTES) * 1000) / 10;
      throw refusal(refused('media_too_large', { megabytes, limit: 100 }).refusal);
    }
    return await readFile(file);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (!syscall) throw error;
    throw refusedAs('file_not_read', 'Cannot read the file "{{file}}" ({{code}}).', { file, code: String(code) });
  }
}
