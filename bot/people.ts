/** People as the store knows them: found by number or name, and one of them with everything known. */
import { profileOf } from '../audience/contact-profile';
import type { Store } from '../store/connect';
import type { BotServices } from './services';

export function createPeople(
  store: Pick<Store, 'contacts' | 'suppressions' | 'history' | 'audit'>,
): BotServices['people'] {
  return {
    search: async (text, limit) => {
      const [found, count] = await Promise.all([
        store.contacts.search({ text }, limit),
        store.contacts.count({ text }),
      ]);
      return { found, count };
    },
    profile: (phone, limit) => profileOf(store, phone, limit),
  };
}
