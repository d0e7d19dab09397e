/** `contacts`: a file of people as a saved list, and what is known of one number. */
import { Option, type Command } from 'commander';
import { CONSENT_CATEGORIES, type ConsentCategory } from '../../domain/consent';
import { actorText } from '../actor';
import type { CommandContext } from '../answer';
import { consentsOfRows } from '../consents';
import { WrongUsage } from '../errors';
import { importList, readPeople } from '../lists';
import { phonesOf } from '../phones';

interface ImportOptions {
  list: string;
  consent?: ConsentCategory;
  source?: string;
}

/** Of what was removed the newest are shown. */
const SHOWN_REMOVALS = 20;

export function addContacts(program: Command, context: CommandContext): void {
  const contacts = program.command('contacts').alias('contact').description('Lists of people, and single contacts');
  addImport(contacts, context);
  addShow(contacts, context);
}

function addImport(contacts: Command, context: CommandContext): void {
  const { services, action } = context;
  contacts
    .command('import')
    .description('save the people of a CSV file as a list; of several lists of a name the newest is meant')
    .argument('<file>', 'CSV with a column of phones: any usual encoding, comma, semicolon or tab')
    .requiredOption('--list <name>', 'the name to save it under')
    .addOption(new Option('--consent <category>', 'they have agreed to this category').choices(CONSENT_CATEGORIES))
    .option('--source <text>', 'where they agreed: a text for all, or column:NAME')
    .addHelpText(
      'after',
      '\nExamples:\n  bobcofer contacts import clients.csv --list "autumn guests"\n' +
        '  bobcofer contacts import clients.csv --list guests --consent marketing --source "site form"',
    )
    .action(
      action(async (file: string, { list: name, consent: category, source }: ImportOptions) => {
        if ((category === undefined) !== (source === undefined)) {
          throw new WrongUsage(
            `expected --consent and --source together, got only ${category ? '--consent' : '--source'}`,
          );
        }
        const people = await readPeople(file, context);
        // Before anything is saved: the source may name a column that is not there.
        const consents = category && source ? consentsOfRows(people, { category, source }, services) : [];
        const { _id: id, columns, phoneColumn, count } = await importList(people, name, services);
        const recorded = await (await services.store()).contacts.addConsents(consents);
        return {
          json: {
            ...{ id, name, columns, phoneColumn, count, rejected: people.rejected },
            ...(category && { consents: { added: recorded, already: consents.length - recorded } }),
          },
          text:
            `List "${name}" (${id}): ${count} people, ${people.rejected.length} of them without a usable phone.\n` +
            `Phones are in column "${phoneColumn}"; columns for parameters: ${columns.join(', ')}.` +
            (category ? `\nConsents to ${category}: ${recorded} recorded.` : ''),
        };
      }),
    );
}

function addShow(contacts: Command, { services, action }: CommandContext): void {
  contacts
    .command('show')
    .description('what is known of a number: suppressions, consents, its last reply, what was removed')
    .argument('<phone>')
    .action(
      action(async (text: string) => {
        const store = await services.store();
        const [phone = ''] = phonesOf([text], services);
        const [suppressions, contact, reply, removals] = await Promise.all([
          store.suppressions.of(phone),
          store.contacts.find(phone),
          store.replies.latest(phone),
          store.audit.of(phone, SHOWN_REMOVALS),
        ]);
        const consents = contact?.consents ?? [];
        const when = services.showTime;
        const lines = [
          phone,
          ...suppressions.map(
            ({ reason, scope, detail, createdAt, createdBy }) =>
              `  suppressed (${scope}) since ${when(createdAt)} by ${actorText(createdBy)}: ${[reason, detail].filter(Boolean).join(', ')}`,
          ),
          ...(suppressions.length === 0 ? ['  not suppressed'] : []),
          ...consents.map(
            ({ category, source, at, by }) => `  consent to ${category} at ${when(at)} by ${actorText(by)}: ${source}`,
          ),
          ...(reply ? [`  last reply ${when(reply.at)}`] : []),
          ...removals.map(({ action: done, at, actor }) => `  ${done} at ${when(at)} by ${actorText(actor)}`),
        ];
        return {
          json: { phone, suppressions, consents, ...(reply && { lastReplyAt: reply.at }), removals },
          text: lines.join('\n'),
        };
      }),
    );
}
