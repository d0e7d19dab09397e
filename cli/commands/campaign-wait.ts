/** `campaign wait`: until it has ended. */
import type { Command } from 'commander';
import type { CommandContext } from '../answer';
import { CommandRefused, valueOf } from '../errors';
import { createProgress } from '../progress';
import { statusAnswer } from '../status';

export function addCampaignWait(campaign: Command, { terminal, services, action }: CommandContext): void {
  campaign
    .command('wait')
    .description('wait until it has ended; exit 1 if it was cancelled or has failed. Ctrl-C ends only the waiting')
    .argument('<id>')
    .addHelpText('after', '\nExample:\n  bobcofer campaign wait 7k2m9xpa && bobcofer report 7k2m9xpa')
    .action(
      action(async (id: string) => {
        const campaigns = await services.campaigns();
        const stopper = new AbortController();
        const stop = (): void => stopper.abort();
        process.once('SIGINT', stop);
        const progress = createProgress(terminal);
        try {
          const status = valueOf(await campaigns.wait(id, { signal: stopper.signal, onProgress: progress.show }));
          progress.stop();
          return {
            ...statusAnswer(status, services),
            ...(status.state !== 'completed' && { failure: `Campaign ${id} ended ${status.state}, not completed.` }),
          };
        } catch (error) {
          progress.stop();
          if (!stopper.signal.aborted) throw error;
          throw new CommandRefused(
            `No longer waiting. The campaign goes on by itself: \`campaign status ${id}\` shows how far it is.`,
            'interrupted',
          );
        } finally {
          process.off('SIGINT', stop);
        }
      }),
    );
}
