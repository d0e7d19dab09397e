/**
 * A campaign's follow-ups: one durable chain of timers. Each step is a campaign of its own, with its own ledger, and the
 * next one's time is counted from its end.
 *
 * Started with the campaign, so that it can be seen, edited, paused and cancelled from the first moment.
 */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  startChild,
} from '@temporalio/workflow';
import { afterStep, FOLLOW_UPS_WORKFLOW, followUpsWorkflowId, type FollowUpsInput } from '../domain/story/follow-ups';
import { chain } from './activities';
import type { campaign } from './campaign';
import { ChainCancelled, ChainRun } from './chain-run';
import { listenForChainCommands } from './chain-commands';
import { CAMPAIGN_WORKFLOW, campaignEndedSignal, type CampaignInput, type ChainResult } from './messages';
import { startOptions } from './start-options';

/** How long it waits (ms) before it looks by itself whether a campaign has ended, should nobody tell it. */
const LOOKS_AGAIN_MS = 6 * 3_600_000;

export async function followUps(input: FollowUpsInput): Promise<ChainResult> {
  const run = new ChainRun(input);
  listenForChainCommands(run);
  try {
    const { state, at } = await ended(run, run.step - 1);
    // Of one that is begun anew later the step before may have ended otherwise: that was decided then.
    if (run.step === 0 && state !== 'completed') {
      run.giveUp();
      return await finish(run, 'cancelled');
    }
    run.countFrom(at);
    while (run.step < run.steps) {
      await untilDue(run);
      const came = await carryOut(run);
      await run.obey(afterStep(came), came.at);
    }
    return await finish(run, 'completed');
  } catch (error) {
    if (error instanceof ChainCancelled) return await finish(run, 'cancelled');
    if (!isCancellation(error)) throw error;
    // For example by the button in the Temporal UI, which has cancelled a step's campaign as well.
    await finish(run, 'cancelled');
    throw error;
  }
}

/**
 * Resolves when a campaign has ended: that of step `step`, or the campaign itself for −1. It says so itself; should that
 * be lost, it is looked for.
 */
async function ended(run: ChainRun, step: number): Promise<{ total: number; state: string; at: number }> {
  const { campaignId } = run.input;
  for (;;) {
    const { changes } = run;
    const { state, total, endedAt } = await chain.lookAtStep.executeWithOptions({ summary: 'look for the end' }, [
      { campaignId, step },
    ]);
    run.checkCancelled();
    if (endedAt !== undefined) return { state, total, at: endedAt };
    await condition(() => run.changes !== changes, LOOKS_AGAIN_MS, { summary: 'until it ends' });
    run.checkCancelled();
  }
}

/** Sleeps until the next step is due, not paused, and within its sending hours; an edit may move it meanwhile. */
async function untilDue(run: ChainRun): Promise<void> {
  const { campaignId } = run.input;
  for (;;) {
    await run.whenGoing();
    const { changes, dueAt } = run;
    const leftMs = dueAt - Date.now();
    if (leftMs > 0) {
      await run.record('counting');
      await condition(() => run.changes !== changes, dueAt - Date.now(), { summary: `until step ${run.step + 1}` });
      continue;
    }
    const { opensAt } = await chain.stepHours.executeWithOptions({ summary: 'look at the sending hours' }, [
      { campaignId, step: run.step },
    ]);
    // An edit that was confirmed before its time is part of it.
    await run.whenGoing();
    if (run.changes !== changes) continue;
    if (opensAt === undefined) return;
    await run.record('counting', opensAt);
    await condition(() => run.changes !== changes, Math.max(1, opensAt - Date.now()), {
      summary: 'until the sending hours begin',
    });
  }
}

/** The step's campaign, from its making to its end; made and started once, whatever dies. */
async function carryOut(run: ChainRun): Promise<{ state: string; total: number; at: number }> {
  const { campaignId } = run.input;
  const { step } = run;
  // From here on the step cannot be edited.
  run.begin();
  const made = await chain.createStep.executeWithOptions({ summary: `create the campaign of step ${step + 1}` }, [
    { campaignId, step },
  ]);
  // A pause confirmed meanwhile holds, and a cancel.
  do {
    await run.whenGoing();
    await run.record('sending');
    run.checkCancelled();
  } while (!run.isGoing);
  if ('begun' in made) return ended(run, step);
  const { facts, ...asked } = made;
  const input: CampaignInput = asked;
  try {
    const child = await startChild<typeof campaign>(CAMPAIGN_WORKFLOW, {
      ...startOptions(input, facts),
      // It goes on by itself, whatever becomes of the chain.
      parentClosePolicy: 'ABANDON',
    });
    const result = await run.unlessCancelled(child.result().catch(failed));
    return { state: result.state, total: result.ledger.total, at: Date.now() };
  } catch (error) {
    // An admin has already started it with the draft's button.
    if (error instanceof WorkflowExecutionAlreadyStartedError) return ended(run, step);
    throw error;
  }
}

/** A campaign that was terminated or cancelled in the Temporal UI is closed by others; somebody may be in it. */
function failed(error: unknown): { state: string; ledger: { total: number } } {
  if (isCancellation(error) && CancellationScope.current().consideredCancelled) throw error;
  return { state: isCancellation(error) ? 'cancelled' : 'failed', ledger: { total: 1 } };
}

function finish(run: ChainRun, state: 'completed' | 'cancelled'): Promise<ChainResult> {
  return CancellationScope.nonCancellable(async () => {
    await run.record(state);
    return { state, steps: run.step };
  });
}

/** Begins a campaign's chain, which goes on after the campaign. Once: a campaign that is adopted finds it. */
export async function beginFollowUps({ campaignId, followUps: afterMs = [] }: CampaignInput): Promise<void> {
  try {
    await startChild<typeof followUps>(FOLLOW_UPS_WORKFLOW, {
      workflowId: followUpsWorkflowId(campaignId),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [{ campaignId, afterMs }],
      parentClosePolicy: 'ABANDON',
      staticSummary: `follow-ups of campaign ${campaignId}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** Tells the chain that its campaign has ended. It would find out by itself, only later. */
export async function tellFollowUps({ campaignId }: CampaignInput): Promise<void> {
  await getExternalWorkflowHandle(followUpsWorkflowId(campaignId))
    .signal(campaignEndedSignal)
    .catch(() => undefined);
}
