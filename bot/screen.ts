/** What a message of the bot looks like, apart from Telegram: HTML and rows of buttons. */
import { createHash } from 'node:crypto';
import { buttonData } from '../clients/telegram-buttons';
import type { Texts } from './texts';

export interface Button {
  text: string;
  /** From `buttonData`. */
  data: string;
  /** Colour, where the client knows it (Bot API 9.4 and later); others ignore it. */
  style?: 'danger' | 'success' | 'primary';
}

export interface Screen {
  /** Telegram's HTML; every value in it is already escaped. */
  html: string;
  /** No rows = no keyboard. */
  keyboard: Button[][];
}

/** A part of a long list. */
export interface Page<T> {
  items: T[];
  /** 0-based, moved into range. */
  page: number;
  pages: number;
}

/** The page of `items` that holds `page`, or the nearest one there is. */
export function pageOf<T>(items: readonly T[], page: number, size: number): Page<T> {
  const pages = Math.max(1, Math.ceil(items.length / size));
  const shown = Math.min(Math.max(0, page), pages - 1);
  return { items: items.slice(shown * size, (shown + 1) * size), page: shown, pages };
}

/**
 * `‹ 1/7 ›`, or nothing for a single page. `to` makes the button data of a page. The last page leads to the first and
 * back: a key without a word would look broken, and one that comes and goes would move the others.
 */
export function pagerRow({ page, pages }: Page<unknown>, to: (page: number) => string): Button[][] {
  if (pages < 2) return [];
  return [
    [
      { text: '‹', data: to((page + pages - 1) % pages) },
      { text: `${page + 1}/${pages}`, data: buttonData('noop') },
      { text: '›', data: to((page + 1) % pages) },
    ],
  ];
}

/** A page of a long list as rows: a button for each item, then the pager. `to` makes the button data of a page. */
export function listRows<T>(
  items: readonly T[],
  [page, size]: [page: number, size: number],
  button: (item: T) => Button,
  to: (page: number) => string,
): Button[][] {
  const shown = pageOf(items, page, size);
  return [...shown.items.map((item) => [button(item)]), ...pagerRow(shown, to)];
}

const KEY_LENGTH = 12;

/** Stands for a name in a button's data, whatever its length, and means the same when the list has changed meanwhile. */
export function keyOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, KEY_LENGTH);
}

/** A button's text, with a tick where it is what is chosen now. */
export function mark(isChosen: boolean, text: string): string {
  return isChosen ? `✓ ${text}` : text;
}

/** Puts buttons in rows of `width`. */
export function rowsOf(buttons: readonly Button[], width: number): Button[][] {
  const rows: Button[][] = [];
  for (let start = 0; start < buttons.length; start += width) rows.push(buttons.slice(start, start + width));
  return rows;
}

/** So much of a label is to be read on a phone where two buttons share a row. */
const HALF_ROW = 16;

/** Puts buttons in rows of two, those with a longer label alone. */
export function rowsThatFit(buttons: readonly Button[]): Button[][] {
  const rows: Button[][] = [];
  let open: Button[] | undefined;
  for (const button of buttons) {
    const isShort = Array.from(button.text).length <= HALF_ROW;
    if (isShort && open) {
      open.push(button);
      open = undefined;
    } else {
      const row = [button];
      rows.push(row);
      open = isShort ? row : undefined;
    }
  }
  return rows;
}

/** From this length on (characters of HTML) the beginning of a message is out of a phone's sight. */
const LONG = 600;

/** The screen with a banner: what just happened, or why not. It stands above, but at the end of a long screen, by the buttons. */
export function withBanner(screen: Screen, banner: string | undefined): Screen {
  if (!banner) return screen;
  const parts = screen.html.length < LONG ? [banner, screen.html] : [screen.html, banner];
  return { ...screen, html: parts.join('\n\n') };
}

/** A banner that says no. */
export function warning(texts: Texts, sentence: string): string {
  return texts.html('warning', { sentence });
}
