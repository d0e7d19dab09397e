/** A message's text on its way in: parse mode, trimming, length limits, and the entities Telegram finds by itself. */
import { z } from 'zod';
import { badRequest } from './errors';
import { parseHtml } from './html';
import type { MessageEntity } from './types';

/** UTF-16 units after parsing (telegram.md#errors, telegram.md#methods-and-limits). */
export const MAX_TEXT_LENGTH = 4096;
const MAX_CAPTION_LENGTH = 1024;
const MAX_RAW_BYTES = 32_768;

export interface FormattedText {
  text: string;
  entities: MessageEntity[];
}

export const entitySchema = z.strictObject({
  type: z.string(),
  offset: z.number().int().nonnegative(),
  length: z.number().int().positive(),
  url: z.string().optional(),
  language: z.string().optional(),
  custom_emoji_id: z.string().optional(),
});

/** Patterns in the order of who wins an overlap. */
const FOUND_IN_TEXT: [type: string, pattern: RegExp][] = [
  ['url', /\bhttps?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]»]/gi],
  ['email', /\b[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b/gi],
  ['bot_command', /(?<![\w/@<>])\/[a-z0-9_]{1,64}(?:@[a-z0-9_]{3,32})?(?![\w/])/gi],
  ['mention', /(?<![\w/@])@[a-z][a-z0-9_]{3,31}\b/gi],
  ['hashtag', /(?<![\w/#&])#[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*/giu],
];

/** The text as a message will carry it. Throws 400 when it is empty, too long or badly marked up. */
export function formatText(
  given: { text: string; parseMode?: string | undefined; entities?: readonly MessageEntity[] | undefined },
  kind: 'text' | 'caption',
): FormattedText {
  if (given.text === '' && kind === 'text') throw badRequest('message text is empty');
  if (Buffer.byteLength(given.text) > MAX_RAW_BYTES) throw badRequest('text is too long');
  const parsed = trim(parse(given));
  if (parsed.text === '' && kind === 'text') throw badRequest('text must be non-empty');
  if (kind === 'text' && parsed.text.length > MAX_TEXT_LENGTH) throw badRequest('message is too long');
  if (kind === 'caption' && parsed.text.length > MAX_CAPTION_LENGTH) throw badRequest('message caption is too long');
  return { text: parsed.text, entities: inOrder([...parsed.entities, ...found(parsed)]) };
}

/** Typed text has no markup; Telegram still finds commands, links and the like in it. */
export function typedText(text: string): FormattedText {
  return { text, entities: inOrder(found({ text, entities: [] })) };
}

function parse(given: Parameters<typeof formatText>[0]): FormattedText {
  const mode = given.parseMode?.toLowerCase() ?? '';
  if (mode === 'html') return parseHtml(given.text);
  // The product writes HTML; the sandbox does not pretend to know the Markdown modes.
  if (mode === 'markdownv2' || mode === 'markdown') throw badRequest('sandbox: only the parse_mode HTML is supported');
  if (mode !== '') throw badRequest('unsupported parse_mode');
  return { text: given.text, entities: [...(given.entities ?? [])] };
}

/** White space at both ends goes, entities move and shrink with it. */
function trim({ text, entities }: FormattedText): FormattedText {
  const start = text.length - text.trimStart().length;
  const trimmed = text.trim();
  return {
    text: trimmed,
    entities: entities.flatMap((entity) => {
      const from = Math.max(0, entity.offset - start);
      const to = Math.min(trimmed.length, entity.offset - start + entity.length);
      return to > from ? [{ ...entity, offset: from, length: to - from }] : [];
    }),
  };
}

function found({ text, entities }: FormattedText): MessageEntity[] {
  const taken = entities.filter((entity) => ['code', 'pre', 'text_link', 'custom_emoji'].includes(entity.type));
  for (const [type, pattern] of FOUND_IN_TEXT) {
    for (const match of text.matchAll(pattern)) {
      const entity = { type, offset: match.index, length: match[0].length };
      const free = taken.every(
        (t) => t.offset + t.length <= entity.offset || entity.offset + entity.length <= t.offset,
      );
      if (free) taken.push(entity);
    }
  }
  return taken.filter((entity) => !entities.includes(entity));
}

/** By place, the wider first: the order in which the real server lists them. */
function inOrder(entities: MessageEntity[]): MessageEntity[] {
  return entities.sort((a, b) => a.offset - b.offset || b.length - a.length);
}
