// The chat: reads it from the sandbox, keeps the bubbles in step with it, and sends what the person does.
import { telegram } from './api.js';
import { createComposer } from './composer.js';
import { alertBox, toast } from './dialogs.js';
import { $, calm, h, reconcile } from './dom.js';
import { icon } from './icons.js';
import { messageElement, summary } from './message.js';
import { formatDay, words } from './strings.js';

/** Telegram shows the wait on a button about as long. */
const PRESS_WAIT_MS = 15_000;
/** Messages of one sender within this time stand together. */
const RUN_SECONDS = 300;
const AT_BOTTOM_PX = 80;
/** Between two polls the bot is still there. */
const PRESENCE_MS = 3000;

export function createChat({ onUnseen }) {
  const log = $('.log');
  const toBottom = $('.to-bottom');
  let userId;
  let view;
  let bot;
  let reading = false;
  let again = false;
  let unseen = 0;
  let lastSeenId = 0;
  /** Presses that wait for their answer: key → {callbackId, timer}. */
  const presses = new Map();
  /** Message id → {signature, element}. */
  const shown = new Map();

  const composer = createComposer({
    write: (text) => act(() => telegram.write(userId, text)),
    upload: (file) => act(() => telegram.upload(userId, file)),
    unblock: () => act(() => telegram.setBlocked(userId, false)),
  });

  async function act(task) {
    follow();
    try {
      await task();
    } catch (error) {
      toast(`${words.failed} ${error.message}`, 'error');
    }
    await refresh();
  }

  const pressKey = (messageId, data) => `${messageId}:${data}`;

  async function press(messageId, data) {
    const key = pressKey(messageId, data);
    if (presses.has(key)) return;
    const timer = setTimeout(() => settle(key), PRESS_WAIT_MS);
    presses.set(key, { timer });
    render();
    try {
      const { id } = await telegram.press(userId, messageId, data);
      if (presses.has(key)) presses.get(key).callbackId = id;
    } catch (error) {
      settle(key);
      toast(`${words.failed} ${error.message}`, 'error');
    }
    await refresh();
  }

  function settle(key) {
    clearTimeout(presses.get(key)?.timer);
    presses.delete(key);
    render();
  }

  /** Answers to the buttons pressed on this page: the wait ends, and what the bot says is shown. */
  function showAnswers() {
    for (const [key, { callbackId, timer }] of presses) {
      const answer = view.callbacks.find((callback) => callback.id === callbackId)?.answer;
      if (!answer) continue;
      clearTimeout(timer);
      presses.delete(key);
      if (answer.text) (answer.showAlert ? alertBox : toast)(answer.text);
      if (answer.url) window.open(answer.url, '_blank', 'noopener');
    }
  }

  /** Reads the chat. Calls during a reading lead to one more. */
  async function refresh() {
    if (userId === undefined) return;
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    do {
      again = false;
      const asked = userId;
      try {
        const read = await telegram.chat(asked);
        if (asked === userId) {
          view = read;
          showAnswers();
          render();
        } else again = true;
      } catch {
        // The stream's reconnection reads it again.
      }
    } while (again);
    reading = false;
  }

  function render() {
    if (!view) return;
    const stick = isAtBottom();
    const focused = focusPlace();
    const nodes = [];
    let day = '';
    view.messages.forEach((message, n) => {
      const thisDay = formatDay(message.date * 1000);
      if (thisDay !== day) nodes.push(dayElement((day = thisDay)));
      nodes.push(elementOf(message, view.messages[n + 1]));
    });
    if (view.draft)
      nodes.push(h('div', { class: 'message theirs last draft' }, h('div', { class: 'bubble' }, view.draft)));
    if (nodes.length === 0) nodes.push(emptyChat());
    for (const id of shown.keys()) if (!view.messages.some((message) => message.message_id === id)) shown.delete(id);
    reconcile(log, nodes);
    restoreFocus(focused);

    const newest = view.messages.at(-1)?.message_id ?? 0;
    const fresh = view.messages.filter((m) => m.message_id > lastSeenId && m.from.is_bot).length;
    const hidden = log.offsetParent === null || document.hidden;
    if (stick && !hidden) {
      follow();
      unseen = 0;
      lastSeenId = newest;
    } else {
      if (stick) follow();
      unseen = lastSeenId === 0 ? 0 : fresh;
    }
    onUnseen(hidden ? unseen : 0);
    showPill();
    renderFrame();
  }

  function elementOf(message, next) {
    const own = !message.from.is_bot;
    const last =
      !next ||
      next.from.id !== message.from.id ||
      next.date - message.date > RUN_SECONDS ||
      next.pinned_message !== undefined;
    const state = {
      message,
      own,
      last,
      fetched: view.fetched.includes(message.message_id),
      reaction: view.reactions[message.message_id],
    };
    const waiting = [...presses.keys()].filter((key) => key.startsWith(`${message.message_id}:`));
    const signature = JSON.stringify([state, waiting]);
    const former = shown.get(message.message_id);
    if (former?.signature === signature) return former.element;
    const element = messageElement(
      { ...state, isWaiting: (data) => presses.has(pressKey(message.message_id, data)) },
      { press: (data) => press(message.message_id, data), command: (text) => composer.send(text), jump },
    );
    if (!former && !calm.matches && message.message_id > lastSeenId && lastSeenId > 0) element.classList.add('arrives');
    if (former) former.element.replaceWith(element);
    shown.set(message.message_id, { signature, element });
    return element;
  }

  function dayElement(day) {
    const known = log.querySelector(`.day[data-day="${CSS.escape(day)}"]`);
    return known ?? h('div', { class: 'day', 'data-day': day }, h('span', {}, day));
  }

  function emptyChat() {
    const about = bot?.description;
    return h(
      'div',
      { class: 'empty-chat', 'data-testid': 'empty-chat' },
      h('div', { class: 'avatar bot-avatar large' }, initial(bot?.name)),
      h('b', {}, bot?.name ?? ''),
      about && h('span', { class: 'empty-question' }, words.whatCanItDo),
      h('p', {}, about || words.emptyTitle),
    );
  }

  /** The edited message is a new element: a button that had the focus hands it on. */
  function focusPlace() {
    const focused = document.activeElement;
    const element = focused?.closest?.('.log .message');
    if (!element) return undefined;
    const keys = [...element.querySelectorAll('button, a')];
    return { id: element.dataset.messageId, index: keys.indexOf(focused), node: focused };
  }

  function restoreFocus(place) {
    if (!place || place.node.isConnected) return;
    const element = log.querySelector(`[data-message-id="${place.id}"]`);
    const keys = element ? [...element.querySelectorAll('button, a')] : [];
    (keys[Math.min(place.index, keys.length - 1)] ?? log).focus({ preventScroll: true });
  }

  function renderFrame() {
    const pinned = $('.pinned');
    pinned.hidden = !view.pinned;
    if (view.pinned) {
      pinned.replaceChildren(icon('pin'), h('span', {}, h('b', {}, words.pinned), h('span', {}, summary(view.pinned))));
      pinned.onclick = () => jump(view.pinned.message_id);
    }
    composer.update({ ...view, isEmpty: view.messages.length === 0 });
    renderPresence();
  }

  let actionTimer;
  function renderPresence() {
    const presence = $('.presence');
    clearTimeout(actionTimer);
    const action = view?.action;
    if (action) {
      const left = Math.max(0, action.forMs);
      actionTimer = setTimeout(() => {
        view.action = null;
        renderPresence();
      }, left);
    }
    presence.classList.toggle('acting', Boolean(action));
    const status = bot && (bot.listening ? words.online : words.offline);
    presence.replaceChildren(action ? (words.actions[action.action] ?? words.working) : (status ?? words.bot));
    if (action) presence.append(h('i', { class: 'dots' }, h('i'), h('i'), h('i')));
  }

  const isAtBottom = () => log.scrollHeight - log.scrollTop - log.clientHeight < AT_BOTTOM_PX;

  function follow() {
    log.scrollTop = log.scrollHeight;
  }

  function showPill() {
    toBottom.hidden = isAtBottom();
    toBottom.replaceChildren(words.newMessages(unseen), icon('down'));
    toBottom.classList.toggle('fresh', unseen > 0);
  }

  function seeBottom() {
    if (!isAtBottom() || log.offsetParent === null || document.hidden) return;
    unseen = 0;
    lastSeenId = view?.messages.at(-1)?.message_id ?? 0;
    onUnseen(0);
  }

  function jump(messageId) {
    const element = log.querySelector(`[data-message-id="${messageId}"]`);
    element?.scrollIntoView({ block: 'center', behavior: calm.matches ? 'auto' : 'smooth' });
    element?.classList.add('flash');
    setTimeout(() => element?.classList.remove('flash'), 1600);
  }

  log.addEventListener('scroll', () => {
    seeBottom();
    showPill();
  });
  toBottom.addEventListener('click', () =>
    log.scrollTo({ top: log.scrollHeight, behavior: calm.matches ? 'auto' : 'smooth' }),
  );
  document.addEventListener('visibilitychange', seeBottom);
  // A smaller frame (keyboard on a phone, a longer text in the composer) keeps the newest in sight.
  let wasAtBottom = true;
  let frame = '';
  const frameNow = () => `${log.clientWidth}×${log.clientHeight}`;
  log.addEventListener('scroll', () => {
    // A scroll that a new size of the frame brings about says nothing about the reader.
    if (frameNow() === frame) wasAtBottom = isAtBottom();
  });
  new ResizeObserver(() => {
    frame = frameNow();
    if (wasAtBottom) follow();
    seeBottom();
  }).observe(log);

  let listeningAt = 0;
  return {
    refresh,
    get userId() {
      return userId;
    },
    get blocked() {
      return view?.blocked ?? false;
    },
    setBlocked: (blocked) => act(() => telegram.setBlocked(userId, blocked)),
    open(id) {
      if (id === userId) return;
      userId = id;
      view = undefined;
      lastSeenId = 0;
      shown.clear();
      for (const { timer } of presses.values()) clearTimeout(timer);
      presses.clear();
      log.replaceChildren();
      composer.reset();
      void refresh().then(follow);
    },
    /** Reads who the bot is and whether it listens. */
    async refreshBot() {
      const info = await telegram.info();
      if (info.polling || info.webhook) listeningAt = Date.now();
      bot = { ...info.bot, listening: Date.now() - listeningAt < PRESENCE_MS };
      $('.chat-title h1').textContent = bot.name;
      for (const avatar of document.querySelectorAll('.bot-avatar')) avatar.textContent = initial(bot.name);
      renderPresence();
      return info;
    },
  };
}

const initial = (name) => [...(name ?? '')][0]?.toUpperCase() ?? '';
