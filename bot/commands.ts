/** The table of commands: those the bot understands, /help lists, and Telegram's menu shows. */
import type { Language } from '../config/i18n';
import type { Screen } from './screen';
import { buttonData } from '../clients/telegram-buttons';
import { createTexts, Html, type Texts } from './texts';

const COMMANDS = [
  'start',
  'new',
  'campaigns',
  'schedules',
  'templates',
  'funnel',
  'find',
  'stoplist',
  'help',
  'cancel',
  'language',
] as const;
export type Command = (typeof COMMANDS)[number];

/** For `composer.command`, whose strings are case-sensitive: phones capitalise the beginning of a line. */
export const named = (command: Command): RegExp => new RegExp(`^${command}$`, 'i');

/** For setMyCommands. */
export function commandList(language: Language): { command: string; description: string }[] {
  const texts = createTexts(language, 'UTC');
  return COMMANDS.map((command) => ({ command, description: texts.plain(`commands.${command}`) }));
}

export function renderHelp(texts: Texts): Screen {
  const lines = COMMANDS.map((command) => `/${command} — ${texts.html(`commands.${command}`)}`);
  return { html: texts.html('help', { commands: new Html(lines.join('\n')), zone: texts.zone }), keyboard: [] };
}

export function renderMenu(html: string, texts: Texts): Screen {
  const button = (what: Command): Screen['keyboard'][number][number] => ({
    text: texts.plain(`buttons.${what}`),
    data: buttonData('menu', what),
  });
  return {
    html,
    keyboard: [
      [button('new')],
      [button('campaigns'), button('schedules')],
      [button('templates'), button('funnel')],
      [button('help')],
    ],
  };
}

export function renderLanguages(texts: Texts): Screen {
  return {
    html: texts.html('language.question'),
    keyboard: [
      [
        { text: 'Русский', data: buttonData('menu', 'ru') },
        { text: 'English', data: buttonData('menu', 'en') },
      ],
    ],
  };
}
