/**
 * Erases a person: everything that identifies them is removed from every collection; counts stay. A delivery keeps its
 * state, code and times, a list its number of rows.
 *
 * A suppression leaves a keyed hash of the number: otherwise the next file with the number would message a person who
 * asked for silence. The hash cannot be read, only compared with a given number.
 */
import type { CountryCode } from 'libphonenumber-js';
import type { Db } from 'mongodb';
import type { Actor } from '../domain/story/actor';
import { originIn } from '../domain/audience';
import { hasEnded } from '../domain/story/campaign';
import { personKey } from '../domain/phones/person';
import { normalisePhones } from '../domain/phones/phone';
import { anySpelling } from './shared';
import type { AuditDocument, AuditStore } from './audit';
import type { CampaignDocument, ContactDocument, DeliveryDocument } from './documents';
import { byIds, deliveryLookups } from './delivery-lookups';
import { eraseAlone, type ErasedDelivery } from './erase-alone';
import { eraseEvents } from './erase-events';
import { spellings } from './erase-mentions';
import { ERASED, eraseReplies, eraseRows, eraseSessions, eraseTyped } from './erase-traces';
import { eraseWords } from './erase-words';
import type { SuppressionStore } from './suppressions';
import type { UserDocument } from './users';

interface ErasureReport {
  contacts: number;
  deliveries: number;
  replies: number;
  receipts: number;
  /** Rows of saved lists, and numbers typed into campaigns. */
  rows: number;
  sessions: number;
  /** Texts about campaigns, lists and other people that named the person. */
  words: number;
  /** Kept as a hash, or removed on request. */
  suppressions: number;
}

export interface Erasure {
  /**
   * Erases a person by their number (E.164), whatever spelling of it is kept. While a campaign may still write to it
   * nothing is done: the answer names those campaigns. `forgetSuppressions`: the person wishes to be written to again.
   * `country`: of the numbers in lists as given.
   */
  erase(
    phone: string,
    options: { by: Actor; country: CountryCode; forgetSuppressions?: boolean },
  ): Promise<{ erased: ErasureReport } | { busy: { id: string; name: string }[] }>;
}

type Theirs = ErasedDelivery & Pick<DeliveryDocument, 'original' | 'name'>;

/** Their message has arrived, or there will be none: the campaign has nothing more to do with them. */
const SETTLED: DeliveryDocument['state'][] = ['delivered', 'read', 'skipped'];
export function createErasure(
  db: Db,
  { audit, suppressions }: { audit: AuditStore; suppressions: SuppressionStore },
): Erasure {
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  const campaigns = db.collection<CampaignDocument>('campaigns');
  const lookups = deliveryLookups(db);

  async function busyCampaigns(phone: string): Promise<{ id: string; name: string }[]> {
    const unsettled = { _id: { $in: await lookups.toPerson(phone) }, state: { $nin: SETTLED } };
    const ids = await deliveries.distinct('campaignId', unsettled);
    const found = await campaigns.find({ _id: { $in: ids } }, { projection: { 'spec.name': 1, state: 1 } }).toArray();
    return found.filter(({ state }) => !hasEnded(state)).map(({ _id, spec }) => ({ id: _id, name: spec.name }));
  }

  /** Deliveries to the number, and those skipped under another spelling (duplicates). */
  async function theirDeliveries(phone: string, isThis: (text: string) => boolean): Promise<Theirs[]> {
    const projection = { original: 1, campaignId: 1, origin: 1, name: 1 } as const;
    const spelled = await deliveries
      .find({ phone: { $exists: false }, original: { $regex: spellings(phone) } }, { projection })
      .toArray();
    const found = await byIds(deliveries, await lookups.toPerson(phone), {}, projection);
    return [...found, ...spelled.filter(({ original }) => isThis(original!))];
  }

  async function eraseDeliveries(phone: string, all: readonly Theirs[]): Promise<number> {
    if (all.length === 0) return 0;
    const combined = new Set(
      await campaigns.distinct('_id', {
        _id: { $in: all.map(({ campaignId }) => campaignId) },
        'spec.audience.kind': 'combined',
      }),
    );
    const { modifiedCount } = await deliveries.bulkWrite(
      all.map(({ _id, campaignId, origin }) => ({
        updateOne: {
          filter: { _id },
          update: {
            // WhatsApp's id of a message has the number in it; Gupshup's does not, and receipts may still come by it.
            $unset: { phone: 1, original: 1, name: 1, detail: 1, whatsappId: 1, otherParams: 1 },
            // Which source of a combined audience it was is asked for by reports (domain/audience.ts, sourceOf).
            $set: { params: [], origin: combined.has(campaignId) ? originIn(parseInt(origin, 10), ERASED) : ERASED },
          },
        },
      })),
      { ordered: false },
    );
    await lookups.forgetPerson(phone);
    return modifiedCount;
  }

  async function namesOf(phone: string, theirs: readonly Theirs[]): Promise<string[]> {
    const contact = await db
      .collection<ContactDocument>('contacts')
      .find({ _id: anySpelling(phone) })
      .toArray();
    return [...contact.flatMap(({ names = [] }) => names), ...theirs.flatMap(({ name }) => name ?? [])];
  }

  return {
    erase: async (phone, { by, country, forgetSuppressions = false }) => {
      const busy = await busyCampaigns(phone);
      if (busy.length > 0) return { busy };
      const person = personKey(phone);
      const isThis = (text: string): boolean =>
        normalisePhones(text, country).valid.some(({ e164 }) => personKey(e164) === person);
      const users = db.collection<UserDocument>('users');
      await users.updateMany({ testPhone: anySpelling(phone) }, { $unset: { testPhone: 1 } });
      await users.updateMany({ testPhones: anySpelling(phone) }, { $pull: { testPhones: anySpelling(phone) } });
      await db
        .collection<AuditDocument>('audit')
        .updateMany({ phone: anySpelling(phone) }, { $unset: { phone: 1, before: 1 } });
      const rows = await eraseRows(db, phone, isThis);
      const theirs = await theirDeliveries(phone, isThis);
      const names = await namesOf(phone, theirs);
      const erased: ErasureReport = {
        // First what could bring them back, last what finds them: an erasure that died half-way is simply done again.
        suppressions: forgetSuppressions
          ? (await suppressions.forget(phone)).length
          : (await suppressions.hash(phone)).length,
        rows: rows + (await eraseTyped(campaigns, phone, isThis)),
        receipts: await eraseEvents(db, phone, { isThis, by }),
        replies: await eraseReplies(db, phone, isThis),
        sessions: await eraseSessions(db, phone),
        words:
          (await eraseAlone(db, theirs)) +
          (await eraseWords(db, phone, { isThis, names, except: theirs.map(({ _id }) => _id) })),
        deliveries: await eraseDeliveries(phone, theirs),
        contacts: (await db.collection<ContactDocument>('contacts').deleteMany({ _id: anySpelling(phone) }))
          .deletedCount,
      };
      await audit.record({ at: new Date(), actor: by, action: 'contact_erased', before: { ...erased } });
      return { erased };
    },
  };
}
