/** Telegram's HTML: markup in, plain text and entities out, with the real server's complaints (telegram.md#errors). */
import { badRequest } from './errors';
import type { MessageEntity } from './types';

const ENTITY_OF_TAG: Record<string, string> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
  a: 'text_link',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  'tg-emoji': 'custom_emoji',
};

const NAMED_CHARACTERS: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };
const CHARACTER = /^&(?:(lt|gt|amp|quot)|#(\d+)|#x([\da-f]+));?/i;
const OPENING_TAG = /^<([a-z][a-z0-9-]*)((?:\s+[a-z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?)*)\s*>/i;
const CLOSING_TAG = /^<\/([a-z][a-z0-9-]*)?\s*>/i;
const ATTRIBUTE = /([a-z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/gi;

interface OpenTag {
  name: string;
  offset: number;
  attributes: Record<string, string>;
}

/** Text and entities of an HTML message, not yet trimmed. Throws 400 `can't parse entities` with the byte offset. */
export function parseHtml(html: string): { text: string; entities: MessageEntity[] } {
  const open: OpenTag[] = [];
  const entities: MessageEntity[] = [];
  let text = '';
  let at = 0;
  const fail = (what: string): never => {
    throw badRequest(`can't parse entities: ${what}`);
  };
  const byteOffset = (): number => Buffer.byteLength(html.slice(0, at));

  while (at < html.length) {
    const rest = html.slice(at, at + 4096);
    if (rest.startsWith('&')) {
      const character = decodeCharacter(rest);
      text += character.text;
      at += character.length;
    } else if (rest.startsWith('</')) {
      const closing = CLOSING_TAG.exec(rest) ?? fail(`Unclosed end tag at byte offset ${byteOffset()}`);
      const tag = open.pop() ?? fail(`Unexpected end tag at byte offset ${byteOffset()}`);
      const name = closing[1]?.toLowerCase();
      if (name && name !== tag.name) {
        fail(`Unmatched end tag at byte offset ${byteOffset()}, expected "</${tag.name}>", found "</${name}>"`);
      }
      const entity = entityOf(tag, text);
      if (entity) entities.push(entity);
      at += closing[0].length;
    } else if (rest.startsWith('<')) {
      const name = /^<([^\s>/]*)/.exec(rest)?.[1]?.toLowerCase() ?? '';
      if (!ENTITY_OF_TAG[name]) fail(`Unsupported start tag "${name}" at byte offset ${byteOffset()}`);
      const opening = OPENING_TAG.exec(rest) ?? fail(`Unclosed start tag at byte offset ${byteOffset()}`);
      const attributes = attributesOf(opening[2] ?? '');
      if (name === 'span' && attributes.class !== 'tg-spoiler') {
        fail(`Tag "span" must have class "tg-spoiler" at byte offset ${byteOffset()}`);
      }
      open.push({ name, offset: text.length, attributes });
      at += opening[0].length;
    } else {
      const next = html.slice(at).search(/[<&]/);
      const end = next === -1 ? html.length : at + next;
      text += html.slice(at, end);
      at = end;
    }
  }
  const unclosed = open.pop();
  if (unclosed) fail(`Can't find end tag corresponding to start tag "${unclosed.name}"`);
  return { text, entities: foldCodeInPre(entities) };
}

function decodeCharacter(rest: string): { text: string; length: number } {
  const found = CHARACTER.exec(rest);
  const code = found?.[2] ? Number(found[2]) : found?.[3] ? parseInt(found[3], 16) : undefined;
  if (found?.[1]) return { text: NAMED_CHARACTERS[found[1].toLowerCase()] ?? '&', length: found[0].length };
  if (found && code !== undefined && code > 0 && code < 0x110000) {
    return { text: String.fromCodePoint(code), length: found[0].length };
  }
  return { text: '&', length: 1 };
}

function attributesOf(source: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name, double, single, bare] of source.matchAll(ATTRIBUTE)) {
    const value = double ?? single ?? bare ?? '';
    attributes[(name ?? '').toLowerCase()] = value.replace(/&[^;\s]+;/g, (entity) => decodeCharacter(entity).text);
  }
  return attributes;
}

/** The entity a closed tag makes; none for an empty one or a link to nowhere, which Telegram drops. */
function entityOf(tag: OpenTag, text: string): MessageEntity | undefined {
  const length = text.length - tag.offset;
  if (length === 0) return undefined;
  const entity: MessageEntity = { type: ENTITY_OF_TAG[tag.name] ?? tag.name, offset: tag.offset, length };
  if (tag.name === 'a') {
    const url = normalUrl(tag.attributes.href ?? text.slice(tag.offset));
    return url ? { ...entity, url } : undefined;
  }
  const language = /^language-(.+)$/.exec(tag.attributes.class ?? '')?.[1];
  if (tag.name === 'code' && language) return { ...entity, language };
  if (tag.name === 'blockquote' && 'expandable' in tag.attributes) return { ...entity, type: 'expandable_blockquote' };
  if (tag.name === 'tg-emoji') return { ...entity, custom_emoji_id: tag.attributes['emoji-id'] ?? '' };
  return entity;
}

/** `<pre><code class="language-x">` is one pre entity with a language; a language on lone code is lost. */
function foldCodeInPre(entities: MessageEntity[]): MessageEntity[] {
  const same = (a: MessageEntity, b: MessageEntity): boolean => a.offset === b.offset && a.length === b.length;
  const pres = entities.filter((entity) => entity.type === 'pre');
  return entities.flatMap((entity) => {
    if (entity.type === 'code') {
      if (pres.some((pre) => same(pre, entity))) return [];
      const code = { ...entity };
      delete code.language;
      return [code];
    }
    const language =
      entity.type === 'pre' ? entities.find((e) => e.type === 'code' && same(e, entity))?.language : undefined;
    return [language ? { ...entity, language } : entity];
  });
}

/** A link as Telegram shows it: with a scheme and, for a bare host, a slash. */
function normalUrl(url: string): string | undefined {
  const withScheme = /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `http://${url}`;
  if (!URL.canParse(withScheme)) return undefined;
  const parsed = new URL(withScheme);
  const known = ['http:', 'https:', 'tg:', 'ftp:', 'mailto:', 'tel:', 'ton:'].includes(parsed.protocol);
  return known && (parsed.host !== '' || !parsed.protocol.startsWith('http')) ? parsed.href : undefined;
}
