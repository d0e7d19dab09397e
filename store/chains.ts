/** The follow-ups of campaigns: `chain` in `campaigns`, which the chain's workflow records and admins edit. */
import type { Db } from 'mongodb';
import type { Chain, ChainStep } from '../domain/follow-ups';
import { OPEN_CHAINS } from '../domain/story/follow-ups';
import type { CampaignDocument } from './documents';

export interface ChainStore {
  /** Where the chain stands. Does nothing once something has been recorded with a higher `order`. */
  record(campaignId: string, stands: Pick<Chain, 'state' | 'step' | 'reason' | 'dueAt'>, order: number): Promise<void>;
  /** This campaign carries out the step. */
  setCampaign(campaignId: string, step: number, stepCampaignId: string): Promise<void>;
  setTries(campaignId: string, step: number, tries: number): Promise<void>;
  /** Keeps what a step is to be until its workflow takes it. */
  keepEdit(campaignId: string, edit: string, change: Partial<ChainStep>): Promise<void>;
  /** The step is as the kept edit says; one that was taken before changes nothing. */
  takeEdit(campaignId: string, step: number, edit: string): Promise<void>;
  /** The edit was refused. */
  dropEdit(campaignId: string, edit: string): Promise<void>;
  /** The campaigns of a campaign's steps, in order of their making. */
  ofCampaign(campaignId: string): Promise<CampaignDocument[]>;
  /** Campaigns that were started and whose chain has not ended. */
  open(): Promise<CampaignDocument[]>;
}

export function createChainStore(db: Db): ChainStore {
  const campaigns = db.collection<CampaignDocument>('campaigns');
  const set = async (_id: string, fields: Record<string, unknown>): Promise<void> =>
    void (await campaigns.updateOne({ _id, chain: { $exists: true } }, { $set: fields }));

  return {
    record: async (_id, { state, step, reason, dueAt }, order) =>
      void (await campaigns.updateOne(
        { _id, chain: { $exists: true }, 'chain.order': { $not: { $gt: order } } },
        {
          $set: {
            ...{ 'chain.state': state, 'chain.step': step, 'chain.order': order },
            ...(reason && { 'chain.reason': reason }),
            ...(dueAt && { 'chain.dueAt': dueAt }),
          },
          ...((!reason || !dueAt) && {
            $unset: { ...(!reason && { 'chain.reason': 1 }), ...(!dueAt && { 'chain.dueAt': 1 }) },
          }),
        },
      )),
    setCampaign: (id, step, campaignId) => set(id, { [`chain.steps.${step}.campaignId`]: campaignId }),
    setTries: (id, step, tries) => set(id, { [`chain.steps.${step}.tries`]: tries }),
    keepEdit: (id, edit, change) => set(id, { [`chain.edits.${edit}`]: change }),
    takeEdit: async (id, step, edit) => {
      const change = (await campaigns.findOne({ _id: id }))?.chain?.edits?.[edit];
      if (!change) return;
      const at = `chain.steps.${step}`;
      const fields = Object.entries(change).map(([field, value]) => [`${at}.${field}`, value]);
      await campaigns.updateOne(
        { _id: id, [`chain.edits.${edit}`]: { $exists: true } },
        {
          $set: Object.fromEntries(fields) as object,
          // Another template may need no file.
          $unset: { [`chain.edits.${edit}`]: 1, ...(change.content && !change.mediaUrl && { [`${at}.mediaUrl`]: 1 }) },
        },
      );
    },
    dropEdit: async (id, edit) =>
      void (await campaigns.updateOne({ _id: id }, { $unset: { [`chain.edits.${edit}`]: 1 } })),
    ofCampaign: (campaignId) =>
      campaigns.find({ 'followUpOf.campaignId': campaignId }).sort({ createdAt: 1 }).toArray(),
    open: () => campaigns.find({ 'chain.state': { $in: [...OPEN_CHAINS] }, state: { $ne: 'draft' } }).toArray(),
  };
}
