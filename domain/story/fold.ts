/** What receipts make of a delivery: the state moves forward only, each time is kept once, repeats change nothing. */
import { afterReceipt, type DeliveryState, type ReceiptKind } from './delivery';

/** A receipt ready to be applied. `billing` only reveals a message's WhatsApp id. */
export interface Receipt {
  kind: ReceiptKind | 'billing';
  whatsappId?: string;
  at: Date;
  /** Of a failure. */
  code?: string;
  family?: string;
  detail?: string;
}

/** The fields of a delivery that receipts may change. */
export interface Story {
  state: DeliveryState;
  whatsappId?: string;
  sentAt?: Date;
  deliveredAt?: Date;
  readAt?: Date;
  failedAt?: Date;
  code?: string;
  family?: string;
  detail?: string;
}

export const STORY_FIELDS = [
  'state', 'whatsappId', 'sentAt', 'deliveredAt', 'readAt', 'failedAt', 'code', 'family', 'detail',
] as const satisfies readonly (keyof Story)[]; // prettier-ignore

const TIME_FIELD = { sent: 'sentAt', delivered: 'deliveredAt', read: 'readAt', failed: 'failedAt' } as const;

/**
 * A delivery with a message id is in these states when that message failed and another try is on its way: what the
 * first one left behind must not settle the second. Only that it arrived after all counts.
 */
const NOT_THIS_MESSAGE: readonly DeliveryState[] = ['queued', 'sending', 'unknown'];

/** The story after receipts of its message, in the order of their arrival. Safe to repeat. */
export function fold<S extends Story>(story: S, receipts: readonly Receipt[]): S {
  return receipts.reduce(foldOne, story);
}

function foldOne<S extends Story>(story: S, { kind, whatsappId, at, code, family, detail }: Receipt): S {
  const ofThisTry = !NOT_THIS_MESSAGE.includes(story.state);
  // A second id, where there is none yet. Beside a failure it may be one of Gupshup's that no other receipt names.
  const otherName = ofThisTry && story.whatsappId === undefined && whatsappId !== undefined ? { whatsappId } : {};
  if (kind === 'billing') return { ...story, ...otherName };
  const counts = ofThisTry || kind === 'delivered' || kind === 'read';
  if (!counts || story.state === 'skipped') return story;
  const next = { ...story };
  const field = kind === 'enqueued' ? undefined : TIME_FIELD[kind];
  if (field) next[field] ??= at;
  if (kind === 'failed') Object.assign(next, otherName);
  else if (whatsappId !== undefined) next.whatsappId = whatsappId;
  const state = afterReceipt(story.state, kind);
  if (state === story.state) return next;
  // A delivery receipt that overtakes a failure clears the failure's traces.
  for (const trouble of ['code', 'family', 'detail'] as const) delete next[trouble];
  next.state = state;
  if (kind === 'failed')
    Object.assign(next, { code: code ?? 'none', ...(family && { family }), ...(detail && { detail }) });
  return next;
}
