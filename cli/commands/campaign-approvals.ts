/** `campaign approvals`: campaigns that wait for a second person's yes, which is given in the bot, where it is known by whom. */
import type { Command } from 'commander';
import type { CommandContext } from '../answer';
import { renderTable } from '../table';

const AFTERWORD = `
Which campaigns need a yes: APPROVAL_PEOPLE, APPROVAL_COST, APPROVAL_CATEGORIES. It is given in the bot by an admin or
owner who neither made nor started the campaign. \`campaign cancel <id>\` takes a campaign back.

Example:
  bobcofer campaign approvals --json`;

export function addCampaignApprovals(campaign: Command, { terminal, services, action }: CommandContext): void {
  campaign
    .command('approvals')
    .description("list campaigns that wait for a second person's approval")
    .addHelpText('after', AFTERWORD)
    .action(
      action(async () => {
        const { approvals, campaigns } = await services.store();
        const waiting = await Promise.all(
          (await approvals.open(MOST_SHOWN)).map(async (one) => ({
            id: one._id,
            name: (await campaigns.find(one._id))?.spec.name ?? '',
            askedAt: one.askedAt,
            endsAt: one.endsAt,
            makers: one.makers,
            people: one.facts.people,
            costUpTo: one.facts.cost?.to,
            reasons: one.facts.reasons,
          })),
        );
        const text = renderTable(
          [
            { head: 'ID', cell: ({ id }) => id },
            { head: 'NAME', cell: ({ name }) => name, flexible: true },
            { head: 'PEOPLE', cell: ({ people }) => people },
            { head: 'WHY', cell: ({ reasons }) => reasons.join(', ') },
            { head: 'ASKED', cell: ({ askedAt }) => services.showTime(askedAt) },
            { head: 'UNTIL', cell: ({ endsAt }) => services.showTime(endsAt) },
          ],
          waiting,
          { ...terminal, empty: 'No campaign waits for an approval.' },
        );
        return { json: waiting, text };
      }),
    );
}

const MOST_SHOWN = 100;
