/** /new, /find, /rules, /prices and /stoplist: commands that open a question of the conversation. */
import { Composer, type NarrowedContext } from 'telegraf';
import type { Message, Update } from 'telegraf/types';
import { buttonPattern } from '../../clients/telegram-buttons';
import { named } from '../commands';
import type { BotContext } from '../context';
import type { Said } from '../conversation/conversation';
import { emptyDraft, nextStep } from '../conversation/draft';
import { writtenOf } from './conversation';

/** A campaign that is half put together is gone on with, if that is wanted. */
export function newCampaign(): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const begin = ({ session, conversation }: BotContext): Promise<void> => {
    const { step, draft } = session.waiting ?? session;
    const isUnfinished = step.at !== 'home' && step.at !== 'unfinished' && step.at !== 'drafts' && draft.template;
    if (isUnfinished) return conversation.enter({ at: 'unfinished', kept: step }, draft);
    return session.drafts && session.drafts.length > 0
      ? conversation.enter({ at: 'drafts' }, emptyDraft)
      : conversation.enter(nextStep(emptyDraft), emptyDraft);
  };
  composer.command(named('new'), begin);
  composer.action(buttonPattern('menu', 'new'), begin);
  return composer;
}

/** One person, number or country, looked at and acted upon. */
export function people(): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.command(named('find'), (ctx) => ctx.conversation.enterAside({ at: 'find', page: 0 }, saidWith(ctx)));
  composer.command(named('rules'), (ctx) => ctx.conversation.enterAside({ at: 'rules' }, saidWith(ctx)));
  composer.command(named('prices'), (ctx) => ctx.conversation.enterAside({ at: 'prices' }, saidWith(ctx)));
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
