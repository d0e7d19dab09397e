/** Interprets Gupshup's answer to a send as one value, never an exception (gupshup.md#send-answers). */
import { z } from 'zod';
import { redactText } from '../../config/logger';
import { policyForHttp } from '../../domain/error-policy';
import { type MediaType, readUploadedMedia } from '../../domain/templates/uploaded-media';
import { AmbiguousError, RefusedError, UnreachableError, type HttpAnswer } from '../http';

/**
 * - `accepted` Gupshup has the message; its fate comes as receipts
 * - `refused` a definite answer: no message. `policyForHttp(status, message, code)` gives the consequences
 * - `unreachable` no byte was sent: may be retried
 * - `ambiguous` Gupshup may have the message: never resent automatically
 */
export type SendAnswer =
  | { kind: 'accepted'; messageId: string }
  | { kind: 'refused'; status: number; code?: number; message: string; retryAfterMs?: number }
  | { kind: 'unreachable'; detail: string }
  | { kind: 'ambiguous'; detail: string };

interface MediaLink {
  type: MediaType;
  /** Public https link, or a file uploaded to this app (domain/templates/uploaded-media.ts). */
  link: string;
  /** Shown to the recipient of a DOCUMENT. */
  filename?: string;
}

export interface TemplateSend {
  /** E.164. */
  destination: string;
  /** Gupshup's UUID of the template. */
  templateId: string;
  /** In the order of `parametersOf`. */
  params: readonly string[];
  media?: MediaLink;
  /** Of a carousel: a public https link for each card, in their order. */
  cards?: { type: 'IMAGE' | 'VIDEO'; links: readonly string[] };
  signal?: AbortSignal;
  /** The first byte is about to be written; false keeps it from being. */
  onStart?: () => boolean;
}

export interface TextSend {
  /** E.164. */
  destination: string;
  text: string;
}

const numeric = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]);
/** Fields of a wrong type count as absent: the status still decides. */
const answerSchema = z.object({
  status: z.string().optional().catch(undefined),
  messageId: z.string().trim().min(1).optional().catch(undefined),
  message: z.unknown().optional(),
  code: numeric.optional().catch(undefined),
});

/** The form fields of a template send (gupshup.md#send). JSON is sent as text inside the fields. */
export function sendForm(send: TemplateSend, source: string, appName: string): Record<string, string> {
  const form: Record<string, string> = {
    channel: 'whatsapp',
    source,
    destination: send.destination.replace(/^\+/, ''),
    'src.name': appName,
    template: JSON.stringify({ id: send.templateId, params: send.params }),
  };
  if (send.media) {
    const { link } = send.media;
    const uploaded = readUploadedMedia(link);
    const filename = send.media.filename ?? uploaded?.name;
    const type = send.media.type.toLowerCase();
    const file = uploaded ? { id: uploaded.mediaId } : { link };
    const named = type === 'document' && filename ? { ...file, filename } : file;
    form['message'] = JSON.stringify({ type, [type]: named });
  }
  if (send.cards) {
    const { type, links } = send.cards;
    // gupshup.md#carousel
    form['message'] = JSON.stringify({
      type: 'carousel',
      cardHeaderType: type,
      cards: links.map((link) => ({ link })),
    });
  }
  return form;
}

/** The form fields of a text in an open window. */
export function sessionForm({ destination, text }: TextSend, source: string, appName: string): Record<string, string> {
  return {
    channel: 'whatsapp',
    source,
    destination: destination.replace(/^\+/, ''),
    'src.name': appName,
    message: JSON.stringify({ type: 'text', text }),
  };
}

/** Rule 7: a 2xx with a messageId and without status "error" is accepted; an unreadable 2xx may also be. */
export function answerOf({ status, json }: HttpAnswer): SendAnswer {
  const body = answerSchema.safeParse(json).data;
  if (body?.status?.toLowerCase() === 'error') return refusal(status, json);
  if (body?.messageId) return { kind: 'accepted', messageId: body.messageId };
  return { kind: 'ambiguous', detail: `HTTP ${status} without a messageId` };
}

/** Converts a thrown error kind into a value. Rethrows anything else: a bug. */
export function answerOfError(error: unknown): SendAnswer {
  if (error instanceof UnreachableError) return { kind: 'unreachable', detail: error.code };
  if (error instanceof AmbiguousError) return { kind: 'ambiguous', detail: error.code };
  if (!(error instanceof RefusedError)) throw error;
  const answer = refusal(error.status, error.json, error.retryAfterMs);
  const { family } = policyForHttp(answer.status, answer.message, answer.code);
  return family === 'ambiguous' ? { kind: 'ambiguous', detail: `HTTP ${error.status} from a gateway` } : answer;
}

function refusal(status: number, json: unknown, retryAfterMs?: number): SendAnswer & { kind: 'refused' } {
  const body = answerSchema.safeParse(json).data;
  return {
    kind: 'refused',
    status,
    message: vendorMessage(json) ?? `HTTP ${status}`,
    ...(body?.code !== undefined && { code: body.code }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/**
 * Gupshup's own text with phones blanked; the body may be an object or a bare JSON string (gupshup.md#send-answers).
 */
export function vendorMessage(json: unknown): string | undefined {
  const message = typeof json === 'string' ? json : answerSchema.safeParse(json).data?.message;
  if (message === undefined || message === null || message === '') return undefined;
  return redactText(typeof message === 'string' ? message : JSON.stringify(message)).slice(0, 300);
}
