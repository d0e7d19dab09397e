/** /find and /stoplist: one number or person, looked at and acted upon. Their questions are those of the conversation. */
import { Composer, type NarrowedContext } from 'telegraf';
import type { Message, Update } from 'telegraf/types';
import { named } from '../commands';
import type { BotContext } from '../context';
import type { Said } from '../conversation/conversation';
import { writtenOf } from './conversation';

export function people(): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.command(named('find'), (ctx) => ctx.conversation.enterAside({ at: 'find', page: 0 }, saidWith(ctx)));
  composer.command(named('stoplist'), (ctx) => ctx.conversation.enterAside({ at: 'stoplist' }, saidWith(ctx)));
  return composer;
}

/** `/find Anna`: the answer may come with the command. */
function saidWith({
  message,
  payload,
}: NarrowedContext<BotContext, Update.MessageUpdate<Message.TextMessage>> & { payload: string }): Said {
  return { ...writtenOf(message), text: payload.trim() };
}
