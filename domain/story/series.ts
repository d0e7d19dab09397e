/** A series: one campaign repeated by a Temporal Schedule. */
import type { Actor } from './actor';
import type { CampaignSpec } from '../campaign-spec';

/**
 * The input a Schedule starts its series with. It is stored in Temporal's history, so it names no person except an
 * admin's id.
 */
export interface SeriesInput {
  seriesId: string;
  name: string;
  /** The campaign that it repeats. */
  campaignId: string;
  /** If the last campaign of the series is still sending: leave this one out, or start it too. */
  overlap: 'skip' | 'allow';
  /** IANA zone of the dates in the campaigns' names. */
  timezone: string;
  /** Who made the series. */
  by: Actor;
  byName: string;
}

/** The spec of a firing: that of the repeated campaign, but without an end of later waves. */
export function repeated({ laterWaves, ...spec }: CampaignSpec): CampaignSpec {
  return { ...spec, ...(laterWaves && { laterWaves: { max: laterWaves.max } }) };
}

/** Identifies the series whose firings were left out, and its owner. */
type OfSeries = Pick<SeriesInput, 'seriesId' | 'name' | 'by'>;

/**
 * - `overlap` an earlier campaign of the series was still active
 * - `media_link` the media link does not last
 * - `outage` Temporal was down too long at `times` (ms), to be shown in `timezone`
 */
export type LeftOut = OfSeries &
  ({ why: 'overlap' | 'media_link' } | { why: 'outage'; times: number[]; timezone: string });
