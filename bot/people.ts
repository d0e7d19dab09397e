/** People as the store knows them: found by number or name, one of them with everything known, and erased. */
import type { CountryCode } from 'libphonenumber-js';
import { profileOf } from '../audience/contact-profile';
import type { Store } from '../store/connect';
import type { BotServices } from './services';

export function createPeople(
  store: Pick<Store, 'contacts' | 'suppressions' | 'history' | 'audit' | 'erasure'>,
  country: CountryCode,
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
    erase: (phone, by) => store.erasure.erase(phone, { by, country }),
  };
}
