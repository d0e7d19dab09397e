/** Wires an admin's commands (Updates) and the progress query to a run. */
import { ApplicationFailure, CancellationScope, setHandler } from '@temporalio/workflow';
import type { UpdateDefinition } from '@temporalio/common';
import { commandFits, type CampaignCommand } from '../domain/story/campaign';
import type { CampaignRun } from './campaign-run';
import {
  backUpdate,
  cancelUpdate,
  chooseWinnerUpdate,
  moveUpdate,
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

/** Call before the first await: commands may already be waiting. */
export function listenForCommands(run: CampaignRun): void {
  const refuseUnlessFits = (command: CampaignCommand): void => {
    const state = run.commandState;
    if (commandFits(command, state)) return;
    throw ApplicationFailure.nonRetryable(`cannot ${command}: the campaign is ${state}`, REFUSED, { command, state });
  };

  /**
   * An invalid command is refused before it enters history, and checked again when it is carried out, because the
   * campaign may have moved on. A repeated press is one command.
   */
  function listen<Output, Input extends { updateId?: string }>(
    update: UpdateDefinition<Output, [Input]>,
    description: string,
    /** The answer to a repeated press. */
    repeated: Output,
    carryOut: (input: Input) => Promise<Output>,
    /** Refuses what fits the state and cannot be done nevertheless. */
    refuseBesides: (input: Input) => void = () => undefined,
  ): void {
    const command = update.name as CampaignCommand;
    setHandler(
      update,
      async (input) => {
        if (run.hasTaken(input.updateId)) return repeated;
        refuseUnlessFits(command);
        refuseBesides(input);
        run.remember(input.updateId);
        // It was confirmed, so it is carried out even if the run is cancelled meanwhile.
        return await CancellationScope.nonCancellable(() => carryOut(input));
      },
      {
        description,
        validator: (input) => {
          if (run.hasTaken(input.updateId)) return;
          refuseUnlessFits(command);
          refuseBesides(input);
        },
      },
    );
  }

  listen(pauseUpdate, 'Pause; sends in flight finish', undefined, ({ by, trouble, sender }) => {
    if (!trouble) return run.enter('paused', { by });
    return sender === undefined ? run.standStill(trouble) : run.cannotSend(sender, trouble);
  });
  listen(resumeUpdate, 'Continue where it stopped', undefined, () => run.resume());
  listen(cancelUpdate, 'End it; queued deliveries are not sent', undefined, async ({ by }) => void run.cancel(by));
  listen(rescheduleUpdate, 'Change the start time', undefined, ({ at }) => run.reschedule(at));
  listen(setRateUpdate, 'Change the messages per second of this campaign', undefined, ({ ratePerSecond }) =>
    run.setRate(ratePerSecond),
  );
  listen(moveUpdate, 'Go on from other senders', undefined, (to) => run.move(to));
  listen(
    chooseWinnerUpdate,
    'Say which variant goes to the rest',
    undefined,
    ({ variant, by }) => run.test.choose({ variant, by }),
    ({ variant }) => {
      if (run.test.mayChoose(variant)) return;
      throw ApplicationFailure.nonRetryable('cannot choose: the winner is settled', REFUSED, {
        command: 'chooseWinner',
        state: run.commandState,
        refusal: 'winner_settled',
      });
    },
  );
  listen(backUpdate, 'Send from a sender again that stands aside', undefined, ({ sender, by }) =>
    run.canSendAgain(sender, by),
  );
  listen(retryUpdate, 'Resend failed deliveries', 0, ({ selection }) => run.retry(selection));
  setHandler(wakeSignal, () => run.wake(), { description: 'Check for deliveries that were put back' });
  // If a cancellation escaped from a signal handler, the run would end at once with everything unfinished.
  setHandler(restoredSignal, (restored) => CancellationScope.nonCancellable(() => run.afterRestore(restored)), {
    description: 'The database was restored from a backup: pause',
  });
  setHandler(progressQuery, () => run.progress());
}
