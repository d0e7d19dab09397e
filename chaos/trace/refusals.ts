/**
 * Whether the model (chaos/model/machine.ts) accepts a run's trace: each delivery's claims, calls, answers, receipts,
 * waves and restores are replayed by its rules.
 *
 * All states are carried along that the delivery can be in (possible.ts); what fits none of them is refused. A call is not
 * carried along: it was begun, before its first byte left, and no restore undoes it.
 */
import type { DeliveryState } from '../../domain/story/delivery';
import { rankOf, RULES, type Rules } from '../model/machine';
import { eventsOfEach, type Act, type Event } from './events';
import { ANY, distinct, forgetting, reachable, type Possible, type WriteRules } from './possible';
import type { Ending, Mark } from './trace';

/** What the database holds of a delivery at the run's end. */
export interface Final {
  _id: string;
  state: DeliveryState;
  messageId?: string;
}

type KeptRules = WriteRules & Pick<Rules, 'apply'>;

/** What the model does not accept, a line for each delivery: its id and why. */
export function refusals(marks: readonly Mark[], finals: readonly Final[], rules: KeptRules = RULES): string[] {
  const byId = new Map(finals.map((final) => [final._id, final]));
  return [...eventsOfEach(marks, byId.keys())].flatMap(([id, events]) => {
    const why = refusalOf(events, byId.get(id), rules);
    return why === undefined ? [] : [`${id} ${why}`];
  });
}

interface Call {
  token: string;
  answer?: Ending['answer'];
  messageId?: string;
}

/** It has certainly not reached anybody. */
const isRefused = ({ answer }: Call): boolean => answer === 'refused' || answer === 'unreachable';

/** Why the model does not accept this delivery's events, in their order; undefined when it does. */
function refusalOf(events: readonly Event[], final: Final | undefined, rules: KeptRules): string | undefined {
  const underway = new Map<string, Act>();
  const calls: Call[] = [];
  const failed = new Set<string>();
  let copy: Possible[] = [];
  let isCopying = false;
  let possible: Possible[] = (['queued', 'skipped'] as const).map((state) => ({ state, claims: 0, done: {} }));
  const goOn = (): void => {
    possible = reachable(possible, underway, calls.length > 0, rules);
    if (isCopying) copy.push(...possible);
  };

  for (const event of events) {
    goOn();
    const { act } = event;
    if (!event.begins) {
      const { end, isAll } = event;
      if (act.point === 'call') Object.assign(calls.find(({ token }) => token === act.token) ?? {}, answerOf(end));
      if (act.point === 'copy') isCopying = false;
      if (act.isCut || !underway.delete(act.name)) continue;
      possible = possible.filter(({ done }) => (isAll ? done[act.name] : act.name in done)).map((one) => forgetting(one, act.name)); // prettier-ignore
      if (possible.length === 0) return `was changed by a ${act.point} that it should not have been open to`;
      continue;
    }
    switch (act.point) {
      case 'call': {
        possible = possible.filter(({ state, token }) => token === act.token && (state === 'sending' || state === 'unknown')); // prettier-ignore
        if (possible.length === 0) return 'was called for without the claim';
        if (mayHaveMessage(calls, failed)) return 'was called for again, and may have had a message';
        calls.push({ token: act.token });
        continue;
      }
      case 'answer': {
        const call = calls.find(({ token }) => token === act.token);
        if (call?.answer !== 'accepted' || call.messageId !== act.messageId) return 'has an answer that Gupshup did not give'; // prettier-ignore
        break;
      }
      case 'put-back': {
        const call = calls.find(({ token }) => token === act.token);
        if (act.to !== 'unknown' && call && !isRefused(call)) return `is ${act.to} after a call that was not refused`;
        break;
      }
      case 'fold': {
        const told = act.receipts.flatMap((kind) => (kind === 'billing' ? [] : [kind]));
        if (rankOf(act.to) < rankOf(act.from) || rules.apply(act.from, told) !== act.to)
          return `went from ${act.from} to ${act.to} by receipts of ${told.join(', ') || 'nothing'}`;
        if (act.to === 'failed') failed.add(act.messageId);
        break;
      }
      case 'copy':
        [isCopying, copy] = [true, [...possible]];
        continue;
      case 'restore':
        possible = distinct(copy.map((one) => ({ ...one, done: {} })));
        continue;
      case 'wave':
      case 'claim':
      case 'after-restore':
    }
    underway.set(act.name, act);
  }
  goOn();
  const isReached = possible.some(
    ({ state, messageId }) =>
      state === final?.state &&
      (messageId === ANY || final.messageId === undefined || messageId === final.messageId),
  ); // prettier-ignore
  if (final && !isReached)
    return `is ${final.state}; by its trace: ${[...new Set(possible.map(({ state }) => state))].join(', ')}`;
  return undefined;
}

function answerOf({ answer, messageId }: Ending): Partial<Call> {
  return { ...(answer && { answer }), ...(messageId !== undefined && { messageId }) };
}

/** Whether one of these calls may have reached the person, and its message is not known to have failed. */
function mayHaveMessage(calls: readonly Call[], failed: ReadonlySet<string>): boolean {
  const open = calls.filter(
    (call) => !isRefused(call) && !(call.messageId !== undefined && failed.has(call.messageId)),
  );
  // Of a call without an answer only its receipts tell what its message is called.
  const known = new Set(calls.map(({ messageId }) => messageId));
  const others = [...failed].filter((messageId) => !known.has(messageId)).length;
  const nameless = open.filter(({ messageId }) => messageId === undefined).length;
  return open.length > nameless || nameless > others;
}
