/** Carries out an admin's answer to a possible opt-out. */
import type { Actor } from '../../domain/story/actor';
import { choicesOf } from '../../domain/opt-outs/possible-opt-out';
import type { Store } from '../../store/connect';
import type { PossibleOptOutDocument } from '../../store/possible-opt-outs';

export interface OptOuts {
  /** An admin's answer. `already`: it had been answered before. Undefined when it does not exist. */
  answer(
    key: string,
    choice: string,
    by: Actor,
  ): Promise<{ shown: PossibleOptOutDocument; already: boolean } | undefined>;
  /** Answered entries with a message that does not show it yet. */
  shownOpen(): Promise<PossibleOptOutDocument[]>;
  /** The message says how it stands, or never will. */
  shown(id: string, message: { chatId: number; messageId: number }): Promise<void>;
}

/** Stands in the suppression, and is put into the reader's language where it is shown. */
const DETAIL = 'read by an admin';

export function createOptOuts(store: Pick<Store, 'possibleOptOuts' | 'suppressions'>): OptOuts {
  const { possibleOptOuts, suppressions } = store;

  async function optOut(phone: string, by: Actor): Promise<{ takeBack(): Promise<void> }> {
    const entry = { phone, reason: 'opted_out', scope: 'marketing' } as const;
    const [isNew] = await suppressions.add([{ ...entry, detail: DETAIL, createdAt: new Date(), createdBy: by }]);
    const { reason, scope } = entry;
    return { takeBack: async () => void (isNew && (await suppressions.remove(phone, by, { reason, scope }))) };
  }

  return {
    answer: async (key, given, by) => {
      const found = await possibleOptOuts.find(key);
      if (!found) return undefined;
      const choice = choicesOf(found).find((one) => one === given);
      if (!choice) return { shown: found, already: found.answer !== undefined };
      const answer = { choice, by, at: new Date() };
      // The suppression first: a process that dies in between leaves the button, and the person gets no more marketing.
      const done = choice === 'opt_out' ? await optOut(found.phone!, by) : undefined;
      const shown = await possibleOptOuts.answer(key, answer);
      if (!shown) return undefined;
      const isOurs = shown.answer?.at.getTime() === answer.at.getTime() && sameActor(shown.answer.by, by);
      if (!isOurs && shown.answer?.choice === 'no_opt_out') await done?.takeBack();
      if (isOurs && choice === 'opt_out') await possibleOptOuts.answerOf(found.phone!, answer.at, answer);
      return { shown, already: !isOurs };
    },
    shownOpen: () => possibleOptOuts.shownOpen(),
    shown: (id, message) => possibleOptOuts.dropMessage(id, message),
  };
}

function sameActor(one: Actor, other: Actor): boolean {
  return one.kind === 'telegram' && other.kind === 'telegram' ? one.id === other.id : one.kind === other.kind;
}
