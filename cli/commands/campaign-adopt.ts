/** `campaign adopt`: Temporal was moved or emptied, and the campaigns of the database are to go on in this one. */
import type { Command } from 'commander';
import type { Adopted } from '../../campaigns/adopt';
import type { CommandContext } from '../answer';
import { valueOf } from '../errors';
import { renderTable } from '../table';

const AFTERWORD = `
From now on this Temporal (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE) is the one of the database. Campaigns that it does not
know are started anew where they stood; nobody gets a second message. Series are kept in Temporal alone: make them again.

Example:
  bobcofer campaign adopt`;

export function addCampaignAdopt(campaign: Command, { terminal, services, action }: CommandContext): void {
  campaign
    .command('adopt')
    .description('after Temporal was moved or emptied: the campaigns go on in this one')
    .addHelpText('after', AFTERWORD)
    .action(
      action(async () => {
        const adopted = valueOf(await services.adopt());
        const text = renderTable<Adopted>(
          [
            { head: 'ID', cell: ({ id }) => id },
            { head: 'NAME', cell: ({ name }) => name, flexible: true },
            { head: 'STATE', cell: ({ state }) => state },
            { head: 'STARTED ANEW', cell: ({ started }) => (started ? 'yes' : 'no: its workflow is there') },
          ],
          adopted,
          { ...terminal, empty: 'No campaign goes on. This Temporal is the one of the database now.' },
        );
        return { json: { campaigns: adopted }, text };
      }),
    );
}
