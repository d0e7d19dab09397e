/** Everything known about a number, for a question about one person. */
import type { Store } from '../store/connect';
import type { HistoryEntry } from '../store/contact-history';
import type { AuditDocument } from '../store/audit';
import type { ContactDocument, ReplyDocument } from '../store/documents';
import type { Suppression } from '../store/suppressions';

export interface ContactProfile {
  /** E.164 */
  phone: string;
  /** Absent if no file and no campaign has contained the number. */
  contact?: ContactDocument;
  suppressions: Suppression[];
  /** Newest first, up to the limit; and the total count. */
  deliveries: HistoryEntry[];
  deliveryCount: number;
  replies: ReplyDocument[];
  replyCount: number;
  /** Entries removed by hand. */
  removals: AuditDocument[];
}

/** `limit` applies to each kind of entry. */
export async function profileOf(
  store: Pick<Store, 'contacts' | 'suppressions' | 'history' | 'audit'>,
  phone: string,
  limit: number,
): Promise<ContactProfile> {
  const [contact, suppressions, history, removals] = await Promise.all([
    store.contacts.find(phone),
    store.suppressions.of(phone),
    store.history.of(phone, limit),
    store.audit.of(phone, limit),
  ]);
  return { phone, ...(contact && { contact }), suppressions, ...history, removals };
}
