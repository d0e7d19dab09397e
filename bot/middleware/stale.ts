/**
 * What is of the past is not carried out: an update that was handled before a crash and comes again, and a button whose
 * question is no longer the open one. Telegraf remembers no update (Telegram hears that one was taken only with the next
 * poll), and hands over the press of any button, however old its message.
 */
import type { MiddlewareFn } from 'telegraf';
import { answerPress, pressedMessage, tellPresser, type BotContext, type Press } from '../context';
import type { ScreenMessages } from '../screen-messages';
import { warning } from '../screen';
import { isRepeated } from '../session';

/** A repeated update only shows the open question again. */
export function handledOnce(): MiddlewareFn<BotContext> {
  return (ctx, next) => (isRepeated(ctx.session, ctx.update.update_id) ? ctx.conversation.reenter() : next());
}

/** For `composer.action`: the first part of the button's data is the revision of its screen. A stale press is answered with the open question. */
export function freshButton(
  messages: Pick<ScreenMessages, 'removeKeyboard'>,
): (ctx: Press, next: () => Promise<void>) => Promise<void> {
  return async (ctx, next) => {
    const { session, chatId, texts, match } = ctx;
    const revision = parseInt(match[1] ?? '', 36);
    const messageId = pressedMessage(ctx);
    const isOpen = session.step.at !== 'home';
    const isSameMessage = messageId === session.messageId;
    if (isOpen && isSameMessage && revision === session.revision) {
      await answerPress(ctx);
      return next();
    }
    // The message has moved on already: a second tap on the same button, no cause for words.
    const isDoubleTap = isSameMessage && revision === session.revision - 1;
    const stale = isDoubleTap ? undefined : texts.plain('staleButton');
    if (isOpen) {
      // Answered while it waited for its turn: a pop-up can come no more, and without a word the press would seem lost.
      const banner = ctx.isPressAnswered && stale ? warning(texts, stale) : undefined;
      await answerPress(ctx, stale);
      return ctx.conversation.reenter(banner);
    }
    await tellPresser(ctx, stale);
    if (messageId !== undefined) await messages.removeKeyboard(chatId, messageId);
  };
}
