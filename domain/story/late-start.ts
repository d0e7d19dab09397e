/** What becomes of a scheduled campaign that could not start on time, because the worker or Temporal was away. */
import type { CampaignSpec } from '../campaign-spec';

import { trouble, type Trouble } from './trouble';

export const LATE_POLICIES = ['send', 'skip', 'ask'] as const;

/**
 * - `send`  it starts all the same
 * - `skip`  it ends as cancelled
 * - `ask`   it stands still until an admin resumes or cancels it
 */
export type LatePolicy = (typeof LATE_POLICIES)[number];

export type LateStart = NonNullable<CampaignSpec['lateStart']>;

export const DEFAULT_LATE_START: LateStart = { policy: 'ask', afterMs: 3_600_000 };

/** Code of the reason by which a campaign stands still or ended because it was late. */
export const LATE = 'late';

/** Why the start comes too late; nothing when it is on time by the policy. All in Unix ms. */
export function lateness(startAt: number, now: number, { afterMs }: LateStart): Trouble | undefined {
  const lateMs = now - startAt;
  if (lateMs <= afterMs) return undefined;
  return trouble(LATE, { planned: new Date(startAt).toISOString(), minutes: Math.floor(lateMs / 60_000) });
}
