/**
 * Finds related campaigns that bring one message to the same people: a campaign, those it was made from, and those made
 * from any of them. A person in several of them must get it once.
 */
import { openAudience, openExcluded, type AudienceServices } from '../audience/sources';
import { outcomeSource, sourcesIn, type AudienceSource, type OutcomeSource } from '../domain/audience';
import type { DeliveryState } from '../domain/story/delivery';
import { personKey } from '../domain/phones/person';
import { isSameTemplate } from '../domain/templates/present-template';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';

/**
 * Started campaigns with the same template that were made from it or from what it was made from, newest first. Not
 * itself, nor what it was made from: an admin has already decided that those people get it again.
 */
export async function relativesOf(
  campaign: CampaignDocument,
  campaigns: Pick<Store['campaigns'], 'find' | 'followUps'>,
): Promise<CampaignDocument[]> {
  const line = new Map([[campaign._id, campaign]]);
  // Iterating a Map includes entries added meanwhile.
  for (const one of line.values()) {
    for (const { campaignId } of outcomesOf(one.spec.audience)) {
      const earlier = line.has(campaignId) ? undefined : await campaigns.find(campaignId);
      if (earlier && isSameTemplate(earlier.template, campaign.template)) line.set(campaignId, earlier);
    }
  }
  const family = new Map(line);
  for (const id of family.keys()) {
    for (const later of await campaigns.followUps(id)) {
      if (isSameTemplate(later.template, campaign.template) && !family.has(later._id)) family.set(later._id, later);
    }
  }
  return [...family.values()]
    .filter(({ _id }) => !line.has(_id))
    .sort((one, other) => other.createdAt.getTime() - one.createdAt.getTime());
}

/** The people of the audience without the excluded ones: a key for each person (domain/phones/person.ts). */
export async function numbersOf(audience: AudienceSource, services: AudienceServices): Promise<Set<string>> {
  const people = new Set<string>();
  for await (const { phones } of openAudience(audience, services))
    phones.forEach((phone) => people.add(personKey(phone)));
  for await (const { phones } of openExcluded(audience, services))
    phones.forEach((phone) => people.delete(personKey(phone)));
  return people;
}

/** People who have a campaign's message, may have it, or are about to get it. */
export function reachedBy({ _id }: CampaignDocument): OutcomeSource {
  return outcomeSource(_id, 'reached');
}

/** People of an earlier campaign to whom a still active campaign sends, has sent or will send. */
export async function numbersUnderWay(campaign: CampaignDocument, services: AudienceServices): Promise<Set<string>> {
  const { _id: campaignId, state, startedAt } = campaign;
  const { audience } = campaign.spec;
  // A failed delivery may be put back into the queue while the campaign is active.
  if (startedAt && state !== 'preparing') {
    return numbersOf({ kind: 'outcome', campaignId, states: UNDER_WAY }, services);
  }
  // Its audience has not been frozen yet.
  const include = outcomesOf(audience);
  if (include.length === 0) return new Set();
  return numbersOf({ kind: 'combined', include, exclude: sourcesIn(audience).exclude }, services);
}

const UNDER_WAY: DeliveryState[] = [...outcomeSource('', 'reached').states, 'failed'];

function outcomesOf(audience: AudienceSource): OutcomeSource[] {
  return sourcesIn(audience).include.filter((source) => source.kind === 'outcome');
}
