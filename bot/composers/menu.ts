/** What an admin's update is: a command, a button, a text or a file; and which part answers it. */
import type { Message, Update } from 'telegraf/types';
import { parseButtonData } from '../../clients/telegram-buttons';
import type { CampaignPanel } from './campaigns';
import { commandOf, MENU, renderHelp, renderLanguages, renderMenu, type Command } from '../commands';
import type { Conversation, Said, Turn } from '../conversation/conversation';
import { createFunnelPanel } from './funnel';
import { emptyDraft, nextStep } from '../conversation/draft';
import type { OptOutPanel } from './possible-opt-outs';
import { warning, withBanner, type Screen } from '../screen';
import { renderCatalogue, renderTemplate } from '../screens/catalogue';
import type { BotServices } from '../services/contract';
import { createSchedules } from './schedules';
import type { IncomingFile } from '../conversation/talk';
import type { TelegramPort } from '../telegram-port';
import { createTexts } from '../texts';
import type { Written } from '../conversation/whole-answer';

export interface Router {
  /** `answered`: the press has had its answer already. */
  route(update: Update, turn: Turn, answered: boolean): Promise<void>;
}

export interface RouterOptions {
  port: TelegramPort;
  services: BotServices;
  conversation: Conversation;
  panel: CampaignPanel;
  optOuts: OptOutPanel;
  zone: string;
}

