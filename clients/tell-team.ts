/** Sends one message to team members in Telegram, each in their language; people without the right to it get nothing. */
import type { Language } from '../config/i18n';
import type { Logger } from '../config/logger';
import { may, type Right, type Role } from '../domain/roles';
import { keyboardFor } from './button-rights';
import type { TelegramClient } from './telegram';

export interface TeamMessage {
  /** Telegram's HTML. */
  text: string;
  buttons?: { text: string; data: string }[][];
}

export interface TellTeamOptions {
  telegram: Pick<TelegramClient, 'send'>;
  /** Read again for each message. */
  team: {
    roleOf(id: number): Promise<Role | undefined>;
    members(): Promise<{ _id: number }[]>;
    find(id: number): Promise<{ language?: Language } | undefined>;
    /** Telegram refuses messages to this person. */
    update?(id: number, values: { unreachableSince: Date }): Promise<void>;
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
 * Tells everybody on the team who has the right, or those of them among the given chats; each message has the buttons that
 * its reader may press. Returns the sent messages. Throws when no one could be told for a temporary reason; people already
 * told are skipped on a retry. `subject` is added to log lines. `onFailed` names each whom another try may reach.
 */
export type TellTeam = (
  right: Right,
  to: 'all' | ReadonlySet<number>,
  subject: object,
  write: (language: Language) => TeamMessage | Promise<TeamMessage>,
  onSent?: (message: Told) => Promise<void>,
  onFailed?: (chatId: number) => void,
) => Promise<number>;

export function createTellTeam({ telegram, team, language, log }: TellTeamOptions): TellTeam {
  return async (right, to, subject, write, onSent, onFailed) => {
    const chats = to === 'all' ? (await team.members()).map(({ _id }) => _id) : [...to];
    const failures: unknown[] = [];
    let told = 0;
    for (const chatId of chats) {
      try {
        const { text, buttons = [] } = await write((await team.find(chatId))?.language ?? language);
        // Checked right before sending: writing a report may have taken seconds.
        const role = await team.roleOf(chatId);
        if (!may(role, right)) continue;
        const messageId = await telegram.send(chatId, text, keyboardFor(role, buttons));
        if (messageId === undefined) {
          log.warn(subject, 'Telegram refuses messages to a team member: skipping them');
          await team.update?.(chatId, { unreachableSince: new Date() });
          continue;
        }
        told++;
        await onSent?.({ chatId, messageId });
      } catch (err) {
        failures.push(err);
        onFailed?.(chatId);
        log.error({ err, ...subject }, 'Cannot message a team member in Telegram');
      }
    }
    if (told === 0 && failures.length > 0) throw failures[0];
    return told;
  };
}
