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
 * that WhatsApp would, and what Gupshup refuses.
 */
export type UploadMedia = (
  file: MediaFile,
  options: { type: MediaType; sender?: string | undefined },
) => Promise<Result<string>>;

/** Gupshup documents about 30 days: the last one is not relied on. */
const KEPT_MS = 29 * 86_400_000;

export function createMediaUpload(senders: Senders): UploadMedia {
  return async ({ content, name }, { type, sender }) => {
    const found = senderNamed(sender, senders);
    if (!found.ok) return found;
    const checked = fileProblem(content, name, type);
    if ('problem' in checked) return { ok: false, refusal: refusalOfFile(checked.problem, name) };
    const file = { content, name, mime: checked.mime };
    const uploaded = await vendorCall(() => found.value.gupshup.uploadMedia(file));
    if (!uploaded.ok) return uploaded;
    const until = new Date(Date.now() + KEPT_MS);
    return done(uploadedMediaText({ mediaId: uploaded.value, app: found.value.app, type, until, name }));
  };
}
