/**
 * The states that a delivery may be in while a trace is replayed. A write takes effect at some moment between its beginning
 * and its end; one that never ended, because its process or the database died, may have taken effect, may yet, or never.
 */
import type { DeliveryState } from '../../domain/story/delivery';
import type { Rules } from '../model/machine';
import type { Act } from './events';

/** The rules of the model by which writes take effect. */
export type WriteRules = Pick<Rules, 'claim' | 'mayRecord'>;

/** A state that the delivery may be in. */
export interface Possible {
  state: DeliveryState;
  claims: number;
  token?: string;
  /** ANY of an unknown one that a receipt has settled. */
  messageId?: string;
  /** Unknown since a restore. */
  isOfRestore?: true;
  /** Of what is under way: what has taken effect, and whether it has changed the delivery. */
  done: Record<string, boolean>;
}

export const ANY = 'any';

/** These states and all that may follow from them by what is under way, and by what leaves no trace. */
export function reachable(
  from: readonly Possible[],
  underway: ReadonlyMap<string, Act>,
  wasCalled: boolean,
  rules: WriteRules,
): Possible[] {
  const all = new Map(from.map((one) => [keyOf(one), one]));
  // Grows while it is gone through.
  for (const one of all.values()) {
    const next = [
      ...untraced(one, wasCalled),
      ...[...underway.values()].flatMap((act) => (act.name in one.done ? [] : after(one, act, rules))),
    ];
    for (const possible of next) if (!all.has(keyOf(possible))) all.set(keyOf(possible), possible);
  }
  return [...all.values()];
}

/** A claim given up, a receipt that settles an unknown send, what was cancelled, given up or trusted. */
function untraced(one: Possible, wasCalled: boolean): Possible[] {
  const to = (state: DeliveryState): Possible => ({ ...one, state });
  switch (one.state) {
    case 'sending':
      return [to('unknown')];
    case 'queued':
      return [to('skipped'), to('failed')];
    case 'unknown':
      return [
        ...(wasCalled ? [without({ ...to('accepted'), messageId: ANY }, 'token')] : []),
        ...(one.isOfRestore && one.claims === 0 ? [without(to('queued'), 'isOfRestore')] : []),
      ];
    default:
      return [];
  }
}

/** What may come of a write that takes effect now. */
function after(one: Possible, act: Act, rules: WriteRules): Possible[] {
  // Nobody hears whether a write that is cut off has changed anything.
  const seen = (possible: Possible, changed: boolean): Possible => ({
    ...possible,
    done: { ...one.done, [act.name]: changed || act.isCut },
  });
  const same = seen(one, false);
  switch (act.point) {
    case 'claim':
      // Not due yet, it stays.
      return rules.claim(one, act.token)
        ? [seen({ ...one, state: 'sending', token: act.token, claims: one.claims + 1 }, true), same]
        : [same];
    case 'answer':
      return rules.mayRecord(one, act.token)
        ? [seen(without({ ...one, state: 'accepted', messageId: act.messageId }, 'token'), true)]
        : [same];
    case 'put-back': {
      if (!rules.mayRecord(one, act.token)) return [same];
      const back = { ...one, state: act.to };
      return [seen(act.to === 'unknown' ? back : without(back, 'token'), true)];
    }
    case 'fold':
      return one.state === act.from && (one.messageId === act.messageId || one.messageId === ANY)
        ? [seen({ ...one, state: act.to, messageId: act.messageId }, true)]
        : [same];
    case 'wave':
      return one.state === 'failed' ? [seen({ ...one, state: 'queued' }, true), same] : [same];
    case 'after-restore':
      return one.state === 'queued' || one.state === 'sending'
        ? [seen({ ...one, state: 'unknown', isOfRestore: true }, true), same]
        : [same];
    case 'call':
    case 'copy':
    case 'restore':
      return [];
  }
}

function without({ ...one }: Possible, field: 'token' | 'isOfRestore'): Possible {
  delete one[field];
  return one;
}

/** What has ended is no longer of interest. */
export function forgetting(one: Possible, name: string): Possible {
  const { [name]: _ended, ...done } = one.done;
  return { ...one, done };
}

export function distinct(all: readonly Possible[]): Possible[] {
  return [...new Map(all.map((one) => [keyOf(one), one])).values()];
}

function keyOf({ state, claims, token, messageId, isOfRestore, done }: Possible): string {
  return JSON.stringify([state, claims, token, messageId, isOfRestore, Object.entries(done).toSorted()]);
}
