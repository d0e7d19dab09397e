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
import { beginWriteBack } from './write-back';

/** How many due deliveries of a retry wave are fetched at once. */
const WAVE_PAGE = 500;
/**
 * The longest sleep towards a wave (ms). Whoever puts a delivery back wakes the campaign; should that word be lost,
 * it looks by itself.
 */
const LOOKS_AGAIN_MS = 30 * 60_000;

export async function campaign(input: CampaignInput): Promise<CampaignResult> {
  const run = new CampaignRun(input);
  listenForCommands(run);
  try {
    if (!input.carried) {
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
    // By the button in the Temporal UI, say: the campaign closes in order, then the run ends as Cancelled.
    await finish(run, run.cancel('Temporal'));
    throw error;
  }
  return finish(run, 'completed');
}

/** The first pass: every sendable delivery once, in order. */
async function sendAll(run: CampaignRun): Promise<void> {
  while (run.next < run.sendable) {
    await run.sends.sendWhile(() => (run.next < run.sendable ? run.next++ : undefined));
    run.checkStop();
    if (run.sends.isFull) await goOnAsNew(run);
  }
}

/** Retry waves as they fall due, then waiting for receipts until all are in, or none has come for long enough. */
async function settle(run: CampaignRun): Promise<void> {
  const { campaignId, settle: limits } = run.input;
  if (!run.settling) {
    run.settling = { sinceMs: Date.now(), changedMs: Date.now(), awaiting: -1, polls: 0 };
    await run.whenGoing(() => run.enter('settling'));
  }
  for (;;) {
    // Before the count: what is put back while it is under way may not be in it, and must not be slept over.
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
        // The receipts of a wave, which may be of days later, have their time anew.
        run.settling.sinceMs = Date.now();
      }
    } else {
      const awaiting = awaitingReceipt(ledger);
      const { settling } = run;
      if (awaiting !== settling.awaiting) Object.assign(settling, { awaiting, changedMs: now, polls: 0 });
      if (awaiting === 0 || now - settling.changedMs >= limits.quietMs || now - settling.sinceMs >= limits.maxMs) {
        // A retry that is being carried out is answered with yes: those it puts back are sent.
        if (!allHandlersFinished()) {
          await condition(allHandlersFinished);
          run.checkStop();
          continue;
        }
        // In one go with the check: a pause that is answered with yes must hold.
        return await run.whenGoing(() => run.close('completed'));
      }
      await run.sleep(settlePollMs(settling.polls++), 'wait for receipts', wakes);
    }
    if (run.sends.isFull) await goOnAsNew(run);
  }
}

/** Sends what is due of the deliveries that went back to the queue. */
async function sendWave(run: CampaignRun): Promise<void> {
  const { campaignId } = run.input;
  const due = await light.dueDeliveries.executeWithOptions({ summary: 'retry wave: who is due' }, [
    { campaignId, after: 0, limit: WAVE_PAGE },
  ]);
  await run.sends.sendWhile(() => due.shift());
  run.checkStop();
}

/** A fresh history for the rest. Commands being carried out are finished first: they would be lost. */
async function goOnAsNew(run: CampaignRun): Promise<never> {
  do {
    await condition(allHandlersFinished);
    run.checkStop();
  } while (!allHandlersFinished());
  return continueAsNew<typeof campaign>(run.carry());
}

/**
 * Whatever the end: nothing stays queued, the ledger is closed, the admins are told. It is not to be cut short: a
 * cancellation that comes only now finds the campaign at its end, and the run ends with the campaign's result.
 */
function finish(run: CampaignRun, end: 'completed' | CampaignStopped): Promise<CampaignResult> {
  return CancellationScope.nonCancellable(async () => {
    const { campaignId } = run.input;
    run.close(end === 'completed' ? end : end.state);
    // What a send or a command under way puts back later would stay in the queue for good.
    await run.sends.endOfSends();
    await condition(allHandlersFinished);
    if (end !== 'completed') {
      await light.skipQueued.executeWithOptions({ summary: 'nobody else is sent to' }, [
        { campaignId, ...run.remembered },
      ]);
    }
    const ledger = await light.closeLedger.executeWithOptions({ summary: 'close the ledger' }, [
      { campaignId, ...run.remembered },
    ]);
    await (end === 'completed' ? run.enter('completed') : run.enter(end.state, end.reason));
    await beginWriteBack(campaignId);
    await run.tellAdmins('ended', 'report to the admins');
    await condition(allHandlersFinished);
    return { state: run.state, ledger };
  });
}
