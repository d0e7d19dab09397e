/** People as the store knows them: found by number or name, one of them with everything known, tagged, and erased. */
import { LRUCache } from 'lru-cache';
import type { CountryCode } from 'libphonenumber-js';
import { profileOf } from '../../audience/contact-profile';
import type { Language } from '../../config/i18n';
import type { Actor } from '../../domain/story/actor';
import { consentPdf } from '../../report/consent-pdf';
import { consentRecord } from '../../report/consent-record';
import type { Store } from '../../store/connect';
import type { BotServices } from './contract';

const MOST_SEARCHES = 50;
/** As long as somebody turns pages (ms). */
const SEARCH_HOLDS_MS = 10_000;

interface PeopleOptions {
  country: CountryCode;
  timezone: string;
  /** What the team calls those who did something. */
  nameOf: (language: Language) => Promise<(by: Actor) => string>;
}

export function createPeople(
  store: Pick<Store, 'contacts' | 'suppressions' | 'history' | 'audit' | 'erasure'>,
  { country, timezone, nameOf }: PeopleOptions,
): BotServices['people'] {
  /** The answer to a question, and then its pages. */
  const found = new LRUCache<string, ReturnType<typeof store.contacts.search>>({
    max: MOST_SEARCHES,
    ttl: SEARCH_HOLDS_MS,
  });
  return {
    search: (text, limit) => {
      const key = `${limit} ${text}`;
      const known = found.get(key);
      if (known) return known;
      const search = store.contacts.search({ text }, limit);
      found.set(key, search);
      search.catch(() => found.delete(key));
      return search;
    },
    profile: (phone, limit) => profileOf(store, phone, limit),
    tags: async (phone) => {
      const [contact, all] = await Promise.all([store.contacts.find(phone), store.contacts.tags()]);
      const own = contact?.tags ?? [];
      const others = all.toSorted((a, b) => b.count - a.count).map(({ tag }) => tag);
      return { own, others: others.filter((tag) => !own.includes(tag)) };
    },
    consentFile: async (phone, { actor, name }, language) => {
      const now = new Date();
      const texts = { language, timezone, now, by: name, nameOf: await nameOf(language) };
      const content = await consentPdf(await consentRecord(store, phone, texts), now);
      // Before it is handed out: whose record it is, who took it, and when.
      await store.audit.record({ at: now, actor, action: 'consent_exported', what: 'pdf', name, phone });
      return { fileName: `consent-${phone.slice(-4)}.pdf`, content };
    },
    tag: async (phone, change) => {
      // Also when no file or lead has had them.
      if ('add' in change)
        await store.contacts.met([{ phone }], { source: 'telegram', at: new Date(), namesOnly: true });
      await store.contacts.tag([phone], change);
    },
    erase: (phone, by) => {
      found.clear();
      return store.erasure.erase(phone, { by, country });
    },
  };
}
