/** A series: one campaign repeated by a schedule of Temporal's. */
import type { Actor } from './actor';
import type { CampaignSpec } from '../campaign-spec';

/** What a schedule starts its series with. It stands in Temporal's history: no person in it but an admin's id. */
export interface SeriesInput {
  seriesId: string;
  name: string;
  /** The campaign that it repeats. */
  campaignId: string;
  /** While the last campaign of the series still sends: leave this one out, or start it too. */
  overlap: 'skip' | 'allow';
  /** IANA zone of the dates in the campaigns' names. */
  timezone: string;
  /** Who made the series. */
  by: Actor;
  byName: string;
}

/** What a firing asks for: the same as the campaign that it repeats, but that later waves have no end of theirs. */
export function repeated({ laterWaves, ...spec }: CampaignSpec): CampaignSpec {
  return { ...spec, ...(laterWaves && { laterWaves: { max: laterWaves.max } }) };
}

/** Firings of a series that made no campaign: of which series, and whom it concerns. */
type OfSeries = Pick<SeriesInput, 'seriesId' | 'name' | 'by'>;

/**
 * - `overlap`     an earlier campaign of the series still went on
 * - `media_link`  the media link does not last
 * - `outage`      Temporal was away for too long at `times` (ms), to be shown by the clock of `timezone`
 */
export type LeftOut = OfSeries &
  ({ why: 'overlap' | 'media_link' } | { why: 'outage'; times: number[]; timezone: string });
