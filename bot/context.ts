/** What every handler of the bot has at hand: Telegraf's context, and what the middleware of bot.ts adds to it. */
import type { Context, NarrowedContext } from 'telegraf';
import type { Update } from 'telegraf/types';
import type { Logger } from '../config/logger';
import type { Role } from '../domain/roles';
import type { Actor } from '../domain/story/actor';
import type { UserDocument } from '../store/users';
import type { EnteredConversation } from './conversation/conversation';
import type { Ahead } from './middleware/head-start';
import { warning, type Screen } from './screen';
import type { BotServices } from './services/contract';
import type { Session } from './session';
import type { Texts } from './texts';

/** `ctx.reply`, `ctx.editMessageText` and all of `ctx.telegram` wait when Telegram asks for it (middleware/flood-waits.ts). */
export interface BotContext extends Context {
  services: BotServices;
  log: Logger;

  /** The private chat and the one of the team who writes or presses in it (middleware/team-only.ts). */
  chatId: number;
  user: UserDocument;
  /** As it was when this update's turn came. */
  role: Role;
  /** This update is the invitation that let them in. */
  isNew?: true;
  actor: Actor;
  /** In this person's language. */
  texts: Texts;

  /** What was read while the update was being kept (middleware/head-start.ts). */
  ahead?: Ahead;

  /** Telegraf's, kept in MongoDB (session.ts). */
  session: Session;
  /** Saves it at once, before what a crash must not undo or do twice; Telegraf saves when the update is handled. */
  saveSession(): Promise<void>;

  /** Questions and answers, as `ctx.scene` has them. */
  conversation: EnteredConversation;

  /** Sends a screen as a new message. Resolves to the message's id. */
  replyWithScreen(screen: Screen): Promise<number>;
  /** Puts a screen in place of the message whose button was pressed; without one, sends it. Resolves to the message's id. */
  showScreen(screen: Screen): Promise<number>;

  /** The update is dealt with: it does not come again after a restart. */
  settle(): Promise<void>;
  /** It is not dealt with, because the bot stops: it comes again. */
  isUnsettled?: true;

  /** The press has had its answer. */
  isPressAnswered?: boolean;
}

/** The context of a pressed button; `match` holds the parts of its data. */
export type Press = NarrowedContext<BotContext, Update.CallbackQueryUpdate> & { match: RegExpExecArray };

/** The message whose button was pressed. */
export function pressedMessage({ callbackQuery }: Pick<BotContext, 'callbackQuery'>): number | undefined {
  return callbackQuery?.message?.message_id;
}

/** A command that an update gives is carried out once, however often Telegram brings the update. */
export function updateIdOf({ update }: Pick<BotContext, 'update'>): string {
  return `telegram-${update.update_id}`;
}

/**
 * Stops the spinner of the pressed button, with a pop-up when `alert` is given. Only the first answer to a press
 * counts, and a late one is not an error: the press is handled anyway.
 */
export async function answerPress(ctx: BotContext, alert?: string): Promise<void> {
  if (!ctx.callbackQuery || ctx.isPressAnswered) return;
  ctx.isPressAnswered = true;
  try {
    await ctx.answerCbQuery(alert, alert ? { show_alert: true } : {});
  } catch (error) {
    ctx.log.debug({ err: error }, 'could not answer a button press');
  }
}

/**
 * What the presser must hear, if anything: a pop-up, or a message where the spinner was stopped before
 * (middleware/head-start.ts).
 */
export async function tellPresser(ctx: BotContext, sentence?: string): Promise<void> {
  if (sentence === undefined || !ctx.isPressAnswered) return answerPress(ctx, sentence);
  await ctx.replyWithScreen({ html: warning(ctx.texts, sentence), keyboard: [] });
}
