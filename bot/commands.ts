/** The table of commands: those the bot understands, /help lists, and Telegram's menu shows. */
import type { Language } from '../config/i18n';
import { ALERT_RULES } from '../domain/alerts';
import { may, type Right, type Role } from '../domain/roles';
import type { Screen } from './screen';
import { buttonData } from '../clients/telegram-buttons';
import { createTexts, Html, type Texts } from './texts';

/** Each command with the right that it asks for. */
export const COMMAND_RIGHTS = {
  start: 'bot.use',
  new: 'campaigns.create',
  campaigns: 'campaigns.look',
  replies: 'replies.handle',
  reports: 'reports.look',
  schedules: 'campaigns.look',
  templates: 'templates.look',
  lists: 'people.look',
  funnel: 'funnel.look',
  find: 'people.look',
  stoplist: 'people.look',
  rules: 'rules.look',
  prices: 'prices.look',
  team: 'team.manage',
  approvals: 'campaigns.approve',
  audit: 'audit.look',
  help: 'bot.use',
  cancel: 'bot.use',
  language: 'bot.use',
  notices: 'bot.use',
} as const satisfies Record<string, Right>;
export type Command = keyof typeof COMMAND_RIGHTS;
const COMMANDS = Object.keys(COMMAND_RIGHTS) as Command[];

/** For `composer.command`, whose strings are case-sensitive: phones capitalise the beginning of a line. */
export const named = (command: Command): RegExp => new RegExp(`^${command}$`, 'i');

/** The command that a message is, however it is written; undefined for none of these. */
export function commandOf(text: string): Command | undefined {
  const [, word = ''] = /^\/(\w+)/.exec(text) ?? [];
  return COMMANDS.find((command) => named(command).test(word));
}

/** For setMyCommands. */
export function commandList(language: Language): { command: string; description: string }[] {
  const texts = createTexts(language, 'UTC');
  return COMMANDS.map((command) => ({ command, description: texts.plain(`commands.${command}`) }));
}

/** Those that this role may use. */
export function renderHelp(texts: Texts, role: Role): Screen {
  const lines = COMMANDS.filter((command) => may(role, COMMAND_RIGHTS[command])).map(
    (command) => `/${command} — ${texts.html(`commands.${command}`)}`,
  );
  return { html: texts.html('help', { commands: new Html(lines.join('\n')), zone: texts.zoneName }), keyboard: [] };
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
      [button('campaigns'), button('reports')],
      [button('schedules'), button('templates')],
      [button('lists'), button('funnel')],
      [button('team'), button('help')],
    ],
  };
}

/** What comes by itself to a person of this role, and the one thing of it that they may switch off. */
export function renderNotices(texts: Texts, { role, digest }: { role: Role; digest: boolean }): Screen {
  const kinds = ['paused', 'ended', 'template', 'account', 'money'] as const;
  const lines = kinds
    .filter((kind) => may(role, NOTICE_RIGHTS[kind]))
    .map((kind) => `• ${texts.html(`notices.${kind}`)}`);
  return {
    html: texts.html('notices.title', {
      kinds: new Html(lines.join('\n')),
      digest: new Html(texts.plain(`notices.digest.${digest ? 'on' : 'off'}`)),
    }),
    keyboard: [
      [
        {
          text: texts.plain(`notices.digest.turn${digest ? 'Off' : 'On'}`),
          data: buttonData('menu', digest ? 'digestOff' : 'digestOn'),
        },
      ],
    ],
  };
}

/** As in domain/alerts.ts. */
const NOTICE_RIGHTS = {
  paused: ALERT_RULES.campaignPaused.right,
  ended: ALERT_RULES.campaignEnded.right,
  template: ALERT_RULES.template.right,
  account: ALERT_RULES.account.right,
  money: ALERT_RULES.wallet.right,
} as const satisfies Record<string, Right>;

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
