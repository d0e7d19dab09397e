/** What is wrong with a name that an admin gives a campaign or a series. */
import type { Refusal } from '../config/errors';
import { holdsNumber, withoutNumbers } from '../domain/number-like';
import { charactersOf, MAX_NAME_CHARACTERS } from '../domain/campaign-name';

export function nameProblem(name: string): Refusal | undefined {
  const characters = charactersOf(name.trim());
  if (characters === 0) return { code: 'campaign_name_missing', values: {} };
  if (characters > MAX_NAME_CHARACTERS) {
    return { code: 'campaign_name_too_long', values: { characters, limit: MAX_NAME_CHARACTERS } };
  }
  // Names are shown in Temporal, in lists and in reports.
  return holdsNumber(name) ? { code: 'campaign_name_has_number', values: { name: withoutNumbers(name) } } : undefined;
}
