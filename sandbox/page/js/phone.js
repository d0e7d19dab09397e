// One recipient's phone: the messages that came, as WhatsApp shows them, and a way to answer.
import { whatsapp } from './api.js';
import { copy, toast } from './dialogs.js';
import { calm, h } from './dom.js';
import { icon } from './icons.js';
import { formatDay, formatTime, words } from './strings.js';
import { whatsappText } from './whatsapp-text.js';

/** Older ones are not on the phone's first screen. */
const SHOWN_MESSAGES = 4;
const HUES = 12;
/** A message that came longer ago is announced no more. */
const JUST_NOW_MS = 4000;
const BANNER_MS = 3600;

/** A number with its middle hidden: what is on the screen may be shown to others. */
export function maskedPhone(phone) {
  const country = phone.startsWith('7') || phone.startsWith('1') ? 1 : phone.length > 11 ? 3 : 2;
  return `+${phone.slice(0, country)} ${phone.slice(country, country + 3)} ••• ${phone.slice(-4, -2)} ${phone.slice(-2)}`;
}

/** `messages`: all of this phone, oldest first. Returns {element, update(messages)}. */
export function createPhone(phone) {
  const name = h('b', { class: 'phone-name' });
  const number = h('span', { class: 'phone-number' }, maskedPhone(phone));
  const avatar = h('span', { class: 'avatar', 'aria-hidden': 'true' });
  const screen = h('div', { class: 'screen', tabIndex: 0 });
  const input = h('input', {
    type: 'text',
    placeholder: words.replyHint,
    autocomplete: 'off',
    maxLength: 1024,
    'data-testid': 'wa-input',
  });
  const send = h(
    'button',
    { class: 'icon-button', type: 'submit', 'aria-label': words.send, 'data-testid': 'wa-send' },
    icon('send'),
  );
  const form = h('form', { class: 'answer' }, input, send);
  const clock = h('time', {});
  const element = h(
    'article',
    { class: 'phone', 'data-testid': 'phone-card', 'data-phone': phone },
    h('div', { class: 'phone-status', 'aria-hidden': 'true' }, clock, h('i', { class: 'battery' })),
    h('header', { class: 'phone-head' }, avatar, h('span', { class: 'phone-title' }, name, number)),
    screen,
    form,
  );

  async function reply(answer) {
    try {
      await whatsapp.reply(phone, answer);
      return true;
    } catch (error) {
      toast(`${words.failed} ${error.message}`, 'error');
      return false;
    }
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text && (await reply({ text }))) input.value = '';
  });

  let signature = '';
  let bannerTimer;

  /** As on a locked phone: whose message has just come, for a moment. */
  function announce(message) {
    clearTimeout(bannerTimer);
    element.querySelector('.banner')?.remove();
    const banner = h(
      'div',
      { class: 'banner', 'aria-hidden': 'true' },
      h('span', { class: 'banner-app' }, icon('whatsapp'), 'WhatsApp', h('small', {}, words.arrivedNow)),
      h('b', {}, message.business),
      // Drawn, not written: whoever searches the page finds the message once.
      h('span', { class: 'banner-text', 'data-text': message.message.header || message.message.body }),
    );
    element.append(banner);
    bannerTimer = setTimeout(() => banner.remove(), BANNER_MS);
  }

  let arrivedId;
  return {
    element,
    update(messages) {
      const newest = messages.at(-1);
      const shown = messages.slice(-SHOWN_MESSAGES);
      const now = JSON.stringify(shown.map(({ id, state, code, replies }) => [id, state, code, replies.length]));
      if (now === signature) return;
      signature = now;
      const title = newest.name ?? maskedPhone(phone);
      name.textContent = title;
      number.hidden = !newest.name;
      avatar.textContent = initials(newest.name);
      avatar.dataset.hue = String(hueOf(phone));
      element.dataset.state = newest.state;
      element.setAttribute('aria-label', title);
      input.setAttribute('aria-label', words.replyTo(title));
      screen.setAttribute('aria-label', title);
      clock.textContent = formatTime(newest.stateAt);
      if (newest.state === 'delivered' && newest.id !== arrivedId) {
        if (!calm.matches && Date.now() - newest.stateAt < JUST_NOW_MS) announce(newest);
        arrivedId = newest.id;
      }
      screen.replaceChildren(
        h('div', { class: 'wa-day' }, formatDay(shown[0].acceptedAt)),
        h(
          'div',
          { class: 'wa-note' },
          h('b', {}, newest.business),
          h(
            'span',
            { class: 'verified', role: 'img', 'aria-label': words.verified, title: words.verified },
            icon('check'),
          ),
          h('span', {}, words.business),
        ),
        ...shown.flatMap((message) => messageNodes(message, reply)),
      );
      screen.scrollTop = screen.scrollHeight;
    },
  };
}

/** One of a carousel's cards: people swipe through them. */
function cardNode(card) {
  const others = card.buttons.filter((button) => button.type !== 'QUICK_REPLY');
  return h(
    'div',
    { class: 'wa wa-card' },
    mediaHeader({ mediaType: card.media, mediaUrl: card.mediaUrl }),
    card.body && h('div', { class: 'wa-body', dir: 'auto' }, whatsappText(card.body)),
    others.length > 0 && h('div', { class: 'wa-buttons' }, others.map(otherButton)),
  );
}

