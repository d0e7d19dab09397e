// Starts the page: the two halves, the tabs of a narrow screen, the person, the live stream.
import { listen } from './api.js';
import { createChat } from './chat.js';
import { setUpDialogs } from './dialogs.js';
import { $, h, soon } from './dom.js';
import { icon } from './icons.js';
import { translatePage, words } from './strings.js';
import { createWall } from './wall.js';

/** How often the page looks whether the bot listens. */
const PRESENCE_EVERY_MS = 2500;

translatePage();
setUpDialogs();

function badge(name, count) {
  const element = $(`[data-badge="${name}"]`);
  element.hidden = count === 0;
  element.textContent = count > 999 ? '999+' : String(count);
}

const chat = createChat({ onUnseen: (count) => badge('chat', count) });
const wall = createWall({ onUnseen: (count) => badge('wall', count) });

// ——— tabs (narrow screens only; on wide ones both halves are shown) ———

const stage = $('.stage');
const tabs = { chat: $('#tab-chat'), wall: $('#tab-wall') };

function showTab(name) {
  stage.dataset.tab = name;
  for (const [key, tab] of Object.entries(tabs)) {
    tab.setAttribute('aria-selected', String(key === name));
    tab.tabIndex = key === name ? 0 : -1;
  }
  if (name === 'wall') wall.seen();
  void chat.refresh();
}
for (const [name, tab] of Object.entries(tabs)) {
  tab.addEventListener('click', () => showTab(name));
  tab.addEventListener('keydown', (event) => {
    if (!['ArrowLeft', 'ArrowRight'].includes(event.key)) return;
    const other = name === 'chat' ? 'wall' : 'chat';
    showTab(other);
    tabs[other].focus();
  });
}
showTab('chat');

// ——— the person at the page, and the menu of the chat ———

const person = $('.person select');
const remembered = () => Number(sessionStorage.getItem('person'));

function showPeople(users) {
  if (person.options.length === users.length) return;
  const chosen = chat.userId ?? (users.some((user) => user.id === remembered()) ? remembered() : users[0]?.id);
  person.replaceChildren(
    ...users.map((user) => h('option', { value: user.id, selected: user.id === chosen }, nameOf(user))),
  );
  chat.open(chosen);
}
const nameOf = (user) => [user.first_name, user.last_name].filter(Boolean).join(' ');

person.addEventListener('change', () => {
  sessionStorage.setItem('person', person.value);
  chat.open(Number(person.value));
});

const more = $('.more');
const menu = $('.menu');
const block = $('.menu button');
more.append(icon('more'));
function toggleMenu(open) {
  menu.hidden = !open;
  more.setAttribute('aria-expanded', String(open));
  block.textContent = chat.blocked ? words.unblock : words.block;
  if (open) block.focus();
}
more.addEventListener('click', () => toggleMenu(menu.hidden));
block.addEventListener('click', () => {
  toggleMenu(false);
  void chat.setBlocked(!chat.blocked);
});
document.addEventListener('pointerdown', (event) => {
  if (!menu.contains(event.target) && !more.contains(event.target)) toggleMenu(false);
});
menu.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  toggleMenu(false);
  more.focus();
});
$('.lightbox .close').append(icon('close'));

// ——— the live stream ———

const offline = $('.offline');
const refreshBot = async () => {
  try {
    showPeople((await chat.refreshBot()).users);
  } catch {
    // The stream says so and comes back by itself.
  }
};
const readAgain = soon(() => void chat.refresh(), 30);

setInterval(() => document.hidden || void refreshBot(), PRESENCE_EVERY_MS);
listen({
  onTelegram: ({ chatIds }) => {
    if (chatIds.includes(chat.userId)) readAgain();
  },
  onWhatsapp: (messages) => wall.take(messages),
  onBack: () => {
    offline.hidden = true;
    void refreshBot().then(() => chat.refresh());
    void wall.load();
  },
  onLost: () => (offline.hidden = false),
});
