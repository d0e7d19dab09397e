/** What is written to the CRM after a campaign, and to which leads. */
import type { DeliveryState } from './delivery';
import { withoutNumbers } from './number-like';

/** What to write; at least one of them. */
export interface WriteBackOrders {
  /** A note on the lead with the outcome. */
  note?: true;
  /** A tag, by name, for leads that were reached. */
  tag?: string;
  /** Another stage for leads that were reached, if they are still in the stage where the campaign found them. */
  move?: { pipelineId: number; statusId: number };
  /** A task for leads that answered. */
  task?: true;
}

export const WRITE_BACK_KINDS = ['tag', 'move', 'note', 'task'] as const;
export type WriteBackKind = (typeof WRITE_BACK_KINDS)[number];

/**
 * The number of leads of each kind: written, refused by the CRM, or left as they are (already moved by someone else).
 */
export type WriteBackCounts = Partial<Record<WriteBackKind, { written: number; refused: number; left: number }>>;

/** Type of the workflow that writes back. */
export const WRITE_BACK_WORKFLOW = 'writeBack';

/** The input of a campaign's write-back workflow. It names no person. */
export interface WriteBackStart {
  workflowId: string;
  args: [{ campaignId: string }];
  staticSummary: string;
}

export function writeBackStart({ _id: campaignId, name }: { _id: string; name: string }): WriteBackStart {
  return {
    workflowId: writeBackWorkflowId(campaignId),
    args: [{ campaignId }],
    staticSummary: `write-back of ${withoutNumbers(name)}`,
  };
}

/** One per campaign at a time. */
export function writeBackWorkflowId(campaignId: string): string {
  return `write-back/${campaignId}`;
}

/** The text that identifies our notes and tasks: amoCRM has no idempotency keys (amocrm.md#write-back). */
export function writeBackMarker(campaignId: string): string {
  return `#${campaignId}`;
}

/** Parses `note, tag:whatsapp, move:7001:142, task`, in any order; undefined if invalid. */
export function readWriteBack(text: string): WriteBackOrders | undefined {
  const orders: WriteBackOrders = {};
  for (const part of text.split(',').map((one) => one.trim())) {
    const [, tag] = /^tag:(.+)$/.exec(part) ?? [];
    const [, pipelineId, statusId] = /^move:(\d+):(\d+)$/.exec(part) ?? [];
    if (part === 'note') orders.note = true;
    else if (part === 'task') orders.task = true;
    else if (tag?.trim()) orders.tag = tag.trim();
    else if (pipelineId && statusId) orders.move = { pipelineId: Number(pipelineId), statusId: Number(statusId) };
    else return undefined;
  }
  return orders;
}

/** From least to furthest: of several deliveries to one lead, the furthest gives the outcome. */
const FURTHEST: readonly DeliveryState[] = [
  'skipped', 'queued', 'sending', 'failed', 'unknown', 'accepted', 'sent', 'delivered', 'read',
]; // prettier-ignore

export function furtherOf(one: DeliveryState, other: DeliveryState): DeliveryState {
  return FURTHEST.indexOf(other) > FURTHEST.indexOf(one) ? other : one;
}

const REACHED: ReadonlySet<DeliveryState> = new Set(['accepted', 'sent', 'delivered', 'read']);

/** Whether a lead with this outcome gets this kind of entry. Leads that were never tried get nothing. */
export function isFor(kind: WriteBackKind, lead: { state: DeliveryState; replied: boolean }): boolean {
  switch (kind) {
    case 'note':
      return REACHED.has(lead.state) || lead.state === 'failed' || lead.state === 'unknown';
    case 'tag':
    case 'move':
      return REACHED.has(lead.state);
    case 'task':
      return lead.replied;
  }
}
