/** `campaign schedule`: recurring campaigns. */
import type { Command } from 'commander';
import type { Series } from '../../campaigns/contract';
import type { CommandContext } from '../answer';
import { valueOf } from '../errors';
import { warningText } from '../preflight';
import { renderTable } from '../table';

const EXAMPLES = `
Examples:
  bobcofer campaign schedule create --campaign 7k2m9xpa --cron "0 10 * * 2"
  bobcofer campaign schedule create --campaign 7k2m9xpa --cron "30 9 1 * *" --timezone Asia/Omsk --name "First of the month"

The five fields of --cron: minute (one number), hour, day, month, day of the week (0 = Sunday).`;

const BY = { kind: 'cli' } as const;

export function addSchedule(campaign: Command, { terminal, services, action }: CommandContext): void {
  const schedule = campaign.command('schedule').description('Recurring campaigns: create, list, pause, resume, delete');

  schedule
    .command('create')
    .description('repeat a campaign: each time a new campaign like it is created and started')
    .requiredOption('--campaign <id>', 'the campaign to repeat: a draft or an earlier one')
    .requiredOption('--cron <expression>', 'when, as five cron fields')
    .option('--timezone <zone>', 'time zone of --cron (default: DEFAULT_TIMEZONE)')
    .option('--name <name>', "name of its campaigns, followed by the day (default: the campaign's name)")
    .addHelpText('after', EXAMPLES)
    .action(
      action(async (options: { campaign: string; cron: string; timezone?: string; name?: string }) => {
        const { campaign: campaignId, ...rest } = options;
        const series = valueOf(await (await services.series()).create({ campaignId, ...rest, by: BY }));
        return { json: series, text: describe(series) };
      }),
    );

  schedule
    .command('list')
    .description('list recurring campaigns, soonest first')
    .addHelpText('after', '\nExample:\n  bobcofer campaign schedule list')
    .action(
      action(async () => {
        const list = valueOf(await (await services.series()).list());
        const text = renderTable<Series>(
          [
            { head: 'ID', cell: ({ id }) => id },
            { head: 'NAME', cell: ({ name }) => name, flexible: true },
            { head: 'TEMPLATE', cell: ({ template }) => template, flexible: true },
            { head: 'CRON', cell: ({ cron }) => cron },
            { head: 'ZONE', cell: ({ timezone }) => timezone },
            { head: 'NEXT', cell: ({ next, paused }) => (paused ? 'paused' : services.showTime(next[0])) },
            { head: 'FIRED', cell: ({ fired }) => fired },
          ],
          list,
          {
            ...terminal,
            empty: 'There are no recurring campaigns. `campaign schedule create --help` shows how to create one.',
          },
        );
        return { json: list, text };
      }),
    );

  for (const [command, description] of [
    ['pause', 'stop firing for now; campaigns it has created continue'],
    ['resume', 'continue after a pause'],
  ] as const) {
    schedule
      .command(command)
      .description(description)
      .argument('<id>')
      .addHelpText('after', `\nExample:\n  bobcofer campaign schedule ${command} 7k2m9x`)
      .action(
        action(async (id: string) => {
          const series = valueOf(await (await services.series())[command](id, BY));
          return { json: series, text: describe(series) };
        }),
      );
  }

  schedule
    .command('delete')
    .description('stop firing for good; campaigns it has created continue')
    .argument('<id>')
    .addHelpText('after', '\nExample:\n  bobcofer campaign schedule delete 7k2m9x')
    .action(
      action(async (id: string) => {
        valueOf(await (await services.series()).remove(id, BY));
        return {
          json: { id, deleted: true },
          text: services.speech.t('Schedule {{id}} is deleted. Campaigns it has created continue.', { id }),
        };
      }),
    );

  function describe({ id, name, cron, timezone, paused, next, warnings }: Series): string {
    return [
      `${name} (${id}): ${cron}, ${timezone}${paused ? services.speech.t(', paused') : ''}`,
      ...(next[0] ? [services.speech.t('next {{at}}', { at: services.showTime(next[0]) })] : []),
      ...warnings.map((one) => warningText(one, services.speech)),
    ].join('\n');
  }
}
