/** Bot API methods that change what was sent: edit, delete, pin, react, and the answer to a button press. */
import { z } from 'zod';
import { chatId, flag, integer, nested, text } from '../arguments';
import { badRequest } from '../errors';
import { parseMarkup } from '../markup';
import { append, withoutReply } from '../messages';
import { botAsSender, chatChanged, chatOf, findOpenChat } from '../state';
import { captionContent, entities, textContent } from './sending';
import { method, type Method, type Parts } from './method';

/** No number is documented; reports say 10–15 s to a minute (telegram.md#methods-and-limits, telegram.md#unknown). */
const CALLBACK_ANSWER_MS = 15_000;
const MAX_ANSWER_CHARACTERS = 200;

const target = {
  // Optional in the Bot API, since inline messages have another id; the sandbox has no inline mode.
  chat_id: chatId.optional(),
  message_id: integer.optional(),
  reply_markup: nested(z.unknown()).optional(),
};

export function changingMethods(
  { world, messages }: Parts,
  { secondAnswerFails }: { secondAnswerFails: boolean },
): Record<string, Method> {
  const placeOf = (args: {
    chat_id?: number | string | undefined;
    message_id?: number | undefined;
  }): [number | string, number] => {
    if (args.chat_id === undefined) throw badRequest('chat_id is empty');
    if (args.message_id === undefined) throw badRequest('message identifier is not specified');
    return [args.chat_id, args.message_id];
  };
  const inline = (value: unknown) => parseMarkup(value, { inlineOnly: true });

  return {
    editMessageText: method(
      z.strictObject({
        ...target,
        // Optional since 10.1, where `rich_message` may stand in its place; the sandbox knows texts only.
        text: text.optional(),
        parse_mode: text.optional(),
        entities,
        link_preview_options: nested(z.looseObject({ is_disabled: z.boolean().optional() })).optional(),
      }),
      (args) =>
        messages.edit(
          ...placeOf(args),
          (now) => {
            if (now.text === undefined) throw badRequest('there is no text in the message to edit');
            return textContent({ ...args, text: args.text ?? '' });
          },
          inline(args.reply_markup),
        ),
    ),

    editMessageCaption: method(
      z.strictObject({ ...target, caption: text.optional(), parse_mode: text.optional(), caption_entities: entities }),
      (args) =>
        messages.edit(
          ...placeOf(args),
          (now) => {
            if (!now.document && !now.photo) throw badRequest('there is no caption in the message to edit');
            return captionContent(args);
          },
          inline(args.reply_markup),
        ),
    ),

    editMessageReplyMarkup: method(z.strictObject(target), (args) =>
      messages.edit(...placeOf(args), () => ({}), inline(args.reply_markup)),
    ),

    deleteMessage: method(z.strictObject({ chat_id: chatId, message_id: integer }), (args) => {
      messages.delete(args.chat_id, args.message_id);
      return true;
    }),

    deleteMessages: method(
      z.strictObject({ chat_id: chatId, message_ids: nested(z.array(z.number().int()).min(1).max(100)) }),
      (args) => {
        const { chat } = findOpenChat(world, args.chat_id);
        for (const id of args.message_ids) {
          // Missing messages are silently skipped.
          if (chat.messages.some((entry) => entry.message.message_id === id)) messages.delete(args.chat_id, id);
        }
        return true;
      },
    ),

    pinChatMessage: method(
      z.strictObject({ chat_id: chatId, message_id: integer, disable_notification: flag.optional() }),
      (args) => {
        const { person, chat } = findOpenChat(world, args.chat_id);
        const { message } = messages.find(args.chat_id, args.message_id, 'message to pin not found');
        if (chat.pinnedId === message.message_id) return true;
        chat.pinnedId = message.message_id;
        append(
          chat,
          { fromBot: true },
          {
            from: botAsSender(world),
            chat: chatOf(person),
            date: Math.floor(world.now() / 1000),
            pinned_message: withoutReply(message),
          },
        );
        chatChanged(world, person.id);
        return true;
      },
    ),

    setMessageReaction: method(
      z.strictObject({
        chat_id: chatId,
        message_id: integer,
        reaction: nested(
          z.array(z.strictObject({ type: z.literal('emoji'), emoji: z.string().min(1) })).max(1),
        ).optional(),
        is_big: flag.optional(),
      }),
      (args) => {
        const { person } = findOpenChat(world, args.chat_id);
        const entry = messages.find(args.chat_id, args.message_id, 'message to react not found');
        const emoji = args.reaction?.[0]?.emoji;
        if (emoji) entry.reaction = emoji;
        else delete entry.reaction;
        chatChanged(world, person.id);
        return true;
      },
    ),

    answerCallbackQuery: method(
      z.strictObject({
        callback_query_id: text,
        text: text.optional(),
        show_alert: flag.optional(),
        url: text.optional(),
        cache_time: integer.optional(),
      }),
      (args) => {
        const record = world.state.callbacks.find((callback) => callback.id === args.callback_query_id);
        const late = !record || world.now() - record.at > CALLBACK_ANSWER_MS;
        if (late || (record.answer && secondAnswerFails)) {
          throw badRequest('query is too old and response timeout expired or query ID is invalid');
        }
        if ((args.text?.length ?? 0) > MAX_ANSWER_CHARACTERS) throw badRequest('MESSAGE_TOO_LONG');
        // Only the first answer reaches the person.
        record.answer ??= {
          showAlert: args.show_alert ?? false,
          ...(args.text ? { text: args.text } : {}),
          ...(args.url ? { url: args.url } : {}),
        };
        chatChanged(world, record.userId);
        return true;
      },
    ),
  };
}
