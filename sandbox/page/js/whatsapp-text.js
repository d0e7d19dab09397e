// WhatsApp's own markup: *bold* _italic_ ~strike~ `code` ```block```, and links.
import { h } from './dom.js';

/** Each mark counts only with text right inside it and none of a word right outside, as in the app. */
const MARKS = [
  ['pre', /```([\s\S]+?)```/],
  ['code', /`([^`\n]+)`/],
  ['b', /(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]*[^\s*])\*(?![\p{L}\p{N}*])/u],
  ['i', /(?<![\p{L}\p{N}_])_(?=\S)([^_\n]*[^\s_])_(?![\p{L}\p{N}_])/u],
  ['s', /(?<![\p{L}\p{N}~])~(?=\S)([^~\n]*[^\s~])~(?![\p{L}\p{N}~])/u],
  ['a', /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)»]/i],
];

/** Nodes for a WhatsApp text. */
export function whatsappText(text) {
  let first;
  for (const [tag, pattern] of MARKS) {
    const match = pattern.exec(text);
    if (match && (!first || match.index < first.match.index)) first = { tag, match };
  }
  if (!first) return text ? [text] : [];
  const { tag, match } = first;
  const before = text.slice(0, match.index);
  const after = whatsappText(text.slice(match.index + match[0].length));
  return [...(before ? [before] : []), element(tag, match), ...after];
}

function element(tag, match) {
  if (tag === 'a') return h('a', { href: match[0], target: '_blank', rel: 'noopener noreferrer' }, match[0]);
  if (tag === 'pre' || tag === 'code') return h('code', {}, match[1]);
  return h(tag, {}, whatsappText(match[1]));
}
