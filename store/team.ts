/** Who is in the team when a role starts: the data and the setting ADMIN_IDS made to agree. */
import type { Logger } from '../config/logger';
import type { UserStore } from './users';

/** Call once at a role's start. Says in the log whom ADMIN_IDS names in vain. */
export async function syncTeam(users: UserStore, adminIds: readonly number[], log: Logger): Promise<void> {
  const { keptOut } = await users.syncSettings(adminIds, new Date());
  if (keptOut.length > 0) {
    log.warn(
      { ids: keptOut },
      'ADMIN_IDS names people who were put out of the team; they stay out until `users add` lets them in',
    );
  }
}
