/** Variants: two to four templates of one campaign, each for a part of the people. The campaign's own is the first, A. */
import type { CampaignSpec } from './campaign-spec';
import { placeOf } from './stable-share';
import { testOf } from './winner';

/** With the campaign's own template. */
export const MOST_VARIANTS = 4;

/** What the spec says of a further variant's part, in percent. */
export interface Shared {
  share?: number;
}

/** `A` for the campaign's own template, `B` for the first further one. */
export function letterOf(variant: number): string {
  return 'ABCD'[variant] ?? String(variant + 1);
}

/**
 * The percent of each variant, the first one's first; together 100. Undefined when only some have a share, or nothing is
 * left for the first.
 */
export function sharesOf(further: readonly Shared[]): number[] | undefined {
  const given = further.flatMap(({ share }) => share ?? []);
  const count = further.length + 1;
  if (given.length === 0) return Array.from({ length: count }, () => 100 / count);
  const rest = 100 - given.reduce((sum, share) => sum + share, 0);
  return given.length === further.length && rest > 0 ? [rest, ...given] : undefined;
}

/** What a spec says of its variants. */
type WithVariants = Pick<CampaignSpec, 'winner' | 'splitKey' | 'name'> & { variants?: readonly Shared[] };

/**
 * Says which variant the person of an E.164 number gets: always the same with the same key and shares, whoever else is
 * in the audience, and whatever the control group. Undefined when there is only one. A spec without a key divides by its name.
 * Where a test is to find the winner, the others get what is known to have won; undefined while nothing is.
 */
export function variantOf(spec: WithVariants): ((phone: string) => number | undefined) | undefined {
  const { variants, splitKey, name, winner } = spec;
  if (!variants) return undefined;
  const isInTest = testOf(spec);
  const shares = sharesOf(variants) ?? [100];
  const ends = shares.map((_, index) => shares.slice(0, index + 1).reduce((sum, share) => sum + share, 0));
  return (phone) => {
    if (!isInTest(phone)) return winner?.known;
    const place = placeOf('variant', splitKey ?? name, phone) * 100;
    const found = ends.findIndex((end) => place < end);
    // Thirds do not add up to 100 exactly.
    return found < 0 ? shares.length - 1 : found;
  };
}
