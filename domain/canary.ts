/** A canary: the first people of a campaign get it alone and are watched, before the rest do. What speaks against going on; by table. */
import type { CampaignSpec } from './campaign-spec';

export type Canary = NonNullable<CampaignSpec['canary']>;

/** What has become of the first people. Each counts once, but for the opted out, who are among the others. */
export interface CanaryCounts {
  /** Who were tried: not skipped, nor waiting for a further try. */
  people: number;
  failed: number;
  unknown: number;
  /** Delivered, read or not. */
  delivered: number;
  read: number;
  optedOut: number;
}

/** How the first people were looked at last: kept for readers; the workflow has its own. */
export interface CanaryLook {
  at: Date;
  counts: CanaryCounts;
  /** A finding asks, as does an order to ask. */
  verdict: CanaryFinding | 'asked' | 'went_on';
}

/** What else is known by then. */
export interface CanarySigns {
  /** GREEN, YELLOW, RED or UNKNOWN: as it is, and as it was when the campaign was made. */
  quality: string;
  qualityBefore: string;
  numberFlagged: boolean;
}

export const CANARY_FINDINGS = ['number_flagged', 'quality_fell', 'opt_outs', 'failures', 'nothing_arrived'] as const;
export type CanaryFinding = (typeof CANARY_FINDINGS)[number];

/** Of those reached: above this share people want none of it. Two are needed, because one in ten says nothing. */
const OPT_OUT_SHARE = 0.02;
const LEAST_OPT_OUTS = 2;
/** Of those tried. Lists of years have a tenth of dead numbers, and that is no reason to ask. */
const FAILURE_SHARE = 0.2;
const LEAST_FAILURES = 3;

const GRAVITY: Readonly<Record<string, number>> = { YELLOW: 1, RED: 2 };

/** The gravest thing that speaks against going on; undefined if nothing does. */
export function canaryFinding(counts: CanaryCounts, signs: CanarySigns): CanaryFinding | undefined {
  const { people, failed, unknown, delivered, optedOut } = counts;
  const lost = failed + unknown;
  const holds: Record<CanaryFinding, boolean> = {
    number_flagged: signs.numberFlagged,
    quality_fell: (GRAVITY[signs.quality] ?? 0) > (GRAVITY[signs.qualityBefore] ?? 0),
    opt_outs: optedOut >= LEAST_OPT_OUTS && optedOut > OPT_OUT_SHARE * delivered,
    failures: lost >= LEAST_FAILURES && lost >= FAILURE_SHARE * people,
    nothing_arrived: people > 0 && delivered === 0,
  };
  return CANARY_FINDINGS.find((finding) => holds[finding]);
}

/** What the workflow is told of it: integers only. */
export function canaryInput({ canary }: Pick<CampaignSpec, 'canary'>): { canary?: { people: number; waitMs: number } } {
  return canary ? { canary: { people: canary.people, waitMs: canary.waitMs } } : {};
}
