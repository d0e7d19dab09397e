/** What is wrong with a test of variants as a draft asks for it, and with the choice of a winner. */
import { refused, type Refusal, type Refused } from '../config/errors';
import { linkPositions } from '../domain/links';
import { letterOf } from '../domain/variants';
import type { CampaignDocument } from '../store/documents';
import type { CampaignDraft, Preflight } from './contract';

/** Below so many for each variant, even a difference of 10 percentage points can go unnoticed. */
const LEAST_EACH = 200;

/** Every problem blocks. */
export function winnerProblems(draft: Pick<CampaignDraft, 'winner' | 'variants' | 'parameters'>): Refusal[] {
  if (!draft.winner) return [];
  if (!draft.variants) return [refused('winner_needs_variants', {}).refusal];
  return draft.winner.by === 'clicks' && !linkPositions(draft) ? [refused('winner_needs_links', {}).refusal] : [];
}

/** A test of so few says little. */
export function winnerWarnings({ variants, rest }: Pick<Preflight, 'variants' | 'rest'>): Refusal[] {
  const people = Math.min(...(variants ?? []).map((one) => one.people));
  return rest !== undefined && people < LEAST_EACH ? [refused('winner_small', { people }).refusal] : [];
}

export function winnerRefusal({ spec }: CampaignDocument, variant: number): Refused | undefined {
  const count = 1 + (spec.variants?.length ?? 0);
  if (!spec.winner || spec.winner.known !== undefined) return refused('winner_none', {});
  if (Number.isInteger(variant) && variant >= 0 && variant < count) return undefined;
  const letters = Array.from({ length: count }, (_, index) => letterOf(index)).join(', ');
  return refused('winner_unknown', { value: Number.isInteger(variant) ? letterOf(variant) : '?', letters });
}
