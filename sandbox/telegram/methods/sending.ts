/** Bot API methods that send: texts, documents, photos, albums, copies, forwards, chat actions and drafts. */
import { nanoid } from 'nanoid';
import { z } from 'zod';
import { chatId, flag, integer, nested, text } from '../arguments';
import { badRequest } from '../errors';
import { asDocument, asPhoto } from '../files';
import { parseMarkup } from '../markup';
import type { Content, SendOptions } from '../messages';
import { findOpenChat } from '../state';
import { entitySchema, formatText } from '../text';
import type { Message } from '../types';
import { method, type Method, type Parts } from './method';

const CHAT_ACTIONS = [
  'typing', 'upload_photo', 'record_video', 'upload_video', 'record_voice', 'upload_voice', 'upload_document',
  'choose_sticker', 'find_location', 'record_video_note', 'upload_video_note',
] as const; // prettier-ignore
/** Shown this long, or until the next message. */
const ACTION_MS = 5000;

export const entities = nested(z.array(entitySchema)).optional();

const delivery = {
  chat_id: chatId,
  disable_notification: flag.optional(),
  protect_content: flag.optional(),
  reply_parameters: nested(
    z.strictObject({ message_id: z.number().int(), allow_sending_without_reply: z.boolean().optional() }),
  ).optional(),
};
const markup = { reply_markup: nested(z.unknown()).optional() };
const caption = { caption: text.optional(), parse_mode: text.optional(), caption_entities: entities };

const album = z
  .array(
    z.strictObject({
      type: z.enum(['document', 'photo']),
      media: z.string(),
      caption: z.string().optional(),
      parse_mode: z.string().optional(),
      caption_entities: z.array(entitySchema).optional(),
    }),
  )
  .min(2)
  .max(10);

export function sendingMethods({ world, messages, files, presence }: Parts): Record<string, Method> {
  const send = (id: number | string, content: Content, options: SendOptions): Message => {
    const message = messages.send(id, content, options);
    presence.actions.delete(message.chat.id);
    presence.drafts.delete(message.chat.id);
    return message;
  };

  const source = (from: number | string, messageId: number, what: string): Message =>
    messages.find(from, messageId, `message to ${what} not found`).message;

  return {
    sendMessage: method(
      z.strictObject({
        ...delivery,
        ...markup,
        text,
        parse_mode: text.optional(),
        entities,
        link_preview_options: nested(z.looseObject({ is_disabled: z.boolean().optional() })).optional(),
      }),
      (args) => send(args.chat_id, textContent(args), sendOptions(args)),
    ),

    sendDocument: method(
      z.strictObject({
        ...delivery,
        ...markup,
        ...caption,
        document: z.string(),
        disable_content_type_detection: flag.optional(),
      }),
      async (args, { uploads }) => {
        findOpenChat(world, args.chat_id);
        const document = asDocument(await files.resolve('document', args.document, uploads));
        return send(args.chat_id, { document, ...captionContent(args), ...guarded(args) }, sendOptions(args));
      },
    ),

    sendPhoto: method(
      z.strictObject({ ...delivery, ...markup, ...caption, photo: z.string() }),
      async (args, { uploads }) => {
        findOpenChat(world, args.chat_id);
        const photo = asPhoto(await files.resolve('photo', args.photo, uploads));
        return send(args.chat_id, { photo, ...captionContent(args), ...guarded(args) }, sendOptions(args));
      },
    ),

    sendMediaGroup: method(z.strictObject({ ...delivery, media: nested(album) }), async (args, { uploads }) => {
      findOpenChat(world, args.chat_id);
      if (new Set(args.media.map((item) => item.type)).size > 1) {
        throw badRequest("document can't be mixed with other media types");
      }
      const media_group_id = nanoid();
      const contents: Content[] = [];
      for (const item of args.media) {
        const file = await files.resolve(item.type, item.media, uploads);
        const media = item.type === 'photo' ? { photo: asPhoto(file) } : { document: asDocument(file) };
        contents.push({ media_group_id, ...media, ...captionContent(item), ...guarded(args) });
      }
      return contents.map((content, n) => send(args.chat_id, content, { ...sendOptions(args), alreadyCounted: n > 0 }));
    }),

    copyMessage: method(
      z.strictObject({ ...delivery, ...markup, ...caption, from_chat_id: chatId, message_id: integer }),
      (args) => {
        const original = source(args.from_chat_id, args.message_id, 'copy');
        const words = args.caption === undefined ? {} : captionContent(args);
        const message = send(args.chat_id, { ...contentOf(original), ...words, ...guarded(args) }, sendOptions(args));
        return { message_id: message.message_id };
      },
    ),

    forwardMessage: method(
      z.strictObject({
        chat_id: chatId,
        from_chat_id: chatId,
        message_id: integer,
        disable_notification: flag.optional(),
        protect_content: flag.optional(),
      }),
      (args) => {
        const original = source(args.from_chat_id, args.message_id, 'forward');
        const origin = { type: 'user' as const, date: original.date, sender_user: original.from };
        return send(args.chat_id, { ...contentOf(original), forward_origin: origin, ...guarded(args) }, {});
      },
    ),

    sendChatAction: method(z.strictObject({ chat_id: chatId, action: text }), (args) => {
      const { person } = findOpenChat(world, args.chat_id);
      if (!CHAT_ACTIONS.some((known) => known === args.action)) {
        throw badRequest('wrong parameter action in request');
      }
      presence.actions.set(person.id, { action: args.action, until: Date.now() + ACTION_MS });
      world.bus.emit('telegram', { chatId: person.id });
      return true;
    }),

    sendMessageDraft: method(
      z.strictObject({
        chat_id: integer,
        draft_id: integer,
        text: text.optional(),
        parse_mode: text.optional(),
        entities,
      }),
      (args) => {
        const { person } = findOpenChat(world, args.chat_id);
        if (args.draft_id === 0) throw badRequest('RANDOM_ID_INVALID');
        presence.drafts.set(person.id, args.text ? textContent({ ...args, text: args.text }).text : '');
        world.bus.emit('telegram', { chatId: person.id });
        return true;
      },
    ),
  };
}

