// The wall of phones: counts all messages, shows the newest phones, lets new ones arrive softly.
import { whatsapp } from './api.js';
import { $, calm, h, reconcile, soon } from './dom.js';
import { icon } from './icons.js';
import { createPhone } from './phone.js';
import { createRate } from './rate.js';
import { createReplies } from './replies.js';
import { formatNumber, words } from './strings.js';

const LOADED_MESSAGES = 5000;
/** More than this many cards would slow the page down and nobody looks that far. */
const SHOWN_PHONES = 200;
/** Cards are laid out anew this often; when many come at once, slower, so that one can still read. */
const LAYOUT_MS = 350;
const BUSY_LAYOUT_MS = 1200;
const COUNT_MS = 120;
/** With more at once the others do not glide aside, and all fade in together. */
const GLIDING_ARRIVALS = 3;
/** Further down nobody sees it. */
const ANIMATED_ARRIVALS = 16;
const AT_TOP_PX = 60;
/** With messages beyond those loaded, the counts are taken from the sandbox this often. */
const RECOUNT_MS = 5000;

const STATES = ['accepted', 'sent', 'delivered', 'read', 'failed'];

const isNewer = (one, other) => one.stateAt > other.stateAt || one.replies.length > other.replies.length;

export function createWall({ onUnseen }) {
  const grid = $('.phones');
  const scroll = $('.wall-scroll');
  const pill = $('.to-top');
  /** Message id → message; phone → its messages, oldest first. */
  const messages = new Map();
  const phones = new Map();
  const cards = new Map();
  let counts = noCounts();
  let filter = '';
  let template = '';
  let search = '';
  let unseen = 0;
  let held = 0;
  let loaded = false;
  /** What the stream brings while the list is on its way: the list may be older than that. */
  let meanwhile;

  // ——— what there is ———

  function keep(message) {
    const former = messages.get(message.id);
    if (former && isNewer(former, message)) return false;
    if (former) counts[former.state]--;
    counts[message.state]++;
    messages.set(message.id, message);
    const list = phones.get(message.phone);
    if (!list) phones.set(message.phone, [message]);
    else if (former) list[list.findIndex((other) => other.id === message.id)] = message;
    else list.push(message);
    cards.get(message.phone)?.update(phones.get(message.phone));
    if (!former) templates.add(message.template);
    replies.take(message);
    return !former;
  }

  async function load() {
    meanwhile = [];
    try {
      const all = await whatsapp.messages(LOADED_MESSAGES);
      messages.clear();
      phones.clear();
      replies.clear();
      counts = noCounts();
      for (const message of [...all, ...meanwhile]) keep(message);
      loaded = true;
      if (all.length === LOADED_MESSAGES) await recount();
    } catch {
      // The wall of a sandbox without its WhatsApp part stays empty.
    }
    meanwhile = undefined;
    showCounts();
    layout(true);
  }

  /** The sandbox counts all, the page only what it has loaded. */
  async function recount() {
    const states = await whatsapp.states().catch(() => undefined);
    if (states) counts = { ...noCounts(), ...states };
  }
  setInterval(() => {
    if (messages.size >= LOADED_MESSAGES && !document.hidden) void recount().then(showCounts);
  }, RECOUNT_MS);

  function take(changed) {
    meanwhile?.push(...changed);
    const fresh = changed.filter(keep).length;
    rate.count(fresh);
    if (fresh > 0 && isHidden()) onUnseen((unseen += fresh));
    if (fresh > 0 && scroll.scrollTop > AT_TOP_PX) held += fresh;
    countSoon();
    layoutSoon();
  }

  const isHidden = () => scroll.offsetParent === null || document.hidden;

  // ——— what is shown ———

  function matches(list) {
    const newest = list.at(-1);
    if (filter && newest.state !== filter) return false;
    if (template && !list.some((message) => message.template === template)) return false;
    if (!search) return true;
    const digits = search.replace(/\D/g, '');
    const text = `${newest.name ?? ''}\n${list.map((m) => `${m.template}\n${m.message.header ?? ''}\n${m.message.body}`).join('\n')}`;
    return (digits.length > 2 && newest.phone.includes(digits)) || text.toLowerCase().includes(search);
  }

  function layout(anyway) {
    if (isHidden() && !anyway) return;
    // Whoever reads further down is not disturbed; the pill leads back up.
    const above = scroll.scrollTop > AT_TOP_PX && grid.childElementCount > 0 && !anyway;
    showPill();
    if (above) return;
    held = 0;
    const found = [...phones.values()].filter(matches).sort((a, b) => b.at(-1).acceptedAt - a.at(-1).acceptedAt);
    const visible = found.slice(0, SHOWN_PHONES);
    const wanted = new Set(visible.map((list) => list[0].phone));
    for (const phone of cards.keys()) if (!wanted.has(phone)) cards.delete(phone);
    const arrived = [];
    const nodes = visible.map((list) => {
      const { phone } = list[0];
      let card = cards.get(phone);
      if (!card) {
        card = createPhone(phone);
        cards.set(phone, card);
        arrived.push(card.element);
      }
      card.update(list);
      return card.element;
    });
    lastArrived = grid.childElementCount > 0 ? arrived.length : 0;
    move(nodes, arrived);
    // The screens can be scrolled to their newest message only once they stand in the page.
    for (const element of arrived) $('.screen', element).scrollTop = 1e6;
    showFoot(visible.length, found.length);
    showPill();
  }

  /** Places the cards; those that were there glide to their new places, new ones fade in. */
  function move(nodes, arrived) {
    const animate = !calm.matches && grid.childElementCount > 0;
    const glide = animate && arrived.length <= GLIDING_ARRIVALS;
    const focused = document.activeElement;
    const frame = scroll.getBoundingClientRect();
    const before = new Map();
    if (glide) {
      for (const node of grid.children) {
        const box = node.getBoundingClientRect();
        if (box.top < frame.bottom + 300) before.set(node, box);
        else break;
      }
    }
    reconcile(grid, nodes);
    if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
    if (!animate) return;
    for (const [node, from] of before) {
      if (!node.isConnected) continue;
      const to = node.getBoundingClientRect();
      const [dx, dy] = [from.left - to.left, from.top - to.top];
      if (dx || dy)
        node.animate([{ transform: `translate(${dx}px, ${dy}px)` }, { transform: 'none' }], {
          duration: 320,
          easing: 'cubic-bezier(.2,.8,.2,1)',
        });
    }
    const start = glide ? { opacity: 0, transform: 'translateY(-18px) scale(.94)' } : { opacity: 0.4 };
    for (const node of arrived.slice(0, ANIMATED_ARRIVALS)) {
      node.animate([start, { opacity: 1, transform: 'none' }], {
        duration: 380,
        easing: 'cubic-bezier(.2,.9,.25,1.05)',
      });
    }
  }

  function showFoot(shown, found) {
    const empty = $('.wall-empty');
    empty.hidden = shown > 0;
    if (shown === 0) {
      const searching = search || filter || template;
      empty.replaceChildren(
        h('div', { class: 'wall-empty-art', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')),
        h('b', {}, searching ? words.nothingFound : words.wallEmpty),
        h('p', {}, searching ? words.nothingFoundHint : words.wallEmptyHint),
      );
      empty.classList.toggle('waiting', loaded || !searching);
    }
    const foot = $('.wall-foot');
    foot.hidden = found <= shown;
    foot.textContent = words.shown(formatNumber(shown), formatNumber(found));
  }

  function showPill() {
    pill.hidden = held === 0;
    pill.replaceChildren(icon('up'), words.wallNew(formatNumber(held)));
  }

  // ——— the template: a filter ———

  const templates = new Set();
  const choice = $('.template-filter select');
  function showTemplates() {
    $('.template-filter').hidden = templates.size < 2;
    if (choice.options.length === templates.size + 1) return;
    const option = (value, text) => h('option', { value, selected: value === template }, text);
    choice.replaceChildren(option('', words.allCampaigns), ...[...templates].sort().map((name) => option(name, name)));
  }
  choice.addEventListener('change', () => {
    template = choice.value;
    layout(true);
    scroll.scrollTop = 0;
  });

  // ——— replies, and how fast it goes ———

  const replies = createReplies({
    open: (phone) => {
      const input = $('.search input');
      input.value = phone;
      search = phone;
      filter = template = '';
      choice.value = '';
      for (const [name, { chip }] of chips) chip.setAttribute('aria-pressed', String(name === ''));
      layout(true);
    },
  });
  const rate = createRate();
  // While nothing comes, nobody else would show that it has stopped.
  setInterval(() => document.hidden || rate.isMoving() === false || showCounts(), 1000);

  // ——— counters: each is a filter ———

  const chips = new Map(
    ['', ...STATES].map((state) => {
      const value = h('b', { class: 'chip-value' }, '0');
      const label = state === '' ? words.all : state === 'failed' ? words.failedState : words[state];
      const chip = h(
        'button',
        {
          class: `chip ${state || 'all'}`,
          type: 'button',
          'aria-pressed': String(state === ''),
          'data-testid': `counter-${state || 'all'}`,
        },
        value,
        h('span', {}, label),
      );
      chip.addEventListener('click', () => {
        filter = filter === state ? '' : state;
        for (const [name, { chip: other }] of chips) other.setAttribute('aria-pressed', String(name === filter));
        layout(true);
        scroll.scrollTop = 0;
      });
      return [state, { chip, value }];
    }),
  );
  const bar = h(
    'div',
    { class: 'share', 'aria-hidden': 'true' },
    STATES.map((state) => h('i', { class: state })),
  );
  $('.counters').append(...[...chips.values()].map(({ chip }) => chip));
  $('.counters').after(bar);

  function showCounts() {
    const total = STATES.reduce((sum, state) => sum + counts[state], 0);
    for (const [state, { value }] of chips) value.textContent = formatNumber(state ? counts[state] : total);
    for (const part of bar.children) part.style.flexGrow = String(counts[part.className]);
    bar.classList.toggle('empty', total === 0);
    const perSecond = rate.perSecond();
    $('.wall-title p').textContent = [
      words.total(formatNumber(total), formatNumber(phones.size)),
      ...(perSecond > 0 ? [words.rate(formatNumber(perSecond))] : []),
    ].join(' · ');
    showTemplates();
  }

  const countSoon = soon(showCounts, COUNT_MS);
  let layoutTimer;
  /** How many cards the last layout added: a sign of how busy it is. */
  let lastArrived = 0;
  function layoutSoon() {
    layoutTimer ??= setTimeout(
      () => {
        layoutTimer = undefined;
        layout(false);
      },
      lastArrived > GLIDING_ARRIVALS ? BUSY_LAYOUT_MS : LAYOUT_MS,
    );
  }
  const searchSoon = soon(() => layout(true), 120);

  $('.search').prepend(icon('search'));
  $('.search input').addEventListener('input', (event) => {
    search = event.target.value.trim().toLowerCase();
    searchSoon();
  });
  pill.addEventListener('click', () => {
    held = 0;
    scroll.scrollTo({ top: 0, behavior: calm.matches ? 'auto' : 'smooth' });
    layout(true);
  });
  scroll.addEventListener('scroll', () => {
    if (scroll.scrollTop <= AT_TOP_PX && held > 0) layoutSoon();
  });
  document.addEventListener('visibilitychange', () => document.hidden || seen());

  function seen() {
    if (isHidden()) return;
    onUnseen((unseen = 0));
    layout(false);
  }

  showCounts();
  showFoot(0, 0);
  return { load, take, seen };
}

function noCounts() {
  return Object.fromEntries(STATES.map((state) => [state, 0]));
}
