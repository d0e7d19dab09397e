/** `campaign results`: what became of a campaign's leads, against its cost and its control group. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { resultsOf, type ResultsReport } from '../../report/results';
import { resultsSection } from '../../report/results-text';
import { createWords } from '../../report/words';
import type { CommandContext } from '../answer';
import { CommandRefused, refusal, valueOf } from '../errors';
import { refused } from '../../config/errors';
import type { Services } from '../services';

const ABOUT = `
The leads are read in amoCRM on the days that the campaign names (campaign create --results 1,7,30), counted from its
end. People are compared as they were divided at the start, whether or not the message arrived. Forward: a later stage of
the same pipeline, or won. Sums are those of leads won since, in amoCRM's currency. Shares: Newcombe's 95 % interval;
sums: Welch's, with at least 100 people and 10 who bought in each group.

Examples:
  bobcofer campaign results 7k2m9xpa
  bobcofer campaign results 7k2m9xpa --read-now`;

/** How often to look whether the reading is there (ms), and how long it is waited for. */
const LOOK_MS = 500;
const PATIENCE_MS = 10 * 60_000;

export function addCampaignResults(campaign: Command, { terminal, services, action }: CommandContext): void {
  campaign
    .command('results')
    .description("show what became of the campaign's leads: moved forward, won, sum, against the control group")
    .argument('<id>')
    .option('--read-now', 'read the leads in amoCRM now, whatever the day')
    .addHelpText('after', ABOUT)
    .action(
      action(async (id: string, { readNow }: { readNow?: true }) => {
        if (readNow) {
          terminal.doing('Reading the leads in amoCRM');
          await readNowAndWait(id, services);
        }
        const report = await reportOf(id, services);
        const words = createWords({
          language: services.speech.language,
          timezone: services.common().DEFAULT_TIMEZONE,
        });
        return { json: { campaignId: id, ...report }, text: resultsSection(report, words) };
      }),
    );
}

async function reportOf(id: string, services: Services): Promise<ResultsReport> {
  const store = await services.store();
  const found = await store.campaigns.find(id);
  if (!found) throw refusal(refused('campaign_not_found', { id }).refusal);
  const report = await resultsOf(store, found);
  if (!report) throw refusal(refused('results_none', { id }).refusal);
  return report;
}

async function readNowAndWait(id: string, services: Services): Promise<void> {
  const { results } = await services.store();
  const askedAt = Date.now();
  valueOf(await (await services.results()).readNow(id));
  while (!(await results.readings(id)).some(({ readAt }) => readAt.getTime() >= askedAt)) {
    if (Date.now() - askedAt > PATIENCE_MS) {
      throw new CommandRefused(
        `The leads are still being read. \`campaign results ${id}\` shows them later.`,
        'results_pending',
        ({ t }) => t('The leads are still being read. `campaign results {{id}}` shows them later.', { id }),
      );
    }
    await sleep(LOOK_MS);
  }
}
