/** What the CRM gets to hear of a campaign once it has ended, and for which leads. */
import type { DeliveryState } from './delivery';
import { withoutNumbers } from './number-like';

/** What to write. At least one of them. */
export interface WriteBackOrders {
  /** A note on the lead: how it went. */
  note?: true;
  /** A tag for those whom the message has reached, by name. */
  tag?: string;
  /** Another stage for those whom the message has reached, if they still stand where the campaign found them. */
  move?: { pipelineId: number; statusId: number };
  /** A task for those who have answered. */
  task?: true;
}

export const WRITE_BACK_KINDS = ['tag', 'move', 'note', 'task'] as const;
export type WriteBackKind = (typeof WRITE_BACK_KINDS)[number];

/** How many leads of each kind: written, refused by the CRM, or left as they are (moved by somebody else). */
export type WriteBackCounts = Partial<Record<WriteBackKind, { written: number; refused: number; left: number }>>;

/** Type of the workflow that writes back. */
export const WRITE_BACK_WORKFLOW = 'writeBack';

/** What the workflow of a campaign's write-back is started with. No person in it. */
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

/** One at a time for a campaign. */
export function writeBackWorkflowId(campaignId: string): string {
  return `write-back/${campaignId}`;
}

/** What stands in notes and tasks, to find them again: amoCRM knows no idempotency key (amocrm.md#write-back). */
export function writeBackMarker(campaignId: string): string {
  return `#${campaignId}`;
}

/** `note, tag:whatsapp, move:7001:142, task`, in any order; undefined when it is not that. */
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

/** From the least to the furthest: of several deliveries to one lead the furthest tells how it went. */
const FURTHEST: readonly DeliveryState[] = [
  'skipped', 'queued', 'sending', 'failed', 'unknown', 'accepted', 'sent', 'delivered', 'read',
]; // prettier-ignore

export function furtherOf(one: DeliveryState, other: DeliveryState): DeliveryState {
  return FURTHEST.indexOf(other) > FURTHEST.indexOf(one) ? other : one;
}

const REACHED: ReadonlySet<DeliveryState> = new Set(['accepted', 'sent', 'delivered', 'read']);

/** Whether this kind is for a lead to whom it went so. Whom nobody has tried to reach is left alone. */
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
