/** Sends one message to team members in Telegram, each in their language; people no longer on the team get nothing. */
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
  /** Read again for each message. */
  team: {
    isMember(id: number): Promise<boolean>;
    members(): Promise<{ _id: number }[]>;
    find(id: number): Promise<{ language?: Language } | undefined>;
  };
  /** For people who have not chosen one. */
  language: Language;
  log: Logger;
}

interface Told {
  chatId: number;
  messageId: number;
}

/**
 * Tells the whole team, or the team members among the given chats. Returns the sent messages. Throws when no one could
 * be told for a temporary reason; people already told are skipped on a retry. `subject` is added to log lines.
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
        // Checked right before sending: writing a report may have taken seconds.
        if (!(await team.isMember(chatId))) continue;
        const messageId = await telegram.send(chatId, text, buttons);
        if (messageId === undefined) {
          log.warn(subject, 'Telegram refuses messages to a team member: skipping them');
          continue;
        }
        told++;
        await onSent?.({ chatId, messageId });
      } catch (err) {
        failures.push(err);
        log.error({ err, ...subject }, 'Cannot message a team member in Telegram');
      }
    }
    if (told === 0 && failures.length > 0) throw failures[0];
    return told;
  };
}
