/** What Temporal shows of a campaign that an admin starts, or starts anew. */
import { temporalLines } from '../config/spec-text';
import type { CampaignDocument } from '../store/documents';
import type { CampaignFacts } from '../workflows/start-options';
import { actorName } from './temporal-refusals';

/** `timezone`: IANA zone of the times in it. */
export function factsOf({ spec, template, createdBy }: CampaignDocument, timezone: string): CampaignFacts {
  const { name, audienceLabel } = spec;
  return { name, template, audienceLabel, asked: temporalLines(spec, timezone), createdBy: actorName(createdBy) };
}
