/**
 * What was written about the person alone: the words of campaigns that had nobody else, and how their lead was written
 * back.
 */
import type { Db } from 'mongodb';
import { nanoid } from 'nanoid';
import { crmLead, sourceOf } from '../domain/audience';
import type { CampaignDocument, DeliveryDocument } from './documents';
import { ofCampaign } from './delivery-lookups';
import { ERASED, wordless } from './erase-traces';
import type { ResultLead } from './results';
import { NO_LEAD, type MarkDocument } from './write-backs';

/** A delivery of the person, as it was before it was erased. */
export type ErasedDelivery = Pick<DeliveryDocument, '_id' | 'campaignId' | 'origin'>;

const ERASED_ORIGIN = new RegExp(`(?:^|:)${ERASED}$`);

/** Call before their deliveries are erased. Answers with how many campaigns lost their words. */
export async function eraseAlone(db: Db, theirs: readonly ErasedDelivery[]): Promise<number> {
  const campaigns = db.collection<CampaignDocument>('campaigns');
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  let count = 0;
  for (const _id of new Set(theirs.map(({ campaignId }) => campaignId))) {
    const campaign = await campaigns.findOne({ _id }, { projection: { spec: 1, test: 1 } });
    if (!campaign) continue;
    await eraseMarks(db, campaign, theirs);
    await eraseLeads(db, _id, theirs);
    const ids = theirs.filter(({ campaignId }) => campaignId === _id).map((one) => one._id);
    const others = { ...ofCampaign(_id), _id: { $nin: ids }, origin: { $not: ERASED_ORIGIN } };
    if (await deliveries.findOne(others, { projection: { _id: 1 } })) continue;
    count++;
    const named = campaign.test ? {} : { 'spec.name': ERASED };
    await campaigns.updateOne(
      { _id },
      {
        $set: { ...named, 'spec.audienceLabel': ERASED, 'spec.parameters': wordless(campaign.spec.parameters) },
        $unset: { 'spec.note': 1 },
      },
    );
  }
  return count;
}

/** The write-back still counts, but without the lead's number, which would identify the person in the CRM. */
async function eraseMarks(
  db: Db,
  { _id, spec }: Pick<CampaignDocument, '_id' | 'spec'>,
  theirs: readonly ErasedDelivery[],
): Promise<void> {
  const marks = db.collection<MarkDocument>('writeBackMarks');
  const leads = theirs
    .filter(({ campaignId }) => campaignId === _id)
    .flatMap(({ origin }) => crmLead(sourceOf(spec.audience, origin)) ?? []);
  if (leads.length === 0) return;
  for (const mark of await marks.find({ campaignId: _id, leadId: { $in: leads } }).toArray()) {
    const { campaignId, kind, state } = mark;
    await marks.insertOne({ _id: `${_id}:${kind}:${ERASED}:${nanoid()}`, campaignId, kind, state, leadId: NO_LEAD });
    await marks.deleteOne({ _id: mark._id });
  }
}

/** Readings so far count them; later ones do without. */
async function eraseLeads(db: Db, campaignId: string, theirs: readonly ErasedDelivery[]): Promise<void> {
  const own = `${campaignId}:`;
  const numbers = theirs.filter(({ _id }) => _id.startsWith(own)).map(({ _id }) => Number(_id.slice(own.length)));
  await db.collection<ResultLead>('resultLeads').deleteMany({ campaignId, n: { $in: numbers } });
}
