/**
 * What came before a crash and comes again is not carried out twice. Telegraf tells Telegram that an update was taken only
 * with its next question, and remembers nothing itself.
 */
import type { MiddlewareFn } from 'telegraf';
import type { BotContext } from '../context';
import { isRepeated } from '../session';

/** Of a repeated update nothing comes but the open question, as it stands. */
export function handledOnce(): MiddlewareFn<BotContext> {
  return (ctx, next) => (isRepeated(ctx.session, ctx.update.update_id) ? ctx.conversation.reenter() : next());
}
