/** What to do with a scheduled campaign that could not start on time because the worker or Temporal was down. */
import type { CampaignSpec } from '../campaign-spec';

import { trouble, type Trouble } from './trouble';

export const LATE_POLICIES = ['send', 'skip', 'ask'] as const;

/**
 * - `send` it starts anyway
 * - `skip` it ends as cancelled
 * - `ask` it pauses until an admin resumes or cancels it
 */
export type LatePolicy = (typeof LATE_POLICIES)[number];

export type LateStart = NonNullable<CampaignSpec['lateStart']>;

export const DEFAULT_LATE_START: LateStart = { policy: 'ask', afterMs: 3_600_000 };

/** Reason code of a campaign that is paused or ended because it was late. */
export const LATE = 'late';

/** How late the start is; undefined when the policy counts it as on time. All times in Unix ms. */
export function lateness(startAt: number, now: number, { afterMs }: LateStart): Trouble | undefined {
  const lateMs = now - startAt;
  if (lateMs <= afterMs) return undefined;
  return trouble(LATE, { planned: new Date(startAt).toISOString(), minutes: Math.floor(lateMs / 60_000) });
}
