/** What the stop list knows about a number, and an admin's actions on it. */
import type { Actor } from '../../domain/story/actor';
import type { SuppressionScope } from '../../domain/opt-outs/suppression';
import type { Store } from '../../store/connect';
import type { AuditDocument } from '../../store/audit';
import type { Consent } from '../../store/documents';
import type { Suppression } from '../../store/suppressions';

export interface StoplistEntry {
  /** Empty = it may be written to. Newest first. */
  suppressions: Suppression[];
  consents: Consent[];
  /** Recent removals, newest first. */
  removals: AuditDocument[];
}

export interface Stoplist {
  find(phone: string): Promise<StoplistEntry>;
  add(phone: string, scope: SuppressionScope, by: Actor): Promise<void>;
  /** Puts many there. Answers with how many were not yet. */
  addAll(phones: readonly string[], scope: SuppressionScope, by: Actor): Promise<number>;
  /** How many of the numbers get no marketing now, for any reason. */
  countOf(phones: readonly string[]): Promise<number>;
  /** All entries of the number. */
  remove(phone: string, by: Actor): Promise<void>;
}

const SHOWN_REMOVALS = 3;

export function createStoplist(store: Pick<Store, 'audit' | 'contacts' | 'suppressions'>): Stoplist {
  return {
    find: async (phone) => {
      const [suppressions, contact, removals] = await Promise.all([
        store.suppressions.of(phone),
        store.contacts.find(phone),
        store.audit.of(phone, SHOWN_REMOVALS),
      ]);
      return { suppressions, consents: contact?.consents ?? [], removals };
    },
    add: async (phone, scope, by) => void (await store.suppressions.add([entryOf(phone, scope, by)])),
    addAll: async (phones, scope, by) =>
      (await store.suppressions.add(phones.map((phone) => entryOf(phone, scope, by)))).length,
    countOf: async (phones) => (await store.suppressions.among(phones, 'MARKETING')).size,
    remove: async (phone, by) => void (await store.suppressions.remove(phone, by)),
  };
}

function entryOf(phone: string, scope: SuppressionScope, by: Actor): Suppression {
  return { phone, scope, reason: 'manual', createdAt: new Date(), createdBy: by };
}
