/**
 * Decides what becomes of an accepted message: its receipts and when they come (gupshup.md#webhooks, gupshup.md#rules).
 */
import type { Outcome } from './endings';
import type { PlannedReceipt, ReceiptKind } from './messages';
import type { Settings } from './state';

/** Gupshup holds the events of a message for about this long (gupshup.md#webhook-transport). */
const HOLD_MS = 5_000;
const LATE_MS = 60_000;

type Shares = Pick<Settings, 'speed' | 'readShare' | 'receiptShare' | 'duplicateShare' | 'disorderShare'>;

export interface PlanInput {
  acceptedAt: number;
  destination: string;
  /** Why the request itself fails, if it does. */
  problem?: { code: number; sync?: true } | undefined;
  outcome?: Outcome | undefined;
}

/** Receipts in order of time. `random` in [0, 1). */
export function planReceipts(input: PlanInput, shares: Shares, random: () => number): PlannedReceipt[] {
  const at = (delayMs: number): number => Math.round(input.acceptedAt + delayMs / shares.speed);
  const outcome = input.outcome ?? {};
  const failure =
    input.problem ?? (outcome.code === undefined ? undefined : { code: outcome.code, sync: outcome.sync });
  const held = HOLD_MS + random() * 1_000;

  if (failure) {
    const failed: PlannedReceipt = { at: at(held + 200), kind: 'failed', code: failure.code };
    if (failure.sync) return [{ ...failed, sync: true }];
    if (!input.problem && outcome.withoutCode) failed.withoutCode = true;
    return [{ at: at(held), kind: 'enqueued' }, failed];
  }

  const trouble = outcome.receipts ?? chanceTrouble(shares, random);
  if (trouble === 'none') return [];

  const delivered = held + 300 + random() * (random() < 0.1 ? 15_000 : 3_500);
  const read = delivered + 2_000 + random() ** 2 * 50_000;
  const times: [ReceiptKind, number][] = [
    ['enqueued', held],
    ['sent', held + 100],
    ['billing', held + 150],
    ['delivered', delivered],
  ];
  const reads =
    trouble === 'always_read' ||
    trouble === 'as_strings' ||
    trouble === 'reordered' ||
    trouble === 'read_without_delivered' ||
    trouble === 'duplicated' ||
    (trouble !== 'not_read' &&
      trouble !== 'sent_only' &&
      trouble !== 'failed_after_delivered' &&
      random() < shares.readShare);
  if (reads) times.push(['read', read]);

  const plan = times.map(([kind, delay]): PlannedReceipt => ({ at: at(delay), kind }));
  const without = (...kinds: ReceiptKind[]): PlannedReceipt[] => plan.filter(({ kind }) => !kinds.includes(kind));
  switch (trouble) {
    case 'sent_only':
      return without('delivered');
    case 'read_without_delivered':
      return without('delivered');
    case 'failed_after_delivered':
      return [...plan, { at: at(delivered + 4_000), kind: 'failed', code: 131026 }];
    case 'duplicated':
      return plan.flatMap((receipt) => [receipt, { ...receipt, at: receipt.at + Math.ceil(400 / shares.speed) }]);
    case 'reordered':
      return reorder(plan);
    case 'without_gs_id':
      return plan.map((receipt) => (receipt.kind === 'enqueued' ? receipt : { ...receipt, withoutGsId: true }));
    case 'other_destination': {
      const destination = rewritten(input.destination);
      const mismatch: PlannedReceipt = { at: at(held - 100), kind: 'mismatch', destination };
      return [
        mismatch,
        ...plan.map((receipt) => (receipt.kind === 'enqueued' ? receipt : { ...receipt, destination })),
      ];
    }
    case 'as_strings':
      return plan.map((receipt) => ({ ...receipt, asStrings: true }));
    case 'late':
      return plan.map((receipt) => ({ ...receipt, at: receipt.at + LATE_MS / shares.speed }));
    case 'always_read':
    case 'not_read':
    case undefined:
      return plan;
  }
}

/** Ordinary phones have a little of this as well: receipts are at-least-once and unordered. */
function chanceTrouble(shares: Shares, random: () => number): Outcome['receipts'] {
  const draw = random();
  const bounds = [1 - shares.receiptShare, shares.duplicateShare, shares.disorderShare] as const;
  if (draw < bounds[0]) return 'none';
  if (draw < bounds[0] + bounds[1]) return 'duplicated';
  if (draw < bounds[0] + bounds[1] + bounds[2]) return 'reordered';
  return undefined;
}

/** The same moments, taken by read, delivered and sent in that order. */
function reorder(plan: PlannedReceipt[]): PlannedReceipt[] {
  const states = plan.filter(({ kind }) => ['sent', 'delivered', 'read'].includes(kind));
  const turned = states.map(({ kind }, index) => ({ kind, at: states[states.length - 1 - index]!.at }));
  const rest = plan.filter((receipt) => !states.includes(receipt));
  return [...rest, ...turned].sort((a, b) => a.at - b.at);
}

/** Like WhatsApp with Brazil's ninth digit: it reports a different number (gupshup.md#receipts). */
function rewritten(destination: string): string {
  return destination.slice(0, 4) + destination.slice(5);
}
