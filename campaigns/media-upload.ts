/** Uploads a file of the header's media to Gupshup, after the checks that WhatsApp makes of it. */
import { fileProblem } from '../clients/media';
import type { Senders } from '../clients/gupshup/senders';
import { done, type Result } from '../config/errors';
import { type MediaType, uploadedMediaText } from '../domain/templates/uploaded-media';
import { vendorCall } from './catalogue';
import { refusalOfFile } from './media';
import { senderNamed } from './sender-named';

interface MediaFile {
  content: Buffer;
  name: string;
}

/**
 * The uploaded file for a campaign's `mediaUrl`; only `sender` (default: the default one) can send it. Refuses a file
 * that WhatsApp would, and what Gupshup refuses. With `onlyCheck` nothing is uploaded: the result passes
 * what looks at a campaign, and cannot be sent.
 */
export type UploadMedia = (
  file: MediaFile,
  options: { type: MediaType; sender?: string | undefined; onlyCheck?: boolean },
) => Promise<Result<string>>;

/** Gupshup documents about 30 days: the last one is not relied on. */
const KEPT_MS = 29 * 86_400_000;
const NOT_UPLOADED = 'not-uploaded';

export function createMediaUpload(senders: Senders): UploadMedia {
  return async ({ content, name }, { type, sender, onlyCheck = false }) => {
    const found = senderNamed(sender, senders);
    if (!found.ok) return found;
    const checked = fileProblem(content, name, type);
    if ('problem' in checked) return { ok: false, refusal: refusalOfFile(checked.problem, name) };
    const file = { content, name, mime: checked.mime };
    const until = new Date(Date.now() + KEPT_MS);
    const uploadedAs = (mediaId: string): string =>
      uploadedMediaText({ mediaId, app: found.value.app, type, until, name });
    if (onlyCheck) return done(uploadedAs(NOT_UPLOADED));
    const uploaded = await vendorCall(() => found.value.gupshup.uploadMedia(file));
    return uploaded.ok ? done(uploadedAs(uploaded.value)) : uploaded;
  };
}
