/** `campaign approvals`: campaigns that wait for a second person's yes, which is given in the bot, where it is known by whom; and the history. */
import { Option, type Command } from 'commander';
import { BOM, csvText } from '../../config/csv';
import { approvalHistory, type ApprovalEntry } from '../../report/approval-history';
import type { Answer, CommandContext } from '../answer';
import { WrongUsage } from '../errors';
import { wholeNumber } from '../numbers';
import { renderTable } from '../table';
import { actorText } from '../terminal';

const AFTERWORD = `
Which campaigns need a yes: APPROVAL_PEOPLE, APPROVAL_COST, APPROVAL_CATEGORIES. It is given in the bot by an admin or
owner who neither made nor started the campaign. \`campaign cancel <id>\` takes a campaign back.

Examples:
  bobcofer campaign approvals --json
  bobcofer campaign approvals --all --format csv > approvals.csv`;

interface ApprovalsOptions {
  all?: true;
  limit: number;
  format: 'text' | 'csv';
}

export function addCampaignApprovals(campaign: Command, { terminal, services, action }: CommandContext): void {
  campaign
    .command('approvals')
    .description(
      "list campaigns that wait for a second person's approval; --all: who asked, who answered what and when",
    )
    .option('--all', 'the answered ones too, newest first')
    .option('--limit <n>', 'how many campaigns', wholeNumber('--limit'), MOST_SHOWN)
    .addOption(new Option('--format <format>', 'format of the list').choices(['text', 'csv']).default('text'))
    .addHelpText('after', AFTERWORD)
    .action(
      action(async ({ all, limit, format }: ApprovalsOptions): Promise<Answer> => {
        if (terminal.json && format === 'csv') throw new WrongUsage('--format csv: expected no --json with it');
        if (format === 'csv' && !all) throw new WrongUsage('--format csv: expected --all with it');
        return all ? history(limit, format) : waiting(limit);
      }),
    );

  async function history(limit: number, format: ApprovalsOptions['format']): Promise<Answer> {
    const entries = await approvalHistory(await services.store(), { limit });
    const askedBy = ({ makers }: ApprovalEntry): string =>
      makers.map((id) => actorText({ kind: 'telegram', id })).join(', ') || 'cli';
    const answeredBy = (entry: ApprovalEntry): string => (entry.answeredBy ? actorText(entry.answeredBy) : '');
    if (format === 'csv') {
      const rows = entries.map((entry) => [
        ...[entry.campaignId, entry.name, String(entry.people), entry.state, askedBy(entry)],
        ...[entry.askedAt.toISOString(), answeredBy(entry), entry.answeredAt?.toISOString() ?? '', entry.reason ?? ''],
      ]);
      return { json: undefined, text: BOM + csvText([COLUMNS, ...rows], 'en') };
    }
    const text = renderTable<ApprovalEntry>(
      [
        { head: 'ID', cell: ({ campaignId }) => campaignId },
        { head: 'NAME', cell: ({ name }) => name, flexible: true },
        { head: 'PEOPLE', cell: ({ people }) => people },
        { head: 'ASKED BY', cell: askedBy },
        { head: 'ASKED', cell: ({ askedAt }) => services.showTime(askedAt) },
        { head: 'ANSWER', cell: ({ state }) => state },
        { head: 'BY', cell: answeredBy },
        { head: 'AT', cell: ({ answeredAt }) => services.showTime(answeredAt) },
        { head: 'REASON', cell: ({ reason }) => reason ?? '', flexible: true },
      ],
      entries,
      { ...terminal, empty: 'No campaign has needed an approval.' },
    );
    return { json: entries, text };
  }

  async function waiting(limit: number): Promise<Answer> {
    const { approvals, campaigns } = await services.store();
    const open = await Promise.all(
      (await approvals.open(limit)).map(async (one) => ({
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
      open,
      { ...terminal, empty: 'No campaign waits for an approval.' },
    );
    return { json: open, text };
  }
}

const MOST_SHOWN = 100;
const COLUMNS = [
  'campaign',
  'name',
  'people',
  'answer',
  'asked_by',
  'asked_at',
  'answered_by',
  'answered_at',
  'reason',
];
