/** `campaign adopt`: continues the database's campaigns in this Temporal after Temporal was moved or emptied. */
import type { Command } from 'commander';
import type { Adopted } from '../../campaigns/adopt';
import type { CommandContext } from '../answer';
import { valueOf } from '../errors';
import { renderTable } from '../table';

const AFTERWORD = `
From now on the database belongs to this Temporal (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE). Campaigns that it does not
know start again where they were; no one gets a second message. Series exist only in Temporal: create them again.

Example:
  bobcofer campaign adopt`;

export function addCampaignAdopt(campaign: Command, { terminal, services, action }: CommandContext): void {
  campaign
    .command('adopt')
    .description('run after Temporal was moved or emptied: continues the campaigns in this one')
    .addHelpText('after', AFTERWORD)
    .action(
      action(async () => {
        const adopted = valueOf(await services.adopt());
        const text = renderTable<Adopted>(
          [
            { head: 'ID', cell: ({ id }) => id },
            { head: 'NAME', cell: ({ name }) => name, flexible: true },
            { head: 'STATE', cell: ({ state }) => state },
            {
              head: 'STARTED AGAIN',
              cell: ({ started }) => terminal.speech.t(started ? 'yes' : 'no: its workflow exists'),
            },
          ],
          adopted,
          { ...terminal, empty: 'There are no active campaigns. The database now belongs to this Temporal.' },
        );
        return { json: { campaigns: adopted }, text };
      }),
    );
}
