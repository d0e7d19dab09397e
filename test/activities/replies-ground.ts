/** What receiver and worker do about replies, in one process: events applied, notices sent to Telegram, leads changed. */
import { runReplyEffects } from '../../activities/reply-effects';
import { runReplyNotices } from '../../activities/reply-notices';
import { createAmocrmClient, type AmocrmClient } from '../../clients/amocrm/client';
import { crmRefused } from '../../clients/amocrm/error';
import { createTelegramClient } from '../../clients/telegram';
import { createTellTeam } from '../../clients/tell-team';
import { createLogger } from '../../config/logger';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { startApplying } from '../receipts/ground';
import { TOKEN } from '../sandbox/telegram-support';
import type { TestStore } from '../store/support';

const log = createLogger('test', 'silent');

/** Notes that touch this lead are refused whole, without naming it. */
function forbid({ write }: AmocrmClient, leadId: number): void {
  const { addNotes } = write;
  write.addNotes = async (notes, options) => {
    await options?.mayLeave?.();
    if (notes.some((note) => note.leadId === leadId)) throw crmRefused(403, 'no right');
    return addNotes(notes, options);
  };
}

/** Answers with how to stop it. `forbidden`: a lead. `root`: the sandbox; `token`: of its amoCRM; `takenMs`: how long a notice that it takes is its own. */
export function handleReplies(
  own: TestStore,
  {
    root,
    token = SANDBOX_CREDENTIALS.AMOCRM_TOKEN,
    takenMs = 60_000,
    crmPerSecond = 500,
    forbidden,
  }: { root: string; token?: string; takenMs?: number; crmPerSecond?: number; forbidden?: number | undefined },
): () => Promise<void> {
  const { store } = own;
  const telegram = createTelegramClient({ token: TOKEN, apiRoot: root });
  const tell = createTellTeam({ telegram, team: store.users, language: 'ru', log });
  const crm = createAmocrmClient({ baseUrl: `${root}/amocrm`, token, requestsPerSecond: crmPerSecond });
  if (forbidden !== undefined) forbid(crm, forbidden);
  const stop = new AbortController();
  const applying = startApplying(own);
  const telling = runReplyNotices({ store, crm, tell, timezone: 'UTC', log, takenMs }, stop.signal);
  const writing = runReplyEffects({ store, crm, language: 'ru', log, everyMs: 100 }, stop.signal);
  return async () => {
    stop.abort();
    await Promise.all([telling, writing, applying.stop()]);
    await crm.close();
  };
}
