/**
 * A button of the conversation counts while its question is the open one: each carries the revision of its screen. Telegraf
 * hands over the press of any button, however old its message.
 */
import { answerPress, pressedMessage, type Press } from '../context';
import type { ScreenMessages } from '../screen-messages';

/** For `composer.action`: the first part of the button's data is the revision. A stale press is answered with the open question. */
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
    const wasAnswered = ctx.isPressAnswered;
    await answerPress(ctx, isDoubleTap ? undefined : texts.plain('staleButton'));
    if (isOpen) return ctx.conversation.reenter();
    if (messageId !== undefined && !wasAnswered) await messages.removeKeyboard(chatId, messageId);
  };
}
