/** Sending again, on campaigns in memory: a running one takes them back, of an ended one a new one is made. */
import type { CampaignService, CampaignStatus } from '../../campaigns/contract';
import { done, refused } from '../../config/errors';
import { commandFits, hasEnded } from '../../domain/story/campaign';
import { emptyLedger } from '../../domain/story/ledger';

/** What the bot asked for, in order; `made` is the campaign that came of it. */
export type AskedRetries = {
  id: string;
  state: 'failed' | 'unknown';
  codes?: string[];
  at?: Date;
  choice?: string;
  updateId?: string;
  made?: { id: string; name: string; createdAt: Date };
}[];

export function fakeAgain(
  statuses: Map<string, CampaignStatus>,
  asked: AskedRetries,
): Pick<CampaignService, 'retryFailed' | 'decideUnknown'> {
  function send(ask: AskedRetries[number]): ReturnType<CampaignService['retryFailed']> {
    asked.push(ask);
    const { id, state } = ask;
    const status = statuses.get(id);
    if (!status) return Promise.resolve(refused('campaign_not_found', { id }));
    const count = status.ledger[state];
    if (ask.choice === 'assume_sent') {
      const ledger = { ...status.ledger, unknown: 0, accepted: status.ledger.accepted + count };
      statuses.set(id, { ...status, ledger });
      return Promise.resolve(done({ id, count }));
    }
    if (hasEnded(status.state)) {
      const made = { id: `${id}r`, name: `${status.name} ↻`, createdAt: new Date('2026-01-15T08:30:00Z') };
      ask.made = made;
      const ledger = { ...emptyLedger(), total: count, queued: count };
      statuses.set(made.id, { ...status, ...made, state: 'running', ledger });
      return Promise.resolve(done({ id: made.id, count }));
    }
    if (!commandFits('retry', status.state)) {
      return Promise.resolve(refused('campaign_state', { command: 'retry', state: status.state }));
    }
    statuses.set(id, {
      ...status,
      failures: {},
      ledger: { ...status.ledger, [state]: 0, queued: status.ledger.queued + count },
    });
    return Promise.resolve(done({ id, count }));
  }
  return {
    retryFailed: (id, { codes, at, updateId }) =>
      send({ id, state: 'failed', ...(codes && { codes }), ...(at && { at }), ...(updateId && { updateId }) }),
    decideUnknown: (id, { choice, updateId }) => send({ id, state: 'unknown', choice, ...(updateId && { updateId }) }),
  };
}
