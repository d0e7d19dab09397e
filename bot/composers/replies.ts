/**
 * /replies, the notices of replies and their buttons; and an answer written as Telegram's own reply to such a notice. Every
 * message that shows a reply says so once it is dealt with, whoever did it.
 */
import { Composer } from 'telegraf';
import { message } from 'telegraf/filters';
import { nanoid } from 'nanoid';
import { ANY, buttonPattern } from '../../clients/telegram-buttons';
import type { Logger } from '../../config/logger';
import { may } from '../../domain/roles';
import type { HandledReply } from '../../store/open-replies';
import { createAskedMessages } from '../asked-messages';
import { named } from '../commands';
import { answerPress, tellPresser, type BotContext, type Press } from '../context';
import { warning, type Screen } from '../screen';
import type { ScreenMessages } from '../screen-messages';
import { renderReplies, renderReplyScreen, REPLY_PAGE, sentText } from '../screens/replies';
import { say } from '../screens/say-replies';
import type { BotServices } from '../services/contract';
import type { Texts } from '../texts';

export interface RepliesOptions {
  messages: ScreenMessages;
  services: Pick<BotServices, 'replies'>;
  textsFor(chatId: number): Promise<Texts>;
  logger: Logger;
}

export interface Replies {
  /** Buttons of a reply, which answer their presses themselves. */
  buttons: Composer<BotContext>;
  /** The command, and replies to notices. */
  list: Composer<BotContext>;
  /** One round over the messages of those that are dealt with. Never rejects. */
  round(): Promise<void>;
}

const ID_LENGTH = 12;

export function createReplies({ messages, services, textsFor, logger }: RepliesOptions): Replies {
  const { replies } = services;
  const screenOf = async (reply: HandledReply, texts: Texts): Promise<Screen> =>
    renderReplyScreen(reply, await replies.card(reply, texts), texts);
  const { settleAll, round } = createAskedMessages<HandledReply>({
    ...{ what: 'replies', messages, textsFor, logger, screenOf },
    open: () => replies.shownOpen(),
    shown: (id, one) => replies.shown(id, one),
  });

  async function listScreen(wanted: number, texts: Texts): Promise<Screen> {
    const page = Math.max(0, wanted);
    const found = await replies.list({ skip: page * REPLY_PAGE, limit: REPLY_PAGE });
    if (found.replies.length === 0 && page > 0) return listScreen(page - 1, texts);
    const who = await Promise.all(found.replies.map((reply) => replies.whoOf(reply)));
    return renderReplies(found, { page, who, texts });
  }

  /** The reply of a button; when it is gone, the reason. */
  const withReply = (handler: (ctx: Press, reply: HandledReply) => Promise<unknown>) => async (ctx: Press) => {
    const found = await replies.find(ctx.match[1] ?? '');
    if (found.ok) return handler(ctx, found.value);
    return tellPresser(ctx, ctx.texts.refusalText(found.refusal));
  };

  const endWith = (how: 'done' | 'opted_out') =>
    withReply(async (ctx, { key }) => {
      const { texts } = ctx;
      const ended = await replies.end(key, how, ctx.actor);
      if (!ended.ok) return tellPresser(ctx, texts.refusalText(ended.refusal));
      const { reply, already } = ended.value;
      const by = already && reply.done ? await replies.nameOf(reply.done.by, texts.language) : '';
      const late = already && reply.done ? say(texts, 'already', { by, at: texts.time(reply.done.at) }) : undefined;
      await tellPresser(ctx, late);
      await ctx.showScreen(await screenOf(reply, texts));
      return settleAll();
    });

  const buttons = new Composer<BotContext>();
  buttons.action(buttonPattern('reply', 'list', ANY), async (ctx) => {
    await answerPress(ctx);
    await ctx.showScreen(await listScreen(Number(ctx.match[1]) || 0, ctx.texts));
  });
  buttons.action(
    buttonPattern('reply', ANY, 'open'),
    withReply(async (ctx, reply) => {
      await answerPress(ctx);
      await ctx.showScreen(renderReplyScreen(reply, await replies.card(reply, ctx.texts), ctx.texts, true));
    }),
  );
  buttons.action(
    buttonPattern('reply', ANY, 'answer'),
    withReply(async (ctx, reply) => {
      if (!(await replies.openUntil(reply)))
        return tellPresser(ctx, ctx.texts.refusalText({ code: 'reply_window_closed', values: {} }));
      await answerPress(ctx);
      return ctx.conversation.enterAside({ at: 'replyAnswer', key: reply.key, id: nanoid(ID_LENGTH) });
    }),
  );
  buttons.action(buttonPattern('reply', ANY, 'done'), endWith('done'));
  buttons.action(buttonPattern('reply', ANY, 'optOut'), endWith('opted_out'));

  const list = new Composer<BotContext>();
  list.command(named('replies'), async (ctx) => ctx.replyWithScreen(await listScreen(0, ctx.texts)));
  list.on(message('text'), async (ctx, next) => {
    const { reply_to_message: notice, message_id: id, text } = ctx.message;
    if (!notice || text.startsWith('/') || !may(ctx.role, 'replies.handle')) return next();
    const reply = await replies.shownIn({ chatId: ctx.chatId, messageId: notice.message_id });
    if (!reply) return next();
    const { texts, actor: by } = ctx;
    const sent = await replies.answer(reply.key, { id: `${ctx.chatId}/${id}`, text, by });
    const html = sent.ok
      ? await sentText(sent.value, reply.key, { services, texts })
      : warning(texts, texts.refusalText(sent.refusal));
    await ctx.replyWithScreen({ html, keyboard: [] });
    return settleAll();
  });
  return { buttons, list, round };
}
