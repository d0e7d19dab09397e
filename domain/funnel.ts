/** The CRM's funnel at a moment: what each stage holds, and what has changed since an earlier moment. */

/** The contents of a stage, a pipeline or the whole CRM. */
export interface FunnelCount {
  leads: number;
  /** The sum of the leads' prices, in the account's currency. */
  sum: number;
  /** Distinct valid numbers, the best one of each lead's main contact: the people a campaign would reach. */
  people: number;
}

interface FunnelStage extends FunnelCount {
  id: number;
  name: string;
  /** `#rrggbb` */
  color?: string;
}

export interface FunnelPipeline extends FunnelCount {
  id: number;
  name: string;
  stages: FunnelStage[];
}

export interface Funnel extends FunnelCount {
  takenAt: Date;
  /** ISO 4217, such as RUB; empty if the CRM names none. */
  currency: string;
  /** Without archived pipelines, whose leads count only in the total. */
  pipelines: FunnelPipeline[];
}

/** The growth of each count; negative if it shrank. */
export interface FunnelChange {
  since: Date;
  whole: FunnelCount;
  pipeline(id: number): FunnelCount;
  /** The ids 142 and 143 exist in every pipeline. */
  stage(pipelineId: number, stageId: number): FunnelCount;
}

const NOTHING: FunnelCount = { leads: 0, sum: 0, people: 0 };

/** A new pipeline or stage has grown from zero. */
export function funnelChange(now: Funnel, before: Funnel): FunnelChange {
  const find = (funnel: Funnel, id: number): FunnelPipeline | undefined =>
    funnel.pipelines.find((one) => one.id === id);
  const stageOf = (funnel: Funnel, pipelineId: number, id: number): FunnelStage | undefined =>
    find(funnel, pipelineId)?.stages.find((one) => one.id === id);
  return {
    since: before.takenAt,
    whole: difference(now, before),
    pipeline: (id) => difference(find(now, id), find(before, id)),
    stage: (pipelineId, id) => difference(stageOf(now, pipelineId, id), stageOf(before, pipelineId, id)),
  };
}

function difference(now: FunnelCount = NOTHING, before: FunnelCount = NOTHING): FunnelCount {
  return { leads: now.leads - before.leads, sum: now.sum - before.sum, people: now.people - before.people };
}
