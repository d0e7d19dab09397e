// The lower end of the chat: text, commands, files, the Start button and the bot's own keyboard.
import { toast } from './dialogs.js';
import { $, h } from './dom.js';
import { icon } from './icons.js';
import { piecesOf } from './pieces.js';
import { words } from './strings.js';

const MAX_UPLOAD_BYTES = 50 * 1024 * 1024;
const MAX_INPUT_PX = 160;

/** `write(text)`, `upload(file)`, `unblock()` do what the person wants. */
export function createComposer({ write, upload, unblock }) {
  const footer = $('.composer');
  let commands = [];
  let selected = 0;

  const input = h('textarea', {
    rows: 1,
    placeholder: words.write,
    'aria-label': words.write,
    'data-testid': 'input',
    autocomplete: 'off',
    enterKeyHint: 'send',
  });
  const file = h('input', {
    type: 'file',
    multiple: true,
    class: 'visually-hidden',
    tabIndex: -1,
    'aria-hidden': 'true',
    'data-testid': 'file-input',
  });
  const attach = h(
    'button',
    {
      class: 'icon-button',
      type: 'button',
      'aria-label': words.attach,
      title: words.attach,
      'data-testid': 'attach',
      onclick: () => file.click(),
    },
    icon('attach'),
  );
  const menu = h(
    'button',
    {
      class: 'menu-button',
      type: 'button',
      'aria-label': words.commands,
      'aria-expanded': 'false',
      'data-testid': 'commands',
      hidden: true,
    },
    icon('menu'),
    h('span', {}, words.menu),
  );
  const send = h(
    'button',
    {
      class: 'icon-button send',
      type: 'submit',
      'aria-label': words.send,
      title: words.send,
      'data-testid': 'send',
      disabled: true,
    },
    icon('send'),
  );
  const list = h('div', {
    class: 'command-list',
    role: 'listbox',
    'aria-label': words.commands,
    'data-testid': 'command-list',
    hidden: true,
  });
  // Hidden until the chat is there: what is written before would go to nobody.
  const form = h('form', { class: 'write', hidden: true }, menu, input, file, attach, send);
  const start = h(
    'button',
    { class: 'wide-button', type: 'button', 'data-testid': 'start', hidden: true, onclick: () => sendText('/start') },
    words.start,
  );
  const blocked = h(
    'button',
    { class: 'wide-button quiet', type: 'button', 'data-testid': 'unblock', hidden: true, onclick: unblock },
    words.unblock,
  );
  const keys = h('div', { class: 'reply-keys', hidden: true });
  footer.append(list, form, start, blocked, keys);

  const sendText = (text) => {
    closeList();
    return write(text);
  };

  function submit() {
    const text = input.value.trim();
    if (!text) return;
    input.value = '';
    grow();
    void sendPieces(piecesOf(text));
  }

  /** One after another: their order is what makes them one answer. */
  async function sendPieces(pieces) {
    for (const piece of pieces) await sendText(piece);
  }

  function grow() {
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight, MAX_INPUT_PX)}px`;
    send.disabled = input.value.trim() === '';
  }

  // ——— the command list: all from the menu button, those that fit while a /word is typed ———

  let openedByMenu = false;
  const fitting = () => {
    const typed = /^\/(\w*)$/.exec(input.value)?.[1];
    if (openedByMenu) return commands;
    return typed === undefined ? [] : commands.filter(({ command }) => command.startsWith(typed.toLowerCase()));
  };

  function showList() {
    const found = fitting();
    selected = Math.min(selected, Math.max(0, found.length - 1));
    list.hidden = found.length === 0;
    menu.setAttribute('aria-expanded', String(!list.hidden));
    list.replaceChildren(
      ...found.map(({ command, description }, n) =>
        h(
          'button',
          {
            class: 'command-row',
            type: 'button',
            role: 'option',
            'aria-selected': String(n === selected),
            'data-testid': 'command',
            'data-command': command,
            onclick: () => {
              input.value = '';
              grow();
              void sendText(`/${command}`);
              input.focus();
            },
          },
          h('b', {}, `/${command}`),
          h('span', {}, description),
        ),
      ),
    );
    list.children[selected]?.scrollIntoView({ block: 'nearest' });
  }

  function closeList() {
    openedByMenu = false;
    selected = 0;
    list.hidden = true;
    menu.setAttribute('aria-expanded', 'false');
  }

  menu.addEventListener('click', () => {
    const open = list.hidden;
    closeList();
    openedByMenu = open;
    if (open) showList();
    input.focus();
  });
  input.addEventListener('input', () => {
    openedByMenu = false;
    selected = 0;
    grow();
    showList();
  });
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (!list.hidden && ['ArrowDown', 'ArrowUp'].includes(event.key)) {
      event.preventDefault();
      const count = list.children.length;
      selected = (selected + (event.key === 'ArrowDown' ? 1 : count - 1)) % count;
      showList();
    } else if (!list.hidden && event.key === 'Tab') {
      event.preventDefault();
      input.value = `/${list.children[selected].dataset.command}`;
      grow();
      showList();
    } else if (event.key === 'Escape') closeList();
    else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      // A half-typed command is completed by what is marked in the list.
      const exact = commands.some(({ command }) => `/${command}` === input.value);
      if (!list.hidden && !(exact && selected === 0)) list.children[selected].click();
      else submit();
    }
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  document.addEventListener('pointerdown', (event) => {
    if (!footer.contains(event.target)) closeList();
  });

  // ——— files: by the button, by drag and drop, by paste ———

  async function uploadAll(files) {
    for (const one of files) {
      if (one.size > MAX_UPLOAD_BYTES) {
        toast(words.tooLarge, 'error');
        continue;
      }
      footer.classList.add('uploading');
      await upload(one);
      footer.classList.remove('uploading');
    }
  }

  file.addEventListener('change', () => {
    const files = [...file.files];
    file.value = '';
    void uploadAll(files);
  });
  input.addEventListener('paste', (event) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    void uploadAll(event.clipboardData.files);
  });

  const chat = $('.chat');
  const drop = $('.drop');
  let depth = 0;
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files');
  const over = (change) => {
    depth = Math.max(0, depth + change);
    drop.hidden = depth === 0;
  };
  chat.addEventListener('dragenter', (event) => hasFiles(event) && over(1));
  chat.addEventListener('dragleave', (event) => hasFiles(event) && over(-1));
  chat.addEventListener('dragover', (event) => hasFiles(event) && event.preventDefault());
  chat.addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(-depth);
    void uploadAll(event.dataTransfer.files);
  });

  return {
    send: (text) => void sendText(text),
    reset() {
      input.value = '';
      grow();
      closeList();
    },
    /** Fits it to the chat: empty, blocked, with commands, with the bot's keyboard. */
    update(view) {
      commands = view.commands;
      menu.hidden = commands.length === 0;
      start.hidden = !view.isEmpty || view.blocked;
      blocked.hidden = !view.blocked;
      form.hidden = view.isEmpty || view.blocked;
      keys.hidden = view.replyKeyboard.length === 0 || form.hidden;
      keys.replaceChildren(
        ...view.replyKeyboard.map((row) =>
          h(
            'div',
            { class: 'keys' },
            row.map((text) => h('button', { class: 'key', type: 'button', onclick: () => sendText(text) }, text)),
          ),
        ),
      );
      if (!list.hidden) showList();
    },
  };
}
