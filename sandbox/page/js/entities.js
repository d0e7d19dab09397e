// A text and its Bot API entities as DOM nodes. Offsets count UTF-16 units, that is string positions.
import { h } from './dom.js';
import { words } from './strings.js';

const BLOCKS = new Set(['pre', 'blockquote', 'expandable_blockquote']);

/** Nodes for `text`; `onCommand` runs when a /command in it is pressed. */
export function formatted(text, entities = [], onCommand) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return nodes(text, sorted, 0, text.length, onCommand);
}

function nodes(text, entities, from, to, onCommand) {
  const out = [];
  let at = from;
  for (let i = 0; i < entities.length; i++) {
    const entity = entities[i];
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at || entity.offset >= to) continue;
    const inner = entities.slice(i + 1).filter((other) => other.offset < end);
    if (entity.offset > at) out.push(text.slice(at, entity.offset));
    out.push(
      wrap(entity, text.slice(entity.offset, end), nodes(text, inner, entity.offset, end, onCommand), onCommand),
    );
    at = end;
    // A block ends its line by itself: the newline after it is no line of its own.
    if (BLOCKS.has(entity.type) && text[at] === '\n' && at < to) at += 1;
  }
  if (at < to) out.push(text.slice(at, to));
  return out;
}

function wrap(entity, plain, children, onCommand) {
  switch (entity.type) {
    case 'bold':
      return h('b', {}, children);
    case 'italic':
      return h('i', {}, children);
    case 'underline':
      return h('u', {}, children);
    case 'strikethrough':
      return h('s', {}, children);
    case 'code':
      return h('code', {}, children);
    case 'pre':
      return h('pre', { 'data-language': entity.language }, h('code', {}, children));
    case 'blockquote':
      return h('blockquote', {}, children);
    case 'expandable_blockquote':
      return h('details', { class: 'quote' }, h('summary', {}, plain.split('\n')[0]), h('blockquote', {}, children));
    case 'spoiler':
      return spoiler(children);
    case 'bot_command':
      return h('button', { class: 'command', type: 'button', onclick: () => onCommand?.(plain) }, children);
    case 'text_link':
      return link(entity.url, children);
    case 'url':
      return link(plain, children);
    case 'email':
      return link(`mailto:${plain}`, children);
    default:
      return h('span', { class: `entity-${entity.type}` }, children);
  }
}

function spoiler(children) {
  const hidden = h('button', { class: 'spoiler', type: 'button', 'aria-label': words.spoiler }, children);
  hidden.addEventListener('click', () => hidden.replaceWith(...hidden.childNodes), { once: true });
  return hidden;
}

/** Only links that lead out: a bot's text must not run anything here. */
function link(url, children) {
  const safe = /^(https?|mailto|tel|tg):/i.test(url);
  return safe ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, children) : h('span', {}, children);
}
