/** Every question to a second person whether a campaign may go out: who asked, who answered what, and when. */
import type { Actor } from '../domain/story/actor';
import type { ApprovalDocument } from '../store/approvals';
import type { Store } from '../store/connect';

export interface ApprovalEntry {
  campaignId: string;
  /** The campaign's name; empty when there is no such campaign any more. */
  name: string;
  state: ApprovalDocument['state'];
  askedAt: Date;
  /** Telegram ids of those who made or started it; empty for the console's. */
  makers: number[];
  people: number;
  answeredBy?: Actor;
  answeredAt?: Date;
  reason?: string;
}

/** Of the campaigns asked about last, so many; each with all of its questions, the newest first. */
export async function approvalHistory(
  { approvals, campaigns }: Pick<Store, 'approvals' | 'campaigns'>,
  page: { skip?: number; limit: number },
): Promise<ApprovalEntry[]> {
  const found = await approvals.all(page);
  const named = new Map((await campaigns.among(found.map(({ _id }) => _id))).map(({ _id, name }) => [_id, name]));
  return found.flatMap((one) =>
    [one, ...(one.earlier ?? []).toReversed()].map(({ state, askedAt, decision }) => ({
      ...{ campaignId: one._id, name: named.get(one._id) ?? '', state, askedAt },
      ...{ makers: one.makers, people: one.facts.people },
      ...(decision && { answeredBy: decision.by, answeredAt: decision.at }),
      ...(decision?.reason !== undefined && { reason: decision.reason }),
    })),
  );
}
