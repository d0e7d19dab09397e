/** What a reply does to its lead in the CRM, where a campaign orders it: the schema, and who is moved. */
import { z } from 'zod';
import { LOST_STATUS, WON_STATUS } from './audience';

const stageSchema = z.strictObject({ pipelineId: z.int().positive(), statusId: z.int().positive() });

/** At least one of them. */
export const onReplySchema = z
  .strictObject({
    /** A note on the lead with what the person wrote: for every message of theirs. */
    note: z.literal(true).exactOptional(),
    /** A task for the lead's responsible user: once for a person in a campaign. */
    task: z.literal(true).exactOptional(),
    /**
     * Another stage, once for a person in a campaign, from the given stages only. Without `from`: from where the campaign
     * found the lead; if its audience named no stage, from any that is not closed.
     */
    move: z
      .strictObject({
        ...stageSchema.shape,
        from: z.array(stageSchema).min(1).max(50).exactOptional(),
        /** What the stage is called, for readers. */
        label: z.string().min(1).max(120).exactOptional(),
      })
      .exactOptional(),
  })
  .refine((orders) => Object.keys(orders).length > 0, 'expected note, task or move');

export type OnReply = z.infer<typeof onReplySchema>;
export type Stage = z.infer<typeof stageSchema>;

export const REPLY_EFFECTS = ['note', 'task', 'move'] as const;
export type ReplyEffect = (typeof REPLY_EFFECTS)[number];

/**
 * `begun` the request may have left; `written`; `refused` by the CRM, with its words; `left` on purpose: the lead is gone,
 * stands elsewhere, or somebody has dealt with the reply; `unknown` it may have been done, and is not done again.
 */
export type EffectState = 'begun' | 'written' | 'refused' | 'left' | 'unknown';

/** How many of each kind stand how. */
export type EffectCounts = Partial<Record<ReplyEffect, Partial<Record<EffectState, number>>>>;

const same = (one: Stage, other: Stage): boolean =>
  one.pipelineId === other.pipelineId && one.statusId === other.statusId;

/** An order as people read it in the console: `7001:142`. */
export function stageText({ pipelineId, statusId }: Stage): string {
  return `${pipelineId}:${statusId}`;
}

/** Whether the lead goes to the stage: `there` it stands in it already, `left` somebody has moved or closed it. */
export function moveOf(
  lead: Stage | undefined,
  { from, ...to }: NonNullable<OnReply['move']>,
  foundIn: Stage | undefined,
): 'move' | 'there' | 'left' {
  if (!lead) return 'left';
  if (same(lead, to)) return 'there';
  if (from) return from.some((stage) => same(stage, lead)) ? 'move' : 'left';
  if (foundIn) return same(foundIn, lead) ? 'move' : 'left';
  return lead.statusId === WON_STATUS || lead.statusId === LOST_STATUS ? 'left' : 'move';
}
