/** `suppress`: the numbers that must not be messaged. */
import { Option, type Command } from 'commander';
import { SUPPRESSION_REASONS, SUPPRESSION_SCOPES, type SuppressionScope } from '../../domain/opt-outs/suppression';
import type { PossibleOptOutDocument } from '../../store/possible-opt-outs';
import type { Suppression } from '../../store/suppressions';
import { actorText } from '../terminal';
import type { Answer, CommandContext } from '../answer';
import { readPeople } from '../lists';
import { phonesOf, phonesOfRow } from '../phones';
import type { Services } from '../services';
import { renderTable } from '../table';

/** More than a person reads in a terminal; use the JSON document for longer lists. */
const LIST_LIMIT = 100_000;

interface Entry {
  reason?: string;
  scope: SuppressionScope;
}

export function addSuppress(program: Command, context: CommandContext): void {
  const suppress = program.command('suppress').description('Numbers that must not be messaged');
  addAdd(suppress, context);
  addImport(suppress, context);
  addShow(suppress, context);
  addRemove(suppress, context);
  addList(suppress, context);
}

const scopeOption = (text: string): Option => new Option('--scope <scope>', text).choices(SUPPRESSION_SCOPES);
const newScope = (): Option => scopeOption('all: no messages at all; marketing: no marketing').default('all');
const REASON = '--reason <reason>';
const REASON_HELP = `${SUPPRESSION_REASONS.join(', ')}, or your own words (stored as manual)`;

function addAdd(suppress: Command, { services, action }: CommandContext): void {
  suppress
    .command('add')
    .description('stop messaging these numbers; an existing entry with the same reason and scope stays')
    .argument('<phone...>')
    .addOption(newScope())
    .option(REASON, REASON_HELP)
    .addHelpText(
      'after',
      '\nExamples:\n  bobcofer suppress add +79001234567 --reason "asked by phone"\n' +
        '  bobcofer suppress add +79001234567 --scope marketing --reason opted_out',
    )
    .action(
      action(async (texts: string[], given: Entry) => {
        const phones = phonesOf(texts, services);
        const { suppressions } = await services.store();
        const added = await suppressions.add(phones.map((phone) => entryOf(phone, given)));
        const already = phones.filter((phone) => !added.includes(phone));
        return {
          json: { added, already },
          text: sentences(services, [
            ['Added: {{phones}}', added],
            ['Already there: {{phones}}', already],
          ]),
        };
      }),
    );
}

function addImport(suppress: Command, context: CommandContext): void {
  const { services, action } = context;
  suppress
    .command('import')
    .description('suppress every number in a file')
    .argument('<file>', 'CSV, Excel (.xlsx) or JSON with a phone column')
    .addOption(newScope())
    .option(REASON, REASON_HELP)
    .addHelpText('after', '\nExample:\n  bobcofer suppress import stop-list.csv --reason opted_out')
    .action(
      action(async (file: string, given: Entry) => {
        const { rows, rejected } = await readPeople(file, context);
        const phones = [...new Set(rows.flatMap((row) => phonesOfRow(row, services)))];
        const { suppressions } = await services.store();
        const added = await suppressions.add(phones.map((phone) => entryOf(phone, given)));
        const already = phones.length - added.length;
        return {
          json: { added: added.length, already, rejected },
          text: services.speech.t(
            '{{added}} numbers added, {{already}} were there already, {{rejected}} lines without a number.',
            {
              ...{ added: added.length, already, rejected: rejected.length },
            },
          ),
        };
      }),
    );
}

function addShow(suppress: Command, { services, action }: CommandContext): void {
  suppress
    .command('show')
    .description('show whether these numbers are suppressed, since when, why and by whom')
    .argument('<phone...>')
    .addHelpText('after', '\nExample:\n  bobcofer suppress show +79001234567')
    .action(
      action(async (texts: string[]) => {
        const { suppressions } = await services.store();
        const shown: { phone: string; suppressions: Suppression[] }[] = [];
        for (const phone of phonesOf(texts, services)) {
          shown.push({ phone, suppressions: await suppressions.of(phone) });
        }
        const lines = shown.flatMap(({ phone, suppressions: entries }) =>
          entries.length === 0
            ? [services.speech.t('{{phone}}: not suppressed', { phone })]
            : entries.map(({ scope, reason, detail, createdAt, createdBy }) => {
                const why = [reason, detail].filter(Boolean).join(', ');
                return services.speech.t('{{phone}}: suppressed ({{scope}}) since {{at}} by {{who}}: {{why}}', {
                  ...{ phone, scope, why },
                  at: services.showTime(createdAt),
                  who: actorText(createdBy),
                });
              }),
        );
        return { json: shown, text: lines.join('\n') };
      }),
    );
}

