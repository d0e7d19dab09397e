/** All indexes, made in the setup step (setup.ts): each collection's file says which it needs. */
import type { Db } from 'mongodb';
import { ALERT_INDEXES } from './alerts';
import { APPROVAL_INDEXES } from './approvals';
import { AUDIT_INDEXES } from './audit';
import { SESSION_INDEXES } from './bot-state';
import { CAMPAIGN_INDEXES } from './campaigns';
import { CLICK_INDEXES } from './clicks';
import { CONTACT_INDEXES } from './contact-book';
import { COUNTRY_OUTCOME_INDEXES } from './country-outcomes';
import { REPLY_INDEXES } from './contact-history';
import { SNAPSHOT_INDEXES } from './crm-accounts';
import { DELIVERY_INDEXES } from './deliveries';
import { LOOKUP_INDEXES } from './delivery-lookups';
import { INVITATION_INDEXES } from './invitations';
import { LIST_INDEXES } from './lists';
import { RECEIPT_INDEXES } from './receipts';
import { RESULT_INDEXES } from './results';
import type { Indexes } from './shared';
import { SUPPRESSION_INDEXES } from './suppressions';
import { TEMPLATE_DRAFT_INDEXES } from './template-drafts';
import { TEMPLATE_INDEXES } from './templates';
import { UPDATE_INDEXES } from './update-inbox';
import { WRITE_BACK_INDEXES } from './write-backs';

const INDEXES: Indexes = {
  ...ALERT_INDEXES,
  ...APPROVAL_INDEXES,
  ...AUDIT_INDEXES,
  ...CAMPAIGN_INDEXES,
  ...CLICK_INDEXES,
  ...CONTACT_INDEXES,
  ...COUNTRY_OUTCOME_INDEXES,
  ...DELIVERY_INDEXES,
  ...INVITATION_INDEXES,
  ...LIST_INDEXES,
  ...LOOKUP_INDEXES,
  ...RECEIPT_INDEXES,
  ...REPLY_INDEXES,
  ...RESULT_INDEXES,
  ...SESSION_INDEXES,
  ...SNAPSHOT_INDEXES,
  ...SUPPRESSION_INDEXES,
  ...TEMPLATE_DRAFT_INDEXES,
  ...TEMPLATE_INDEXES,
  ...UPDATE_INDEXES,
  ...WRITE_BACK_INDEXES,
};

/** Makes those that are missing; one that is there costs a look. Answers with how many there are. */
export async function makeIndexes(db: Db): Promise<number> {
  let count = 0;
  for (const [collection, indexes] of Object.entries(INDEXES)) {
    await db.collection(collection).createIndexes([...indexes]);
    count += indexes.length;
  }
  return count;
}
