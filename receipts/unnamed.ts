/** Applies STOPs from unknown people, whose events are long gone, once the user id's owner becomes known. */
import type { Store } from '../store/connect';
import type { OptOuts } from './opt-outs';

export interface UnnamedDependencies {
  store: Pick<Store, 'possibleOptOuts' | 'receipts' | 'userIds'>;
  optOuts: Pick<OptOuts, 'onUnnamed'>;
}

/** Checks the given user ids that have become known, or all. STOPs whose event is still kept are left to it. */
export type UnnamedApplier = (userIds?: readonly string[]) => Promise<void>;

export function createUnnamedApplier({ store, optOuts }: UnnamedDependencies): UnnamedApplier {
  return async (userIds) => {
    if (userIds?.length === 0) return;
    const open = await store.possibleOptOuts.unnamedOf(userIds);
    if (open.length === 0) return;
    const known = await store.userIds.known(open.map(({ userId }) => userId!));
    const kept = await store.receipts.kept(open.map(({ _id }) => _id));
    for (const one of open) {
      const phone = known.get(one.userId!);
      if (phone === undefined || kept.has(one._id)) continue;
      await optOuts.onUnnamed({ ...one, phone });
      const answer = { choice: 'known', by: { kind: 'system' }, at: new Date() } as const;
      await store.possibleOptOuts.known(one._id, phone, answer);
    }
  };
}
