// What lies over the page for a moment: toasts, the alert of a button's answer, the picture in full.
import { $, h } from './dom.js';

const TOAST_MS = 3500;

/** A short note over the chat that goes by itself. */
export function toast(text, kind = 'note') {
  const note = h('div', { class: `toast ${kind}`, 'data-testid': 'toast' }, text);
  $('.toasts').append(note);
  setTimeout(
    () => {
      note.classList.add('gone');
      setTimeout(() => note.remove(), 300);
    },
    TOAST_MS + text.length * 25,
  );
}

export function alertBox(text) {
  const dialog = $('dialog.alert');
  $('p', dialog).textContent = text;
  if (!dialog.open) dialog.showModal();
}

export function lightbox(url, alt) {
  const dialog = $('dialog.lightbox');
  const image = $('img', dialog);
  image.src = url;
  image.alt = alt;
  $('a', dialog).href = url;
  dialog.showModal();
}

export function setUpDialogs() {
  const dialog = $('dialog.lightbox');
  // A press beside the picture closes it.
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
}

/** Copies, and says so. Where the browser forbids it, the text is shown to be copied by hand. */
export async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    alertBox(text);
  }
}
