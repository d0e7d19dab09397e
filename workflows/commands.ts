/** Wires the commands of an admin (Updates) and the progress query to a run. */
import { ApplicationFailure, CancellationScope, setHandler } from '@temporalio/workflow';
import type { UpdateDefinition } from '@temporalio/common';
import { commandFits, type CampaignCommand } from '../domain/story/campaign';
import type { CampaignRun } from './campaign-run';
import {
  cancelUpdate,
  pauseUpdate,
  progressQuery,
  REFUSED,
  rescheduleUpdate,
  resumeUpdate,
  restoredSignal,
  retryUpdate,
  setRateUpdate,
  wakeSignal,
} from './messages';

/** Call before the first await: commands may be waiting already. */
export function listenForCommands(run: CampaignRun): void {
  const refuseUnlessFits = (command: CampaignCommand): void => {
    const state = run.commandState;
    if (commandFits(command, state)) return;
    throw ApplicationFailure.nonRetryable(`cannot ${command}: the campaign is ${state}`, REFUSED, { command, state });
  };

  /**
   * A command is refused before it enters history when it does not fit, and again when it is carried out,
   * since the story may have moved on in between. The same press twice is one command.
   */
  function listen<Output, Input extends { updateId?: string }>(
    update: UpdateDefinition<Output, [Input]>,
    description: string,
    /** What a repeated press is answered with. */
    repeated: Output,
    carryOut: (input: Input) => Promise<Output>,
  ): void {
    const command = update.name as CampaignCommand;
    setHandler(
      update,
      async (input) => {
        if (run.hasTaken(input.updateId)) return repeated;
        refuseUnlessFits(command);
        run.remember(input.updateId);
        // Answered with yes: carried out, also when the run is cancelled meanwhile.
        return await CancellationScope.nonCancellable(() => carryOut(input));
      },
      {
        description,
        validator: (input) => {
          if (!run.hasTaken(input.updateId)) refuseUnlessFits(command);
        },
      },
    );
  }

  listen(pauseUpdate, 'Stand still; sends in flight finish', undefined, ({ by, trouble }) =>
    trouble ? run.standStill(trouble) : run.enter('paused', { by }),
  );
  listen(resumeUpdate, 'Go on where it stood', undefined, () => run.resume());
  listen(cancelUpdate, 'End it; whatever is queued is not sent', undefined, async ({ by }) => void run.cancel(by));
  listen(rescheduleUpdate, 'Move the start', undefined, ({ at }) => run.reschedule(at));
  listen(setRateUpdate, 'Messages a second for this campaign', undefined, ({ ratePerSecond }) =>
    run.setRate(ratePerSecond),
  );
  listen(retryUpdate, 'Send again to those that failed', 0, ({ selection }) => run.retry(selection));
  setHandler(wakeSignal, () => run.wake(), { description: 'Look again: deliveries were put back' });
  // A cancellation that a signal's handler lets out would end the run at once, with everything open.
  setHandler(restoredSignal, (restored) => CancellationScope.nonCancellable(() => run.afterRestore(restored)), {
    description: 'The database was restored from a copy: stand still',
  });
  setHandler(progressQuery, () => run.progress());
}
