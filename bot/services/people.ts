/** People as the store knows them: found by number or name, one of them with everything known, tagged, and erased. */
import type { CountryCode } from 'libphonenumber-js';
import { profileOf } from '../../audience/contact-profile';
import type { Store } from '../../store/connect';
import type { BotServices } from './contract';

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
    tags: async (phone) => {
      const [contact, all] = await Promise.all([store.contacts.find(phone), store.contacts.tags()]);
      const own = contact?.tags ?? [];
      const others = all.toSorted((a, b) => b.count - a.count).map(({ tag }) => tag);
      return { own, others: others.filter((tag) => !own.includes(tag)) };
    },
    tag: async (phone, change) => {
      // Also when no file or lead has had them.
      if ('add' in change)
        await store.contacts.met([{ phone }], { source: 'telegram', at: new Date(), namesOnly: true });
      await store.contacts.tag([phone], change);
    },
    erase: (phone, by) => store.erasure.erase(phone, { by, country }),
  };
}
