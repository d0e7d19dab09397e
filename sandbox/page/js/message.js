// One message of the chat as a bubble: text, file or picture, keyboard, time and ticks.
import { fileUrl } from './api.js';
import { copy, lightbox } from './dialogs.js';
import { h } from './dom.js';
import { formatted } from './entities.js';
import { icon } from './icons.js';
import { formatSize, formatTime, words } from './strings.js';

const EXTENSION_COLOURS = {
  csv: 'green',
  xlsx: 'green',
  xls: 'green',
  pdf: 'red',
  zip: 'amber',
  json: 'violet',
  txt: 'blue',
};

/**
 * `view`: {message, own, fetched, reaction, last, isWaiting(data)}; `last`: last of a run by one sender, it gets the tail.
 * `act`: {press(data), command(text), jump(messageId)}.
 */
export function messageElement(view, act) {
  const { message, own, last } = view;
  if (message.pinned_message) return pinNote(message, act);
  const caption = message.caption ? textBlock(message.caption, message.caption_entities, act) : undefined;
  const bubble = h(
    'div',
    { class: `bubble ${message.photo ? 'with-picture' : ''}` },
    message.forward_origin &&
      h('div', { class: 'forwarded' }, words.forwarded(message.forward_origin.sender_user.first_name)),
    message.reply_to_message && quote(message.reply_to_message, act),
    message.photo && picture(message),
    message.document && documentCard(message.document),
    message.text && textBlock(message.text, message.entities, act),
    caption,
    meta(view, Boolean(message.photo && !message.caption)),
    view.reaction && h('span', { class: 'reaction' }, view.reaction),
  );
  return h(
    'article',
    {
      class: `message ${own ? 'own' : 'theirs'} ${last ? 'last' : ''}`,
      'data-testid': 'message',
      'data-message-id': message.message_id,
      'data-from': own ? 'person' : 'bot',
    },
    bubble,
    message.reply_markup && keyboard(message, view, act),
  );
}

function textBlock(text, entities, act) {
  return h(
    'div',
    { class: 'text', dir: 'auto', 'data-testid': 'message-text' },
    formatted(text, entities, act.command),
  );
}

function meta({ message, own, fetched }, overPicture) {
  const at = (message.edit_date ?? message.date) * 1000;
  return h(
    'span',
    { class: `meta ${overPicture ? 'over' : ''}` },
    message.edit_date && h('span', { class: 'edited' }, words.edited),
    h('time', { dateTime: new Date(at).toISOString() }, formatTime(at)),
    own &&
      h(
        'span',
        {
          class: `ticks ${fetched ? 'fetched' : ''}`,
          role: 'img',
          'aria-label': fetched ? words.fetched : words.notFetched,
        },
        icon(fetched ? 'checks' : 'check'),
      ),
  );
}

function picture(message) {
  const size = message.photo.at(-1);
  const url = fileUrl(size.file_id);
  const alt = message.caption ?? words.picture;
  const image = h('img', { src: url, alt, width: size.width, height: size.height, loading: 'lazy' });
  return h(
    'button',
    {
      class: 'picture',
      type: 'button',
      'data-testid': 'picture',
      'aria-label': alt,
      onclick: () => lightbox(url, alt),
    },
    image,
  );
}

function documentCard(file) {
  const extension = /\.(\w{1,5})$/.exec(file.file_name)?.[1]?.toLowerCase() ?? '';
  return h(
    'a',
    {
      class: 'file',
      href: fileUrl(file.file_id),
      download: file.file_name,
      'data-testid': 'document',
      title: file.file_name,
    },
    h(
      'span',
      { class: `file-icon ${EXTENSION_COLOURS[extension] ?? 'blue'}` },
      icon('document'),
      h('b', {}, extension || '•'),
    ),
    h(
      'span',
      { class: 'file-words' },
      h('span', { class: 'file-name' }, file.file_name),
      h('span', { class: 'file-size' }, formatSize(file.file_size)),
    ),
    icon('download', 'file-download'),
  );
}

function quote(message, act) {
  return h(
    'button',
    { class: 'reply', type: 'button', onclick: () => act.jump(message.message_id) },
    h('b', {}, message.from.first_name),
    h('span', {}, summary(message)),
  );
}

function pinNote(message, act) {
  const pinned = message.pinned_message;
  return h(
    'article',
    { class: 'service', 'data-testid': 'message', 'data-message-id': message.message_id, 'data-from': 'bot' },
    h(
      'button',
      { type: 'button', onclick: () => act.jump(pinned.message_id) },
      `${message.from.first_name} ${words.pinnedIt} «${summary(pinned).slice(0, 40)}»`,
    ),
  );
}

/** A message in a line. */
export function summary(message) {
  return (message.text ?? message.caption ?? message.document?.file_name ?? words.picture).split('\n')[0];
}

function keyboard(message, view, act) {
  const rows = message.reply_markup.inline_keyboard.map((row) =>
    h(
      'div',
      { class: 'keys' },
      row.map((button) => key(button, view, act)),
    ),
  );
  return h('div', { class: 'keyboard', role: 'group' }, rows);
}

function key(button, view, act) {
  const look = { class: `key ${button.style ?? ''}`, 'data-testid': 'inline-button' };
  if (button.url) {
    const target = { href: button.url, target: '_blank', rel: 'noopener noreferrer', 'data-url': button.url };
    return h('a', { ...look, ...target }, h('span', {}, button.text), icon('link', 'corner'));
  }
  if (button.copy_text) {
    const onclick = () => copy(button.copy_text.text, words.copied);
    return h('button', { ...look, type: 'button', onclick }, h('span', {}, button.text), icon('copy', 'corner'));
  }
  const waiting = view.isWaiting(button.callback_data);
  return h(
    'button',
    {
      ...look,
      type: 'button',
      'data-callback': button.callback_data,
      'aria-busy': waiting ? 'true' : undefined,
      onclick: () => act.press(button.callback_data),
    },
    h('span', {}, button.text),
    waiting && h('i', { class: 'spinner' }),
  );
}
