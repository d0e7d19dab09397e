/** Handles answers to the open question: its buttons, and anything written or sent while it is open. */
import { Composer, type MiddlewareFn } from 'telegraf';
import { editedMessage, message } from 'telegraf/filters';
import type { Message } from 'telegraf/types';
import { ANY, buttonPattern } from '../../clients/telegram-buttons';
import type { BotContext } from '../context';
import type { Conversation } from '../conversation/conversation';
import type { IncomingFile } from '../conversation/talk';
import type { Written } from '../conversation/whole-answer';
import { freshButton } from '../middleware/stale';
import type { ScreenMessages } from '../screen-messages';

/** Middleware: `ctx.conversation`. */
export function conversationContext(conversation: Conversation): MiddlewareFn<BotContext> {
  return (ctx, next) => {
    ctx.conversation = conversation.entered(ctx);
    return next();
  };
}

/** The buttons of the open question. */
export function conversationButtons(conversation: Conversation, messages: ScreenMessages): Composer<BotContext> {
  return new Composer<BotContext>().action(
    [buttonPattern('draft', ANY, ANY), buttonPattern('draft', ANY, ANY, ANY)],
    freshButton(messages),
    (ctx) => conversation.press(ctx, ctx.match[2] ?? '', ctx.match[3] ?? ''),
  );
}

/** Text and files sent while a question is open. Commands have been handled before. */
export function writtenAnswers(conversation: Conversation): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.on(editedMessage('text'), async (ctx) => {
    const { editedMessage: edited } = ctx;
    // A corrected command answers nothing; nor does the caption of a file.
    if (!isCommand(edited)) await conversation.text(ctx, { ...writtenOf(edited, true), text: edited.text });
  });
  const answers = Composer.optional<BotContext>(
    ({ session, message: sent }) => sent !== undefined && session.step.at !== 'home',
    new Composer<BotContext>()
      .on(message('text'), (ctx) => conversation.text(ctx, { ...writtenOf(ctx.message), text: ctx.message.text }))
      .on(message('document'), (ctx) => conversation.file(ctx, fileOf(ctx.message), writtenOf(ctx.message)))
      .on(message('photo'), (ctx) => conversation.file(ctx, photoOf(ctx.message), writtenOf(ctx.message)))
      .on(message('video'), (ctx) => conversation.file(ctx, videoOf(ctx.message), writtenOf(ctx.message)))
      .on('message', (ctx) => conversation.text(ctx, { ...writtenOf(ctx.message), text: '' })),
  );
  composer.use(answers);
  return composer;
}

/** The parts of Telegram's message that show what it belongs to. */
export function writtenOf(sent: Message, isEdit = false): Written {
  return {
    messageId: sent.message_id,
    at: sent.date,
    isEdit,
    ...('text' in sent && { text: sent.text }),
    ...('media_group_id' in sent && sent.media_group_id !== undefined && { albumId: sent.media_group_id }),
  };
}

function isCommand({ entities = [] }: Message.TextMessage): boolean {
  return entities.some(({ type, offset }) => type === 'bot_command' && offset === 0);
}

/** Telegram sends a photo as JPEG, in several sizes; the last is the largest. */
function photoOf({ photo }: Message.PhotoMessage): IncomingFile {
  const { file_id: fileId, file_size: size } = photo.at(-1)!;
  return { fileId, name: 'photo.jpg', isMedia: true, ...(size === undefined ? {} : { size }) };
}

function videoOf({ video }: Message.VideoMessage): IncomingFile {
  const { file_id: fileId, file_name: name = 'video.mp4', file_size: size } = video;
  return { fileId, name, isMedia: true, ...(size === undefined ? {} : { size }) };
}

function fileOf({ document }: Message.DocumentMessage): IncomingFile {
  const { file_id: fileId, file_name: name = 'file', file_size: size } = document;
  return { fileId, name, ...(size === undefined ? {} : { size }) };
}
