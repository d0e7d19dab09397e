/** One message to people of the team in Telegram, each in their language; whoever is not in the team now hears nothing. */
import type { Language } from '../config/i18n';
import type { Logger } from '../config/logger';
import type { TelegramClient } from './telegram';

interface TeamMessage {
  /** Telegram's HTML. */
  text: string;
  buttons?: { text: string; data: string }[][];
}

export interface TellTeamOptions {
  telegram: Pick<TelegramClient, 'send'>;
  /** Looked at anew for each message. */
  team: {
    isMember(id: number): Promise<boolean>;
    members(): Promise<{ _id: number }[]>;
    find(id: number): Promise<{ language?: Language } | undefined>;
  };
  /** For those who have not chosen one. */
  language: Language;
  log: Logger;
}

interface Told {
  chatId: number;
  messageId: number;
}

/**
 * Tells everybody of the team, or those of the given chats who are in it. Answers with the messages that were sent.
 * Throws when nobody could be told, for a reason that may pass; those who know already are not told again.
 * `subject` goes into the log lines.
 */
export type TellTeam = (
  to: 'all' | ReadonlySet<number>,
  subject: object,
  write: (language: Language) => TeamMessage | Promise<TeamMessage>,
  onSent?: (message: Told) => Promise<void>,
) => Promise<number>;

export function createTellTeam({ telegram, team, language, log }: TellTeamOptions): TellTeam {
  return async (to, subject, write, onSent) => {
    const chats = to === 'all' ? (await team.members()).map(({ _id }) => _id) : [...to];
    const failures: unknown[] = [];
    let told = 0;
    for (const chatId of chats) {
      try {
        const { text, buttons = [] } = await write((await team.find(chatId))?.language ?? language);
        // Right before it leaves: writing a report may have taken seconds.
        if (!(await team.isMember(chatId))) continue;
        const messageId = await telegram.send(chatId, text, buttons);
        if (messageId === undefined) {
          log.warn(subject, 'somebody of the team cannot be written to in Telegram');
          continue;
        }
        told++;
        await onSent?.({ chatId, messageId });
      } catch (err) {
        failures.push(err);
        log.error({ err, ...subject }, 'somebody of the team could not be told in Telegram');
      }
    }
    if (told === 0 && failures.length > 0) throw failures[0];
    return told;
  };
}
