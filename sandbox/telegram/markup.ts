/**
 * Keyboards on their way in: checked as the real server checks them (telegram.md#errors,
 * telegram.md#methods-and-limits).
 */
import { z } from 'zod';
import { badRequest } from './errors';
import type { InlineButton, InlineKeyboard } from './types';

/** Bytes, not characters: 32 Cyrillic letters fill it. */
const MAX_CALLBACK_BYTES = 64;
const MAX_BUTTONS = 100;
const MAX_MARKUP_BYTES = 10_000;
const MAX_COPY_CHARACTERS = 256;

/** The keyboard that a `reply_markup` requests. */
export interface Markup {
  inline?: InlineKeyboard;
  /** A keyboard in place of the phone's own; `[]` takes it away. */
  reply?: string[][];
  /** True for any of the kinds that make a message uneditable. */
  onPhoneKeyboard?: true;
}

const ACTIONS = ['callback_data', 'url', 'copy_text'] as const;

/** Telegraf's button helpers send it along; the real server, too, takes no notice. */
const telegrafExtra = { hide: z.boolean().optional() };

const buttonSchema = z.strictObject({
  ...telegrafExtra,
  text: z.string().min(1),
  callback_data: z.string().optional(),
  url: z.string().optional(),
  copy_text: z.strictObject({ text: z.string().min(1).max(MAX_COPY_CHARACTERS) }).optional(),
  style: z.enum(['danger', 'success', 'primary']).optional(),
});

const replySchema = z.strictObject({
  keyboard: z.array(
    z.array(z.union([z.string().min(1), z.strictObject({ ...telegrafExtra, text: z.string().min(1) })])),
  ),
  resize_keyboard: z.boolean().optional(),
  one_time_keyboard: z.boolean().optional(),
  is_persistent: z.boolean().optional(),
  selective: z.boolean().optional(),
  input_field_placeholder: z.string().max(64).optional(),
});

/** Throws 400 in Telegram's words. `inlineOnly`: edits take no other kind. */
export function parseMarkup(value: unknown, { inlineOnly }: { inlineOnly: boolean }): Markup {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest('object expected as reply markup');
  }
  if (Buffer.byteLength(JSON.stringify(value)) > MAX_MARKUP_BYTES) throw badRequest('reply markup is too long');
  if ('inline_keyboard' in value) return inlineMarkup(value.inline_keyboard);
  if (inlineOnly) throw badRequest('inline keyboard expected');
  if ('keyboard' in value) {
    const parsed = replySchema.safeParse(value);
    if (!parsed.success) throw badRequest(`can't parse keyboard button: ${z.prettifyError(parsed.error)}`);
    const reply = parsed.data.keyboard.map((row) => row.map((key) => (typeof key === 'string' ? key : key.text)));
    return { reply, onPhoneKeyboard: true };
  }
  if ('remove_keyboard' in value) return { reply: [], onPhoneKeyboard: true };
  if ('force_reply' in value) return { onPhoneKeyboard: true };
  throw badRequest('object expected as reply markup');
}

function inlineMarkup(rows: unknown): Markup {
  if (!Array.isArray(rows) || !rows.every((row) => Array.isArray(row))) {
    throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays');
  }
  const keyboard = (rows as unknown[][]).map((row) => row.map(inlineButton)).filter((row) => row.length > 0);
  if (keyboard.flat().length > MAX_BUTTONS) throw badRequest('reply markup is too long');
  return keyboard.length > 0 ? { inline: { inline_keyboard: keyboard } } : {};
}

function inlineButton(value: unknown): InlineButton {
  const fail = (what: string) => badRequest(`can't parse inline keyboard button: ${what}`);
  const parsed = buttonSchema.safeParse(value);
  if (!parsed.success) throw fail(z.prettifyError(parsed.error));
  const button = parsed.data;
  const actions = ACTIONS.filter((action) => button[action] !== undefined && button[action] !== '');
  if (actions.length === 0) throw fail('text buttons are unallowed in the inline keyboard');
  if (actions.length > 1) throw fail(`sandbox: exactly one action expected, got ${actions.join(' and ')}`);
  if (Buffer.byteLength(button.callback_data ?? '') > MAX_CALLBACK_BYTES) throw badRequest('BUTTON_DATA_INVALID');
  if (button.url !== undefined) checkUrl(button.url);
  return {
    text: button.text,
    ...(button.callback_data ? { callback_data: button.callback_data } : {}),
    ...(button.url ? { url: button.url } : {}),
    ...(button.copy_text ? { copy_text: button.copy_text } : {}),
    ...(button.style ? { style: button.style } : {}),
  };
}

/** Telegram wants a host with a dot: a button to `http://localhost:8233` is refused there, so here too. */
function checkUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const good =
    parsed && (parsed.protocol === 'tg:' || (/^https?:$/.test(parsed.protocol) && parsed.hostname.includes('.')));
  if (!good) throw badRequest(`inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`);
}
