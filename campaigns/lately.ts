/** Finds out whether the people of a campaign got its template, or another campaign, a short while ago. */
import { isMarketing } from '../domain/opt-outs/suppression';
import { latelyGuards, latelySince, type Lately } from '../domain/guards';
import type { Template } from '../domain/templates/template';
import type { Store } from '../store/connect';

/**
 * Of a larger audience the first so many are looked at: an admin waits for the answer, and whether it is a quarter or
 * three of them does not need the rest.
 */
export const MOST_LOOKED_AT = 2_000;

/** `phones` in E.164; the guards count the people among the first `MOST_LOOKED_AT`. */
export async function lookLately(
  phones: readonly string[],
  template: Pick<Template, 'id' | 'name' | 'language' | 'category'>,
  store: Pick<Store, 'sent' | 'campaigns'>,
  now = new Date(),
): Promise<Lately> {
  const looked = phones.slice(0, MOST_LOOKED_AT);
  const messages = await store.sent.since(looked, latelySince(now));
  if (messages.length === 0) return { guards: [], campaigns: [] };
  const found = await store.campaigns.among([...new Set(messages.map(({ campaignId }) => campaignId))]);
  const campaigns = new Map(
    found
      .filter(({ test, single }) => !test || single)
      .map(({ _id, name, template: one }) => [
        _id,
        {
          name,
          sameTemplate: one.id === template.id || (one.name === template.name && one.language === template.language),
        },
      ]),
  );
  return latelyGuards(messages, campaigns, { of: looked.length, marketing: isMarketing(template.category), now });
}