interface DeliveryArguments {
  reply_markup?: unknown;
  reply_parameters?: { message_id: number; allow_sending_without_reply?: boolean | undefined } | undefined;
}

function sendOptions(args: DeliveryArguments): SendOptions {
  const reply = args.reply_parameters;
  return {
    markup: parseMarkup(args.reply_markup, { inlineOnly: false }),
    replyTo: reply && { messageId: reply.message_id, optional: reply.allow_sending_without_reply ?? false },
  };
}

const guarded = (args: { protect_content?: boolean | undefined }): Content =>
  args.protect_content ? { has_protected_content: true } : {};

interface TextArguments {
  text: string;
  parse_mode?: string | undefined;
  entities?: z.output<typeof entitySchema>[] | undefined;
  link_preview_options?: { is_disabled?: boolean | undefined } | undefined;
  protect_content?: boolean | undefined;
}

/** The fields of a text message; used by sends and edits alike. */
export function textContent(args: TextArguments): Content & { text: string } {
  const { text, entities } = formatText(
    { text: args.text, parseMode: args.parse_mode, entities: args.entities as Message['entities'] },
    'text',
  );
  return {
    ...guarded(args),
    text,
    entities: entities.length > 0 ? entities : undefined,
    link_preview_options: args.link_preview_options?.is_disabled ? { is_disabled: true } : undefined,
  };
}

interface CaptionArguments {
  caption?: string | undefined;
  parse_mode?: string | undefined;
  caption_entities?: z.output<typeof entitySchema>[] | undefined;
}

/** The caption's fields; undefined ones take a former caption away. */
export function captionContent(args: CaptionArguments): Content {
  const { text, entities } = formatText(
    {
      text: args.caption ?? '',
      parseMode: args.parse_mode,
      entities: args.caption_entities as Message['caption_entities'],
    },
    'caption',
  );
  return { caption: text || undefined, caption_entities: entities.length > 0 ? entities : undefined };
}

function contentOf({ text, entities, document, photo, caption, caption_entities }: Message): Content {
  return { text, entities, document, photo, caption, caption_entities };
}
