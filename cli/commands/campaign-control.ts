/** `campaign`: start, pause, resume, cancel, change the rate or the start, look at, wait for. */
import type { Command } from 'commander';
import type { CampaignStatus, CommandRequest } from '../../campaigns/contract';
import { doneCount } from '../../domain/story/ledger';
import type { Answer, CommandContext } from '../answer';
import { CommandRefused, valueOf } from '../errors';
import { positiveNumber, wholeNumber } from '../numbers';
import { warningText } from '../preflight';
import { createProgress } from '../progress';
import type { Services } from '../services';
import { statusAnswer, statusDocument } from '../status';
import { renderTable } from '../table';
import { parseFutureMoment } from '../time';
import { addCampaignAdopt } from './campaign-adopt';
import { addCampaignApprovals } from './campaign-approvals';
import { addCampaignCreate } from './campaign-create';
import { addCampaignFollowUps } from './campaign-follow-ups';
import { addCampaignResults } from './campaign-results';
import { addCampaignRetry } from './campaign-retry';
import { addCampaignWinner } from './campaign-winner';
import { addSchedule } from './schedule';

/** Commands to a running campaign. */
const CONTROLS = [
  ['pause', 'stop sending for now; sends in flight finish'],
  ['resume', 'continue after a pause'],
  ['cancel', 'end it: people not yet messaged are skipped, and the report is written'],
] as const;

const MOVE_EXAMPLES = `
Examples:
  bobcofer campaign move 7k2m9xpa --sender ShopTwo
  bobcofer campaign move 7k2m9xpa --sender ShopOne ShopTwo

A paused campaign stays paused: resume it then. One that had paused because its sender was missing goes on by itself.`;

const BACK_EXAMPLES = `
Examples:
  bobcofer campaign back 7k2m9xpa
  bobcofer campaign back 7k2m9xpa --sender ShopTwo

A sender stands aside when it cannot send while others can; \`campaign status\` says why. Most come back by themselves.`;

export function addCampaign(program: Command, context: CommandContext): void {
  const { terminal, services, action } = context;
  const campaign = program.command('campaign').description('Campaigns: create, start, watch, control');
  const answer = (status: CampaignStatus): Answer => statusAnswer(status, services);

  addCampaignCreate(campaign, context);

  campaign
    .command('start')
    .description('start a draft now; starting it again has no effect')
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

  campaign
    .command('move')
    .description(
      'send the rest from other senders that have the same approved template; the campaign must be paused or scheduled',
    )
    .argument('<id>')
    .requiredOption('--sender <app...>', 'the Gupshup app; several send together')
    .addHelpText('after', MOVE_EXAMPLES)
    .action(
      action(async (id: string, { sender: senders }: { sender: string[] }) => {
        const campaigns = await services.campaigns();
        return answer(valueOf(await campaigns.command(id, { command: 'move', senders, by: { kind: 'cli' } })));
      }),
    );

  campaign
    .command('back')
    .description('let senders send again that stand aside in a campaign of several; without --sender all of them')
    .argument('<id>')
    .option('--sender <app...>', 'only these')
    .addHelpText('after', BACK_EXAMPLES)
    .action(
      action(async (id: string, { sender: only }: { sender?: string[] }) => {
        const campaigns = await services.campaigns();
        let status = valueOf(await campaigns.status(id));
        for (const sender of only ?? (status.aside ?? []).map((one) => one.sender))
          status = valueOf(await campaigns.command(id, { command: 'back', sender, by: { kind: 'cli' } }));
        return answer(status);
      }),
    );

  addCampaignChange(campaign, context);
  addCampaignRetry(campaign, context);
  addCampaignResults(campaign, context);

  campaign
    .command('status')
    .description('show the state and the ledger, which counts each delivery once, at its furthest state')
    .argument('<id>')
    .addHelpText('after', '\nExample:\n  bobcofer campaign status 7k2m9xpa --json')
    .action(
      action(async (id: string) => answer(valueOf(await (await services.campaigns()).status(id, { fresh: true })))),
    );

  campaign
    .command('list')
    .description('list campaigns, newest first')
    .option('--limit <n>', 'maximum number to show', wholeNumber('--limit'), 20)
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
          { ...terminal, empty: 'There are no campaigns. `campaign create --help` shows how to create one.' },
        );
        return { json: list.map(statusDocument), text };
      }),
    );

  addCampaignWinner(campaign, context);
  addCampaignFollowUps(campaign, context);
  addCampaignApprovals(campaign, context);
  addCampaignAdopt(campaign, context);
  addCampaignWait(campaign, context);
  addSchedule(campaign, context);
}

const by = { kind: 'cli' as const };

function addCampaignChange(campaign: Command, { terminal, services, action }: CommandContext): void {
  const tell = async (id: string, request: CommandRequest): Promise<Answer> =>
    statusAnswer(valueOf(await (await services.campaigns()).command(id, { ...request, by })), services);

  campaign
    .command('rate')
    .description('change the rate of a campaign at once; this ends a spread')
    .argument('<id>')
    .argument('<perSecond>', 'maximum messages per second', positiveNumber('<perSecond>'))
    .addHelpText('after', '\nExample:\n  bobcofer campaign rate 7k2m9xpa 5')
    .action(
      action(async (id: string, ratePerSecond: number) => {
        const status = valueOf(
          await (await services.campaigns()).command(id, { command: 'setRate', ratePerSecond, by }),
        );
        const { ratePerSecond: cap } = status;
        if (cap < ratePerSecond)
          terminal.note(warningText({ code: 'rate_above_cap', values: { rate: ratePerSecond, cap } }, terminal.speech));
        return statusAnswer(status, services);
      }),
    );

  campaign
    .command('reschedule')
    .description('change the start time of a scheduled campaign')
    .argument('<id>')
    .argument('<time>', 'ISO 8601, with a zone or in DEFAULT_TIMEZONE')
    .addHelpText('after', '\nExample:\n  bobcofer campaign reschedule 7k2m9xpa 2026-12-01T10:00')
    .action(
      action((id: string, time: string) => {
        const at = parseFutureMoment('<time>', time, services.common().DEFAULT_TIMEZONE, new Date());
        return tell(id, { command: 'reschedule', at });
      }),
    );
}

function addCampaignWait(campaign: Command, { terminal, services, action }: CommandContext): void {
  campaign
    .command('wait')
    .description('wait until it has ended; exit 1 if it was cancelled or failed. Ctrl-C stops only the waiting')
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
            ...(status.state !== 'completed' && notCompleted(status, services)),
          };
        } catch (error) {
          progress.stop();
          if (!stopper.signal.aborted) throw error;
          throw new CommandRefused(
            `No longer waiting. The campaign continues by itself: \`campaign status ${id}\` shows its progress.`,
            'interrupted',
            ({ t }) =>
              t('No longer waiting. The campaign continues by itself: `campaign status {{id}}` shows its progress.', {
                id,
              }),
          );
        } finally {
          process.off('SIGINT', stop);
        }
      }),
    );
}

function notCompleted({ id, state }: CampaignStatus, { speech }: Services): Pick<Answer, 'failure' | 'failureSaid'> {
  const word = speech.language === 'en' ? state : speech.text(`words.campaignStates.${state}`);
  return {
    failure: `Campaign ${id} ended ${state}, not completed.`,
    failureSaid: speech.t('Campaign {{id}} ended {{state}}, not completed.', { id, state: word }),
  };
}
