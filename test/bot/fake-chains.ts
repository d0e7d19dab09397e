/** Follow-ups in memory that obey the table of their states. */
import type { FollowUpService, FollowUpsStatus } from '../../campaigns/contract';
import { done, refused, type Result } from '../../config/errors';
import type { FollowUp } from '../../domain/follow-ups';
import type { Actor } from '../../domain/story/actor';
import { chainCommandFits, type ChainCommand, type ChainState } from '../../domain/story/follow-ups';

export type AskedChain = {
  id: string;
  command: ChainCommand;
  by: Actor;
  updateId?: string;
  step?: number;
} & Partial<FollowUp>;

const LEADS_TO: Record<'pause' | 'resume' | 'cancel', ChainState> = {
  pause: 'paused',
  resume: 'counting',
  cancel: 'cancelled',
};

export function fakeChains(chains: Map<string, FollowUpsStatus>, asked: AskedChain[]): FollowUpService {
  const find = async (id: string): Promise<Result<FollowUpsStatus>> => {
    const chain = chains.get(id);
    return chain ? done(chain) : refused('follow_ups_none', { id });
  };
  const give =
    (command: keyof typeof LEADS_TO): FollowUpService['pause'] =>
    async (id, given) => {
      const { reason: _reason, ...chain } = chains.get(id)!;
      const { state, editable = Infinity, steps } = chain;
      if (!chain.lost && !chainCommandFits(command, { state, editable: editable - 1 }, steps.length))
        return refused('follow_ups_state', { command, state });
      asked.push({ id, command, ...given });
      const { lost: _lost, ...known } = chain;
      const reason = command !== 'resume' && { reason: { by: `telegram:${'id' in given.by ? given.by.id : ''}` } };
      chains.set(id, { ...known, state: LEADS_TO[command], ...reason, reasonBy: 'Ольга' });
      return find(id);
    };
  return {
    find,
    pause: give('pause'),
    resume: give('resume'),
    cancel: give('cancel'),
    edit: async (id, { step, by, ...change }) => {
      const chain = chains.get(id)!;
      if (step < (chain.editable ?? Infinity)) return refused('follow_up_begun', { id, step });
      asked.push({ id, command: 'edit', step, by, ...change });
      const steps = chain.steps.map((one) => (one.step === step ? { ...one, ...change } : one));
      chains.set(id, { ...chain, steps });
      return find(id);
    },
  };
}
