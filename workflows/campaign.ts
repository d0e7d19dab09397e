/**
 * The campaign workflow: one campaign from its confirmation to its report.
 *
 * It carries integers only. No phone, name or text enters Temporal's history.
 */
import { allHandlersFinished, CancellationScope, condition, continueAsNew, isCancellation } from '@temporalio/workflow';
import { awaitingReceipt } from '../domain/story/ledger';
import { settlePollMs } from '../domain/story/settling';
import { light } from './activities';
import { CampaignRun, CampaignStopped } from './campaign-run';
import { listenForCommands } from './commands';
import type { CampaignInput, CampaignResult } from './messages';
import { watchCanary } from './canary';
import { awaitWinner } from './winner';
import { beginFollowUps, tellFollowUps } from './follow-ups';
import { beginResults } from './results';
import { beginWriteBack } from './write-back';

/** How many due deliveries of a retry wave are fetched at once. */
const WAVE_PAGE = 500;
/**
 * The longest sleep before a wave (ms). Putting a delivery back wakes the campaign; if that signal is lost, the
 * campaign checks by itself.
 */
const LOOKS_AGAIN_MS = 30 * 60_000;

export async function campaign(input: CampaignInput): Promise<CampaignResult> {
  const run = new CampaignRun(input);
  listenForCommands(run);
  try {
    if (!input.carried) {
      if (input.followUps) await beginFollowUps(input);
      if (run.state === 'scheduled') {
        await run.enter('scheduled');
        await run.waitForStart();
        await run.obeyLatePolicy();
        await run.obeyHold();
      }
      await run.enter('preparing');
      await run.prepareAudience();
      await run.enter('running');
      await run.obeyHold();
    }
    await sendAll(run);
    await settle(run);
  } catch (error) {
    if (error instanceof CampaignStopped) return finish(run, error);
    if (!isCancellation(error)) throw error;
    // For example by the button in the Temporal UI: the campaign closes properly, then the run ends as Cancelled.
    await finish(run, run.cancel('Temporal'));
    throw error;
  }
  return finish(run, 'completed');
}

/** The first pass: every sendable delivery once, in order, and between them the retries that fall due. A canary goes alone, and so does a test of variants. */
async function sendAll(run: CampaignRun): Promise<void> {
  while (run.next < run.sendable) {
    const upTo = run.mayReach;
    await run.sends.sendWhile(() => (run.next < upTo ? (run.retries.take() ?? run.next++) : undefined));
    run.checkStop();
    if (run.sends.isFull) await goOnAsNew(run);
    if (run.next < upTo || upTo === run.sendable) continue;
    await (upTo === run.canaryEnd ? watchCanary(run, upTo) : awaitWinner(run, upTo));
  }
}

/**
 * Runs retry waves when they are due, then waits for receipts until all have arrived or none has come for long enough.
 */
async function settle(run: CampaignRun): Promise<void> {
  const { campaignId, settle: limits } = run.input;
  // The run before may have left some without their answers.
  await run.sends.endOfSends();
  run.checkStop();
  if (!run.settling) {
    run.settling = { sinceMs: Date.now(), changedMs: Date.now(), awaiting: -1, polls: 0 };
    await run.whenGoing(() => run.enter('settling'));
  }
  for (;;) {
    // Read before the count: deliveries put back during the count may be missing from it and must not be slept over.
    const { wakes } = run;
    const { ledger, nextDueAt, trouble } = await light.takeStock.executeWithOptions({ summary: 'count the ledger' }, [
      { campaignId, ...run.remembered },
    ]);
    if (trouble) {
      await run.standStill(trouble);
      await run.whenGoing(() => undefined);
      continue;
    }
    const now = Date.now();
    if (nextDueAt !== undefined) {
      const leftMs = Math.min(nextDueAt - now, LOOKS_AGAIN_MS);
      const isWoken = leftMs > 0 && (await run.sleep(leftMs, 'until the next retry wave', wakes));
      if (isWoken || Date.now() >= nextDueAt) {
        await sendWave(run);
        // A wave's receipts may come days later, so their waiting time starts anew.
        run.settling.sinceMs = Date.now();
      }
    } else {
      const awaiting = awaitingReceipt(ledger);
      const { settling } = run;
      if (awaiting !== settling.awaiting) Object.assign(settling, { awaiting, changedMs: now, polls: 0 });
      if (awaiting === 0 || now - settling.changedMs >= limits.quietMs || now - settling.sinceMs >= limits.maxMs) {
        // A retry in progress has been confirmed, so the deliveries it puts back must be sent.
        if (!allHandlersFinished()) {
          await condition(allHandlersFinished);
          run.checkStop();
          continue;
        }
        // Synchronous with the check: a confirmed pause must hold.
        return await run.whenGoing(() => run.close('completed'));
      }
      await run.sleep(settlePollMs(settling.polls++), 'wait for receipts', wakes);
    }
    if (run.sends.isFull) await goOnAsNew(run);
  }
}

/** Sends the due deliveries that went back to the queue. */
async function sendWave(run: CampaignRun): Promise<void> {
  const { campaignId } = run.input;
  const due = await light.dueDeliveries.executeWithOptions({ summary: 'retry wave: fetch due deliveries' }, [
    { campaignId, after: 0, limit: WAVE_PAGE },
  ]);
  due.forEach((n) => run.sends.doubt(n));
  await run.sends.sendWhile(() => due.shift());
  run.checkStop();
}

/** Continues in a fresh history. Commands in progress finish first, because they would be lost. */
async function goOnAsNew(run: CampaignRun): Promise<never> {
  do {
    await condition(allHandlersFinished);
    run.checkStop();
  } while (!allHandlersFinished());
  return continueAsNew<typeof campaign>(run.carry());
}

/**
 * Whatever the end: nothing stays queued, the ledger is closed, the admins are told. It cannot be cut short: a
 * cancellation that arrives now changes nothing, and the run ends with the campaign's result.
 */
function finish(run: CampaignRun, end: 'completed' | CampaignStopped): Promise<CampaignResult> {
  return CancellationScope.nonCancellable(async () => {
    const { campaignId } = run.input;
    run.close(end === 'completed' ? end : end.state);
    // A delivery that a send or command puts back later would stay queued for good.
    await run.sends.endOfSends();
    await condition(allHandlersFinished);
    if (end !== 'completed') {
      await light.skipQueued.executeWithOptions({ summary: 'skip the rest of the queue' }, [
        { campaignId, ...run.remembered },
      ]);
    }
    const ledger = await light.closeLedger.executeWithOptions({ summary: 'close the ledger' }, [
      { campaignId, ...run.remembered },
    ]);
    await (end === 'completed' ? run.enter('completed') : run.enter(end.state, end.reason));
    await beginWriteBack(campaignId);
    if (run.input.followUps) await tellFollowUps(run.input);
    if (run.input.results) await beginResults(campaignId);
    await run.tellAdmins('ended', 'report to the admins');
    await condition(allHandlersFinished);
    return { state: run.state, ledger };
  });
}
