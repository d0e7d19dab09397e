/**
 * Extracts what a person says in a message of either version: typed, tapped, as a caption, as a reaction, in a form.
 */
import { z } from 'zod';
import { compact, part, words } from './fields';

export interface Said {
  text?: string;
  /** The label of the tapped button. */
  buttonText?: string;
  /** The message it refers to, if the message itself names it instead of its context. */
  aboutId?: string;
}

/** A text that some providers give without its object. */
const typed = z
  .union([z.string().transform((text) => ({ body: text })), z.object({ body: words })])
  .catch({ body: undefined });

const v3Schema = z.object({
  type: words,
  text: typed,
  button: part.pipe(z.object({ text: words, payload: words })),
  interactive: part.pipe(z.object({ button_reply: part, list_reply: part, nfm_reply: part })),
  reaction: part.pipe(z.object({ emoji: words, message_id: words })),
  order: part.pipe(z.object({ text: words })),
  edit: part.pipe(z.object({ original_message_id: words, message: part })),
  image: part,
  video: part,
  document: part,
});

/** Undefined when the message says that another was deleted: not a reply. */
export function saidV3(message: Record<string, unknown>): Said | undefined {
  const read = v3Schema.parse(message);
  const { type, interactive, reaction, edit } = read;
  if (type === 'revoke' || (type === 'reaction' && reaction.emoji === undefined)) return undefined;
  if (type === 'edit') return saidV3(edit.message);
  const tapped = [interactive.button_reply, interactive.list_reply].map((reply) => tappedIn(reply)).find(Boolean);
  const captions = [read.image, read.video, read.document].map((media) => captionOf(media, media['filename']));
  return compact({
    text:
      read.text.body ??
      captions.find(Boolean) ??
      reaction.emoji ??
      read.order.text ??
      answersOf(interactive.nfm_reply['response_json']),
    buttonText: read.button.text ?? read.button.payload ?? tapped,
    aboutId: reaction.message_id,
  });
}

const v2Schema = z.object({ type: words, text: words, emoji: words, postbackText: words });

/** `type` is the type of the outer message. */
export function saidV2(type: string, payload: unknown): Said | undefined {
  const given = typeof payload === 'string' ? { text: payload } : part.parse(payload);
  const inner = v2Schema.parse(given);
  if (type === 'reaction' && inner.emoji === undefined) return undefined;
  // The outer type of a template tap is "quick_reply" or "text"; the inner "button" is the reliable sign.
  if (inner.type === 'button' || type === 'quick_reply')
    return compact({ buttonText: inner.text ?? inner.postbackText });
  // A place also has a title.
  if (/reply/.test(type)) return compact({ buttonText: tappedIn(given) });
  return compact({ text: inner.text ?? captionOf(given, given['name'] ?? given['filename']) ?? inner.emoji });
}

function tappedIn(reply: Record<string, unknown>): string | undefined {
  return [reply['title'], reply['postbackText'], reply['id']].map((value) => words.parse(value)).find(Boolean);
}

/** Some providers put the file's name there. */
function captionOf(media: Record<string, unknown>, name: unknown): string | undefined {
  const caption = words.parse(media['caption']);
  return caption === words.parse(name) ? undefined : caption;
}

/** A form's answers, one per line; for a choice, its name. */
function answersOf(json: unknown): string | undefined {
  const read = part.safeParse(parsed(json)).data ?? {};
  const lines = Object.entries(read).flatMap(([name, value]): string[] => {
    if (name === 'flow_token') return [];
    if (value === true) return [name.replaceAll('_', ' ')];
    return [value].flat().flatMap((one) => (typeof one === 'string' ? one.replace(/^\d+_/, '') : []));
  });
  return words.parse(lines.join('\n'));
}

function parsed(json: unknown): unknown {
  if (typeof json !== 'string') return json;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
