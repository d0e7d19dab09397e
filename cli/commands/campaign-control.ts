/** `campaign`: start, pause, resume, cancel, look at. */
import type { Command } from 'commander';
import type { CampaignStatus } from '../../campaigns/contract';
import { doneCount } from '../../domain/story/ledger';
import type { Answer, CommandContext } from '../answer';
import { valueOf } from '../errors';
import { wholeNumber } from '../numbers';
import { statusAnswer, statusDocument } from '../status';
import { renderTable } from '../table';
import { addCampaignAdopt } from './campaign-adopt';
import { addCampaignChange } from './campaign-change';
import { addCampaignCreate } from './campaign-create';
import { addCampaignRetry } from './campaign-retry';
import { addCampaignWait } from './campaign-wait';
import { addSchedule } from './schedule';

/** The commands that a running campaign obeys. */
const CONTROLS = [
  ['pause', 'stop sending for now; sends in flight finish'],
  ['resume', 'go on after a pause'],
  ['cancel', 'end it: whoever was not sent to is skipped, and the report is written'],
] as const;

export function addCampaign(program: Command, context: CommandContext): void {
  const { terminal, services, action } = context;
  const campaign = program.command('campaign').description('Campaigns: create, start, watch, control');
  const answer = (status: CampaignStatus): Answer => statusAnswer(status, services);

  addCampaignCreate(campaign, context);

  campaign
    .command('start')
    .description('start a draft now; starting twice is starting once')
    .argument('<id>')
    .addHelpText('after', '\nExample:\n  bobcofer campaign start 7k2m9xpa')
    .action(action(async (id: string) => answer(valueOf(await (await services.campaigns()).start(id)))));

  for (const [command, description] of CONTROLS) {
    campaign
      .command(command)
      .description(description)
      .argument('<id>')
      .addHelpText('after', `\nExample:\n  bobcofer campaign ${command} 7k2m9xpa`)
      .action(
        action(async (id: string) => {
          const campaigns = await services.campaigns();
          return answer(valueOf(await campaigns.command(id, { command, by: { kind: 'cli' } })));
        }),
      );
  }

  addCampaignChange(campaign, context);
  addCampaignRetry(campaign, context);

  campaign
    .command('status')
    .description('show the state and the ledger: each delivery counted once, at its furthest state')
    .argument('<id>')
    .addHelpText('after', '\nExample:\n  bobcofer campaign status 7k2m9xpa --json')
    .action(
      action(async (id: string) => answer(valueOf(await (await services.campaigns()).status(id, { fresh: true })))),
    );

  campaign
    .command('list')
    .description('show the campaigns, newest first')
    .option('--limit <n>', 'how many at most', wholeNumber('--limit'), 20)
    .addHelpText('after', '\nExample:\n  bobcofer campaign list --limit 5')
    .action(
      action(async ({ limit }: { limit: number }) => {
        const list = await (await services.campaigns()).list({ limit });
        const text = renderTable<CampaignStatus>(
          [
            { head: 'ID', cell: ({ id }) => id },
            { head: 'NAME', cell: ({ name }) => name, flexible: true },
            { head: 'STATE', cell: ({ state }) => state },
            { head: 'TEMPLATE', cell: ({ template }) => template, flexible: true },
            { head: 'PEOPLE', cell: ({ ledger }) => ledger.total },
            { head: 'DONE', cell: ({ ledger }) => doneCount(ledger) },
            { head: 'FAILED', cell: ({ ledger }) => ledger.failed },
            { head: 'CREATED', cell: ({ createdAt }) => services.showTime(createdAt) },
          ],
          list,
          { ...terminal, empty: 'There are no campaigns. `campaign create --help` shows how to make one.' },
        );
        return { json: list.map(statusDocument), text };
      }),
    );

  addCampaignAdopt(campaign, context);
  addCampaignWait(campaign, context);
  addSchedule(campaign, context);
}
