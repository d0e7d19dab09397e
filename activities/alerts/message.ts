/** An alert in words: what `tell.ts` sends. */
import type { TeamMessage } from '../../clients/tell-team';
import type { Language } from '../../config/i18n';

export interface AlertMessage {
  write(to: Language): TeamMessage | Promise<TeamMessage>;
  onSent?(sent: { chatId: number; messageId: number }): Promise<void>;
  /** Those of them who want it. */
  among?(chats: ReadonlySet<number>): Promise<ReadonlySet<number>>;
}