function addRemove(suppress: Command, { services, action }: CommandContext): void {
  suppress
    .command('remove')
    .description('allow messages to these numbers again; the audit keeps who removed what and when')
    .argument('<phone...>')
    .addOption(scopeOption('only entries of this scope; default: all of them'))
    .addHelpText('after', '\nExample:\n  bobcofer suppress remove +79001234567')
    .action(
      action(async (texts: string[], only: { scope?: SuppressionScope }) => {
        const phones = phonesOf(texts, services);
        const { suppressions } = await services.store();
        const removed: string[] = [];
        for (const phone of phones) {
          const entries = await suppressions.remove(phone, { kind: 'cli' }, only);
          if (entries.length > 0) removed.push(phone);
        }
        const absent = phones.filter((phone) => !removed.includes(phone));
        return {
          json: { removed, absent },
          text: sentences(services, [
            ['Removed: {{phones}}', removed],
            ['Was not there: {{phones}}', absent],
          ]),
        };
      }),
    );
}

function addList(suppress: Command, context: CommandContext): void {
  const { terminal, services, action } = context;
  suppress
    .command('list')
    .description('show the suppressed numbers, newest first')
    .addOption(scopeOption('only entries of this scope'))
    .addOption(new Option('--unnamed', 'list opt-outs from unknown numbers instead').conflicts(['scope', 'unsure']))
    .addOption(new Option('--unsure', 'list possible opt-outs that await an answer instead').conflicts('scope'))
    .action(
      action(async ({ unnamed, unsure, ...only }: { scope?: SuppressionScope; unnamed?: true; unsure?: true }) => {
        const { suppressions, possibleOptOuts } = await services.store();
        if (unnamed || unsure)
          return possibleOptOutsAnswer(await possibleOptOuts.open(unnamed ? 'unnamed' : 'unsure', LIST_LIMIT), context);
        const list = await suppressions.list({ limit: LIST_LIMIT, ...only });
        const text = renderTable(
          [
            { head: 'PHONE', cell: ({ phone }) => phone },
            { head: 'REASON', cell: ({ reason }) => reason },
            { head: 'DETAIL', cell: ({ detail }) => detail, flexible: true },
            { head: 'SINCE', cell: ({ createdAt }) => services.showTime(createdAt) },
            { head: 'BY', cell: ({ createdBy }) => actorText(createdBy) },
            { head: 'SCOPE', cell: ({ scope }) => scope },
          ],
          list,
          { ...terminal, empty: 'No numbers are suppressed.' },
        );
        return { json: list, text };
      }),
    );
}

/** Without the Telegram messages that show them. */
function possibleOptOutsAnswer(list: PossibleOptOutDocument[], { terminal, services }: CommandContext): Answer {
  const text = renderTable(
    [
      { head: 'WHEN', cell: ({ at }) => services.showTime(at) },
      { head: 'WHO', cell: ({ phone, userId }) => phone ?? userId ?? 'unknown' },
      { head: 'NAME', cell: ({ name }) => name },
      { head: 'CAMPAIGN', cell: ({ campaign }) => campaign },
      { head: 'BY', cell: ({ by }) => by },
      { head: 'TEXT', cell: ({ text: said }) => said, flexible: true },
    ],
    list,
    { ...terminal, empty: 'None awaits an answer.' },
  );
  const json = list.map(({ at, by, clear, phone, userId, name, text: said, campaign, toldAt }) => ({
    at, by, clear, phone, userId, name, text: said, campaign, toldAt,
  })); // prettier-ignore
  return { json, text };
}

function entryOf(phone: string, { reason: given, scope }: Entry): Suppression {
  const reason = SUPPRESSION_REASONS.find((known) => known === given);
  return {
    phone,
    scope,
    reason: reason ?? 'manual',
    ...(given && !reason && { detail: given }),
    createdAt: new Date(),
    createdBy: { kind: 'cli' },
  };
}

function sentences({ speech }: Services, parts: [sentence: string, phones: string[]][]): string {
  return parts
    .flatMap(([sentence, phones]) => (phones.length > 0 ? [speech.t(sentence, { phones: phones.join(', ') })] : []))
    .join('\n');
}
