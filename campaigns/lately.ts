/** Finds out whether the people of a campaign got its template, or another campaign, a short while ago. */
import { isMarketing } from '../domain/opt-outs/suppression';
import { latelyGuards, latelySince, type EarlierMessage, type Lately } from '../domain/guards';
import { personKey } from '../domain/phones/person';
import type { Template } from '../domain/templates/template';
import type { NamedCampaign } from '../store/campaigns';
import type { Store } from '../store/connect';

/** So few people are looked up one by one; for more, the campaigns of these days are read through: one pass each. */
const FEW = 2_000;
/** Of more people the first so many count. */
export const MOST_LOOKED_AT = 300_000;
/** Messages of earlier campaigns that are read while an admin waits, some seconds' worth on the local database. */
const MOST_READ = 300_000;

type LookedAt = Pick<Store, 'sent' | 'campaigns'>;

/**
 * `phones` in E.164; the guards count the people among the first `MOST_LOOKED_AT`. What was not looked at is said:
 * `unread` names the campaigns, the oldest ones, that have too many messages to be read now.
 */
export async function lookLately(
  phones: readonly string[],
  template: Pick<Template, 'id' | 'name' | 'language' | 'category'>,
  store: LookedAt,
  { now = new Date(), mostRead = MOST_READ, few = FEW }: { now?: Date; mostRead?: number; few?: number } = {},
): Promise<Lately & { unread: string[] }> {
  const looked = phones.slice(0, MOST_LOOKED_AT);
  const since = latelySince(now);
  const { messages, found, unread } =
    looked.length <= few ? await byPerson(looked, since, store) : await byCampaign(looked, since, store, mostRead);
  const campaigns = new Map(
    found.filter(counts).map(({ _id, name, template: one }) => [
      _id,
      {
        name,
        sameTemplate: one.id === template.id || (one.name === template.name && one.language === template.language),
      },
    ]),
  );
  const lately = latelyGuards(messages, campaigns, {
    ...{ of: looked.length, marketing: isMarketing(template.category), now },
  });
  return { ...lately, unread: unread.map(({ name }) => name) };
}

/** Tests reach nobody else. */
const counts = ({ test, single }: NamedCampaign): boolean => !test || single === true;

interface Found {
  messages: EarlierMessage[];
  found: NamedCampaign[];
  /** Campaigns that were not read. */
  unread: NamedCampaign[];
}

async function byPerson(phones: readonly string[], since: Date, store: LookedAt): Promise<Found> {
  const messages = await store.sent.since(phones, since);
  const ids = [...new Set(messages.map(({ campaignId }) => campaignId))];
  return { messages, found: ids.length === 0 ? [] : await store.campaigns.among(ids), unread: [] };
}

/** The newest campaigns first. */
async function byCampaign(phones: readonly string[], since: Date, store: LookedAt, most: number): Promise<Found> {
  const people = new Set(phones.map(personKey));
  const messages: EarlierMessage[] = [];
  const [found, unread]: [NamedCampaign[], NamedCampaign[]] = [[], []];
  let read = 0;
  for (const { total, ...campaign } of await store.campaigns.sendingSince(since)) {
    if (!counts(campaign)) continue;
    if (read > 0 && read + total > most) {
      unread.push(campaign);
      continue;
    }
    read += total;
    found.push(campaign);
    for await (const message of store.sent.ofCampaign(campaign._id, since)) {
      if (people.has(message.person)) messages.push(message);
    }
  }
  return { messages, found, unread };
}
