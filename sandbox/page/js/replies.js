// The column of what people answered, newest first, beside the phones on a wide screen.
import { $, h } from './dom.js';
import { formatTime } from './strings.js';
import { maskedPhone } from './phone.js';

const SHOWN = 60;

/** `open(phone)`: shows that phone. */
export function createReplies({ open }) {
  const list = $('.replies ol');
  const none = $('.replies p');
  /** Message id → how many of its replies are shown. */
  const shown = new Map();

  function row({ phone, name, template }, { text, at }) {
    return h(
      'li',
      {},
      h(
        'button',
        { type: 'button', 'data-testid': 'reply', onclick: () => open(phone) },
        h('span', { class: 'replies-head' }, h('b', {}, name ?? maskedPhone(phone)), h('time', {}, formatTime(at))),
        h('span', { class: 'replies-text', dir: 'auto' }, text),
        h('small', {}, template),
      ),
    );
  }

  return {
    clear() {
      shown.clear();
      list.replaceChildren();
      none.hidden = false;
    },
    take(message) {
      const fresh = message.replies.slice(shown.get(message.id) ?? 0);
      if (fresh.length === 0) return;
      shown.set(message.id, message.replies.length);
      for (const reply of fresh) {
        const element = row(message, reply);
        element.dataset.at = String(reply.at);
        const older = [...list.children].find((other) => Number(other.dataset.at) <= reply.at);
        list.insertBefore(element, older ?? null);
      }
      while (list.childElementCount > SHOWN) list.lastElementChild.remove();
      none.hidden = true;
    },
  };
}
