/** What receiver and worker do about replies, in one process: events applied, notices sent to Telegram. */
import { runReplyNotices } from '../../activities/reply-notices';
import { createTelegramClient } from '../../clients/telegram';
import { createTellTeam } from '../../clients/tell-team';
import { createLogger } from '../../config/logger';
import { startApplying } from '../receipts/ground';
import { TOKEN } from '../sandbox/telegram-support';
import type { TestStore } from '../store/support';

const log = createLogger('test', 'silent');
/** Whatever a dead process had taken waits so long for it; in life three minutes. */
const TAKEN_MS = 1_000;

/** Resolves with how to stop it. */
export function handleReplies(own: TestStore, { telegramRoot }: { telegramRoot: string }): () => Promise<void> {
  const { store } = own;
  const telegram = createTelegramClient({ token: TOKEN, apiRoot: telegramRoot });
  const tell = createTellTeam({ telegram, team: store.users, language: 'ru', log });
  const stop = new AbortController();
  const applying = startApplying(own);
  const telling = runReplyNotices(
    { store, crm: { leadsById: async () => new Map() }, tell, timezone: 'UTC', log, takenMs: TAKEN_MS },
    stop.signal,
  );
  return async () => {
    stop.abort();
    await Promise.all([telling, applying.stop()]);
  };
}