export function createRouter({ port, services, conversation, panel, optOuts, zone }: RouterOptions): Router {
  const schedules = createSchedules({ port, services });
  const funnel = createFunnelPanel({ port, services, conversation });
  const send = async (turn: Turn, screen: Screen): Promise<void> => void (await port.send(turn.chatId, screen));

  async function command(name: Command, turn: Turn, said?: Said): Promise<void> {
    const { texts, session } = turn;
    switch (name) {
      case 'start':
        return send(turn, renderMenu(texts.html('start'), texts));
      case 'new': {
        const { step, draft } = session.waiting ?? session;
        const unfinished = step.at !== 'home' && step.at !== 'unfinished' && draft.template;
        return unfinished
          ? conversation.open(turn, { at: 'unfinished', kept: step }, draft)
          : conversation.open(turn, nextStep(emptyDraft), emptyDraft);
      }
      case 'campaigns':
        return panel.list(turn, undefined, 0);
      case 'schedules':
        return schedules.list(turn, undefined, 0);
      case 'templates':
        return catalogue(turn, undefined, 'page', '0');
      case 'funnel':
        return funnel.open(turn);
      case 'find':
        return conversation.aside(turn, { at: 'find', page: 0 }, said);
      case 'stoplist':
        return conversation.aside(turn, { at: 'stoplist' }, said);
      case 'help':
        return send(turn, renderHelp(texts));
      case 'cancel':
        if (!(await conversation.cancel(turn))) await send(turn, renderMenu(texts.html('nothingToCancel'), texts));
        return;
      case 'language':
        return send(turn, renderLanguages(texts));
    }
  }

  async function catalogue(turn: Turn, messageId: number | undefined, action: string, argument: string): Promise<void> {
    const { chatId, texts } = turn;
    const show = async (screen: Screen): Promise<void> => void (await port.show(chatId, messageId, screen));
    const listed = await services.templates.list(action === 'refresh' ? { refresh: true } : {});
    if (!listed.ok) return show({ html: warning(texts, texts.refusalText(listed.refusal)), keyboard: [] });
    const found = listed.value.templates.find(({ id }) => id === argument);
    if (action === 'open' && found) return show(renderTemplate(found, texts));
    if (action === 'use' && found)
      return conversation.open(turn, nextStep({ template: found, parameters: [] }), {
        template: found,
        parameters: [],
      });
    return show(renderCatalogue(listed.value, Number(argument) || 0, texts));
  }

  async function menu(turn: Turn, messageId: number | undefined, what: string): Promise<void> {
    if (what === 'ru' || what === 'en') {
      await services.users.update(turn.user._id, { language: what });
      const texts = createTexts(what, zone);
      await port.show(turn.chatId, messageId, renderMenu(texts.html('language.done'), texts));
      return;
    }
    const named = MENU.find((one) => one === what);
    if (named) return command(named, turn);
  }

  async function press(
    query: Update.CallbackQueryUpdate['callback_query'],
    turn: Turn,
    answered: boolean,
  ): Promise<void> {
    const { texts, session } = turn;
    const parsed = 'data' in query ? parseButtonData(query.data) : undefined;
    const messageId = query.message?.message_id;
    const [first = '', second = '', third = ''] = parsed?.parts ?? [];

    if (parsed?.area === 'draft') {
      const revision = parseInt(first, 36);
      const open = session.step.at !== 'home';
      if (open && revision === session.revision && messageId === session.messageId) {
        if (!answered) await port.answer(query.id);
        return conversation.press(turn, second, third);
      }
      // The message has moved on already: a second tap on the same button, no cause for words.
      const doubleTap = messageId === session.messageId && revision === session.revision - 1;
      if (!answered) await port.answer(query.id, doubleTap ? undefined : texts.plain('staleButton'));
      if (open) return conversation.repeat(turn);
      if (messageId !== undefined && !answered) await port.removeKeyboard(turn.chatId, messageId);
      return;
    }

    if (parsed?.area === 'optOut') return optOuts.press(turn, { id: query.id, messageId, answered }, first, second);
    if (!answered) await port.answer(query.id, parsed ? undefined : texts.plain('staleButton'));
    switch (parsed?.area) {
      case 'campaigns':
        return panel.list(turn, messageId, Number(first) || 0);
      case 'campaign':
        return panel.press(turn, messageId, first, parsed.parts.slice(1));
      case 'schedules':
        return schedules.press(turn, messageId, first, second);
      case 'templates':
        return catalogue(turn, messageId, first, second);
      case 'funnel':
        return funnel.press(turn, messageId, parsed.parts);
      case 'menu':
        return menu(turn, messageId, first);
      case 'noop':
        return;
      case undefined:
        // A button of another version: the menu in its place always works.
        await port.show(turn.chatId, messageId, renderMenu(texts.html('start'), texts));
    }
  }

  async function text(typed: string, written: Written, turn: Turn): Promise<void> {
    const { texts, session } = turn;
    const name = commandOf(typed);
    if (name === 'unknown')
      return send(turn, withBanner(renderHelp(texts), warning(texts, texts.plain('unknownCommand'))));
    if (name) return command(name, turn, { ...written, text: typed.replace(/^\S+\s*/, '') });
    return session.step.at === 'home'
      ? send(turn, renderMenu(texts.html('idle'), texts))
      : conversation.text(turn, { ...written, text: typed });
  }

  return {
    route: async (update, turn, answered) => {
      if ('callback_query' in update) return press(update.callback_query, turn, answered);
      if ('edited_message' in update) {
        const { edited_message: message } = update;
        // A corrected command, or a caption, answers nothing.
        if (!('text' in message) || commandOf(message.text)) return;
        return conversation.text(turn, { ...writtenOf(message, true), text: message.text });
      }
      if (!('message' in update)) return;
      const { message } = update;
      const written = writtenOf(message, false);
      if ('text' in message) return text(message.text, written, turn);
      const file = fileOf(message);
      if (turn.session.step.at === 'home') return send(turn, renderMenu(turn.texts.html('idle'), turn.texts));
      return file ? conversation.file(turn, file, written) : conversation.text(turn, { ...written, text: '' });
    },
  };
}

function writtenOf(message: Message, isEdit: boolean): Written {
  return {
    messageId: message.message_id,
    at: message.date,
    isEdit,
    ...('text' in message && { text: message.text }),
    ...('media_group_id' in message && message.media_group_id !== undefined && { albumId: message.media_group_id }),
  };
}

function fileOf(message: Update.MessageUpdate['message']): IncomingFile | undefined {
  if (!('document' in message)) return undefined;
  const { file_id: fileId, file_name: name = 'file', file_size: size } = message.document;
  return { fileId, name, ...(size === undefined ? {} : { size }) };
}
