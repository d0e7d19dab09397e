/** The journal of what people have changed about campaigns: how one was before a command, and how it is since. */
import type { Actor } from '../domain/story/actor';
import { senderNames, sendersAside } from '../domain/campaign-senders';
import { namesOf } from '../domain/story/sender-share';
import { paceNow } from '../domain/story/pace';
import type { AuditStore } from '../store/audit';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';

/** Carries a command out and notes what it has changed; what the program does by itself is no command. */
export type Journaled = <T extends { ok: boolean }>(
  id: string,
  command: { what: string; by: Actor | undefined },
  carry: () => Promise<T>,
) => Promise<T>;

export function createJournaled({ audit, campaigns }: Pick<Store, 'audit' | 'campaigns'>): Journaled {
  return async (id, { what, by }, carry) => {
    const before = await campaigns.find(id);
    const outcome = await carry();
    const actor = by ?? before?.createdBy;
    if (!outcome.ok || !before || !actor || actor.kind === 'system') return outcome;
    // It has been carried out: a database that is away now does not undo that.
    await (async () => {
      const after = await campaigns.find(id);
      if (after) await noteChange(audit, { actor, what, campaignId: id }, factsOf(before), factsOf(after));
    })().catch(() => undefined);
    return outcome;
  };
}

/** Notes the facts that differ; nothing where none does. */
export async function noteChange(
  audit: Pick<AuditStore, 'record'>,
  entry: { actor: Actor; what: string; campaignId?: string },
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Promise<void> {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  if (changed.length === 0) return;
  const only = (facts: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(changed.map((name) => [name, facts[name] ?? null]));
  await audit.record({ at: new Date(), action: 'changed', ...entry, before: only(before), after: only(after) });
}

/** What commands change. No text that somebody typed. */
function factsOf(campaign: CampaignDocument): Record<string, unknown> {
  const { state, scheduledAt, cancelAskedAt } = campaign;
  return {
    state,
    startsAt: scheduledAt?.toISOString(),
    ratePerSecond: paceNow(campaign).ratePerSecond,
    sender: senderNames(campaign),
    without: namesOf(sendersAside(campaign)) || undefined,
    ...(cancelAskedAt && { cancelAsked: true }),
  };
}
