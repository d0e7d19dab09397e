/** The pause after a campaign's first people: watched for a while, then it goes on by itself or an admin is asked. */
import { condition } from '@temporalio/workflow';
import { light } from './activities';
import type { CampaignRun } from './campaign-run';

/** Resolves once the rest may get it. Throws if the campaign must end. */
export async function watchCanary(run: CampaignRun, people: number): Promise<void> {
  const { campaignId } = run.input;
  const until = run.watchCanaryUntil();
  const leftMs = until - Date.now();
  if (leftMs > 0) {
    await condition(() => run.isStopped, leftMs, { summary: `canary: watch the first ${people}` });
    run.checkStop();
  }
  for (;;) {
    const { trouble } = await run.whenGoing(() =>
      light.judgeCanary.executeWithOptions({ summary: `canary: judge the first ${people}` }, [{ campaignId }]),
    );
    run.checkStop();
    // Paused meanwhile for another reason: whoever resumes it has not been asked this.
    if (trouble && run.isPaused) continue;
    if (trouble) {
      await run.standStill(trouble);
      await run.whenGoing(() => undefined);
    }
    break;
  }
  run.passCanary();
}
