/** `audit`: who did what and when, and who saw which report. */
import { Option, type Command } from 'commander';
import { BOM, csvText } from '../../config/csv';
import type { AuditDocument, AuditFilter } from '../../store/audit';
import type { Answer, CommandContext } from '../answer';
import { WrongUsage } from '../errors';
import { wholeNumber } from '../numbers';
import { writeOut } from '../out';
import { actorText } from '../terminal';
import { renderTable } from '../table';
import { parseRangeEdge } from '../time';
import { changeText } from '../../report/change';

interface AuditOptions {
  who?: string;
  campaign?: string;
  from?: string;
  to?: string;
  limit: number;
  format: 'text' | 'csv';
  out?: string;
}

const AFTERWORD = `
--who takes a Telegram id, or cli, telegram or system. Times in the CSV are UTC; --format csv without --limit exports all.

Examples:
  bobcofer audit list --who 123456789 --from 2026-11-01
  bobcofer audit list --campaign 7k2m9xpa --json
  bobcofer audit list --format csv --out audit.csv`;

const LIMIT = 50;
const COLUMNS = ['at', 'who', 'name', 'action', 'what', 'campaign', 'phone', 'before', 'after'];

export function addAudit(program: Command, { terminal, services, action }: CommandContext): void {
  program
    .command('audit')
    .description('Who did what and when, and who saw which report')
    .command('list')
    .description('list what was done, newest first')
    .option('--who <who>', 'only by this person (Telegram id), or by cli, telegram or system')
    .option('--campaign <id>', 'only about this campaign')
    .option('--from <date>', 'first day, or time')
    .option('--to <date>', 'last day (inclusive), or time')
    .option('--limit <n>', `how many; default: ${LIMIT}, or all as CSV`, wholeNumber('--limit'))
    .addOption(new Option('--format <format>', 'format of the list').choices(['text', 'csv']).default('text'))
    .option('--out <file>', 'write the CSV to this file')
    .addHelpText('after', AFTERWORD)
    .action(
      action(async (options: AuditOptions): Promise<Answer> => {
        const { format, out, limit = format === 'csv' ? 0 : LIMIT } = options;
        if (out !== undefined && format !== 'csv') throw new WrongUsage('--out: expected --format csv with it');
        if (terminal.json && format === 'csv' && out === undefined) {
          throw new WrongUsage('--json with --format csv: expected --out FILE for the CSV, or --json alone');
        }
        const filter = filterOf(options);
        const { audit } = await services.store();
        const found = audit.find(filter, { limit });
        if (format === 'csv') {
          if (out === undefined) return { json: undefined, text: csvOf(found) };
          await writeOut(out, csvOf(found));
          return { json: { file: out, format }, text: services.speech.t('Written: {{file}}', { file: out }) };
        }
        const entries = await found.toArray();
        const text = renderTable<AuditDocument>(
          [
            { head: 'AT', cell: ({ at }) => services.showTime(at) },
            { head: 'WHO', cell: ({ actor }) => actorText(actor) },
            { head: 'NAME', cell: ({ name }) => name ?? '', flexible: true },
            { head: 'ACTION', cell: ({ action: what }) => what },
            { head: 'WHAT', cell: ({ what }) => what ?? '', flexible: true },
            { head: 'CAMPAIGN', cell: ({ campaignId }) => campaignId ?? '' },
            { head: 'CHANGE', cell: (entry) => changeText(entry), flexible: true },
          ],
          entries,
          { ...terminal, empty: 'Nothing is recorded that fits.' },
        );
        return { json: entries.map(({ _id, ...entry }) => ({ id: _id, ...entry })), text };
      }),
    );

  function filterOf({ who, campaign: campaignId, from, to }: AuditOptions): AuditFilter {
    const zone = services.common().DEFAULT_TIMEZONE;
    const filter: AuditFilter = {
      ...(who !== undefined && { who: whoOf(who) }),
      ...(campaignId !== undefined && { campaignId }),
      ...(from !== undefined && { from: parseRangeEdge('--from', from, zone, 'start') }),
      ...(to !== undefined && { to: parseRangeEdge('--to', to, zone, 'end') }),
    };
    if (filter.from && filter.to && filter.from >= filter.to) {
      throw new WrongUsage('--from: expected a time before --to {{to}}, got {{from}}', { to: to!, from: from! });
    }
    return filter;
  }
}

function whoOf(text: string): NonNullable<AuditFilter['who']> {
  const kind = (['telegram', 'cli', 'system'] as const).find((one) => one === text);
  if (kind) return kind;
  if (/^[1-9]\d{0,15}$/.test(text)) return Number(text);
  throw new WrongUsage('--who: expected a Telegram id, or cli, telegram or system, got "{{text}}"', { text });
}

async function* csvOf(entries: AsyncIterable<AuditDocument>): AsyncGenerator<string> {
  yield BOM + csvText([COLUMNS], 'en');
  for await (const { at, actor, name = '', action, what = '', campaignId = '', phone = '', before, after } of entries) {
    const change = [before, after].map((facts) => (facts ? JSON.stringify(facts) : ''));
    yield csvText([[at.toISOString(), actorText(actor), name, action, what, campaignId, phone, ...change]], 'en');
  }
}