function messageNodes(message, reply) {
  const { message: filled, state } = message;
  const arrived = state === 'delivered' || state === 'read';
  const cards = filled.cards ?? [];
  // Those of a carousel's cards as well.
  const replies = [...filled.buttons, ...cards.flatMap((card) => card.buttons)].filter(
    ({ type }) => type === 'QUICK_REPLY',
  );
  const quick = replies.filter(({ text }, index) => replies.findIndex((one) => one.text === text) === index);
  const others = filled.buttons.filter((button) => button.type !== 'QUICK_REPLY');
  return [
    h(
      'div',
      { class: `wa ${state}`, 'data-testid': 'wa-message', 'data-message-id': message.id, 'data-state': state },
      mediaHeader(filled),
      filled.header && h('div', { class: 'wa-header' }, whatsappText(filled.header)),
      h('div', { class: 'wa-body', dir: 'auto' }, whatsappText(filled.body)),
      filled.footer && h('div', { class: 'wa-footer' }, filled.footer),
      h('div', { class: 'wa-meta' }, h('time', {}, formatTime(message.acceptedAt)), ticks(message)),
      state !== 'failed' && others.length > 0 && h('div', { class: 'wa-buttons' }, others.map(otherButton)),
    ),
    cards.length > 0 && h('div', { class: 'wa-cards', 'data-testid': 'wa-cards' }, cards.map(cardNode)),
    // What has not arrived cannot be answered.
    arrived &&
      quick.length > 0 &&
      h(
        'div',
        { class: 'wa-quick' },
        quick.map((button) =>
          h(
            'button',
            {
              type: 'button',
              class: 'wa-button',
              'data-testid': 'wa-button',
              onclick: () => reply({ button: button.text, messageId: message.id }),
            },
            icon('reply'),
            h('span', {}, button.text),
          ),
        ),
      ),
    state === 'failed' &&
      h('div', { class: 'wa-failed', 'data-testid': 'wa-failed' }, icon('warning'), words.notDelivered(message.code)),
    ...message.replies.map((answer) =>
      h(
        'div',
        { class: 'wa out', 'data-testid': 'wa-reply' },
        h('div', { class: 'wa-body', dir: 'auto' }, whatsappText(answer.text)),
        h('div', { class: 'wa-meta' }, h('time', {}, formatTime(answer.at))),
      ),
    ),
  ].filter(Boolean);
}

/** One grey, two grey, two blue; a clock before the first, a red mark with the code when it failed. */
function ticks({ state, code }) {
  const look = { accepted: 'clock', sent: 'check', delivered: 'checks', read: 'checks', failed: 'warning' }[state];
  const label = { ...words, failed: words.notDelivered(code) }[state];
  return h(
    'span',
    { class: `wa-ticks ${state}`, role: 'img', 'aria-label': label, title: label, 'data-testid': 'wa-ticks' },
    icon(look),
  );
}

function otherButton(button) {
  if (button.type === 'URL')
    return h(
      'a',
      {
        class: 'wa-button',
        href: safeLink(button.value),
        target: '_blank',
        rel: 'noopener noreferrer',
        title: button.value,
      },
      icon('link'),
      h('span', {}, button.text),
    );
  if (button.type === 'PHONE_NUMBER')
    return h(
      'a',
      { class: 'wa-button', href: `tel:${(button.value ?? '').replace(/[^+\d]/g, '')}`, title: button.value },
      icon('phone'),
      h('span', {}, button.text),
    );
  if (button.type === 'COPY_CODE' || button.type === 'OTP') {
    return h(
      'button',
      {
        class: 'wa-button',
        type: 'button',
        title: button.value,
        onclick: () => copy(button.value ?? '', words.copied),
      },
      icon('copy'),
      h('span', {}, button.text || words.copyCode),
    );
  }
  return h('button', { class: 'wa-button', type: 'button', disabled: true }, icon('list'), h('span', {}, button.text));
}

/** A picture is loaded only from this server; a foreign link gets a stand-in, the page asks nobody outside. */
function mediaHeader({ mediaType, mediaUrl }) {
  if (!mediaType) return undefined;
  const url = mediaUrl && URL.canParse(mediaUrl, location.href) ? new URL(mediaUrl, location.href) : undefined;
  const name = url ? decodeURIComponent(url.pathname.split('/').pop() || url.hostname) : '';
  if (mediaType === 'IMAGE' && url?.origin === location.origin) {
    return h('img', { class: 'wa-media', src: url.href, alt: words.image, loading: 'lazy' });
  }
  if (mediaType === 'DOCUMENT') {
    const kind = /\.(\w{1,5})$/.exec(name)?.[1]?.toUpperCase() ?? 'PDF';
    return h(
      'div',
      { class: 'wa-file', title: mediaUrl },
      h('span', { class: 'wa-file-icon' }, icon('document')),
      h('span', {}, h('b', {}, name || words.document), h('small', {}, kind)),
    );
  }
  const look = { IMAGE: ['image', words.image], VIDEO: ['play', words.video], LOCATION: ['place', words.location] }[
    mediaType
  ] ?? ['image', mediaType];
  return h(
    'div',
    {
      class: `wa-media stand-in ${mediaType.toLowerCase()}`,
      'data-hue': String(hueOf(name)),
      role: 'img',
      'aria-label': look[1],
      title: mediaUrl,
    },
    icon(look[0]),
    h('span', {}, name || look[1]),
  );
}

const safeLink = (url) => (/^https?:/i.test(url ?? '') ? url : undefined);

function initials(name) {
  const parts = (name ?? '').split(/\s+/).filter((part) => /^\p{L}/u.test(part));
  return parts.length > 0
    ? parts
        .slice(0, 2)
        .map((part) => part[0].toUpperCase())
        .join('')
    : '#';
}

function hueOf(text) {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + character.codePointAt(0)) % 9973;
  return sum % HUES;
}
