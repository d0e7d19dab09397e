/** All that is known of a number, for whoever asks about one person. */
import type { Store } from '../store/connect';
import type { HistoryEntry } from '../store/contact-history';
import type { AuditDocument } from '../store/audit';
import type { ContactDocument, ReplyDocument } from '../store/documents';
import type { Suppression } from '../store/suppressions';

export interface ContactProfile {
  /** E.164 */
  phone: string;
  /** Absent for a number that no file and no campaign has had. */
  contact?: ContactDocument;
  suppressions: Suppression[];
  /** Newest first, as many as were asked for; and how many there are. */
  deliveries: HistoryEntry[];
  deliveryCount: number;
  replies: ReplyDocument[];
  replyCount: number;
  /** What was taken away by hand. */
  removals: AuditDocument[];
}

/** `limit`: of each kind of entry. */
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
