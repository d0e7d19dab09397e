/** Wires an admin's commands (Updates), the end of its campaign and the query to a chain of follow-ups. */
import { ApplicationFailure, CancellationScope, setHandler } from '@temporalio/workflow';
import { chainCommandFits, type ChainCommand } from '../domain/story/follow-ups';
import type { ChainRun } from './chain-run';
import {
  campaignEndedSignal,
  cancelChainUpdate,
  chainProgressQuery,
  editChainUpdate,
  pauseChainUpdate,
  REFUSED,
  resumeChainUpdate,
} from './messages';

/** Call before the first await: commands may already be waiting. */
export function listenForChainCommands(run: ChainRun): void {
  /** An invalid command is refused before it enters history, and checked again when it is carried out. */
  const mustFit = (command: ChainCommand, step?: number): void => {
    const { state } = run.progress;
    if (chainCommandFits(command, run.progress, run.steps, step)) return;
    throw ApplicationFailure.nonRetryable(`cannot ${command}: the follow-ups are ${state}`, REFUSED, {
      command,
      state,
      ...(step !== undefined && { step }),
    });
  };
  const fits =
    (command: ChainCommand) =>
    (_given: { by: string }): void =>
      mustFit(command);
  const confirmed = <T>(carryOut: () => Promise<T>): Promise<T> => CancellationScope.nonCancellable(carryOut);

  setHandler(
    pauseChainUpdate,
    async ({ by }) => {
      mustFit('pause');
      await confirmed(() => run.pause(by));
    },
    { description: 'No step begins until it is resumed', validator: fits('pause') },
  );
  setHandler(
    resumeChainUpdate,
    async (_given) => {
      mustFit('resume');
      await confirmed(() => run.resume());
    },
    { description: 'Go on; a step whose time has passed begins', validator: fits('resume') },
  );
  setHandler(
    cancelChainUpdate,
    async ({ by }) => {
      mustFit('cancel');
      run.cancel(by);
    },
    { description: 'No further step', validator: fits('cancel') },
  );
  setHandler(
    editChainUpdate,
    async (edit) => {
      mustFit('edit', edit.step);
      await confirmed(() => run.edit(edit));
    },
    { description: 'Change a step that has not begun', validator: ({ step }) => mustFit('edit', step) },
  );
  setHandler(campaignEndedSignal, () => run.wake(), { description: 'A campaign has ended: look' });
  setHandler(chainProgressQuery, () => run.progress);
}
