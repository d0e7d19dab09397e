/** `consent`: what people have agreed to receive, where and when. */
import { Option, type Command } from 'commander';
import { CONSENT_CATEGORIES, type ConsentCategory } from '../../domain/opt-outs/consent';
import type { CommandContext } from '../answer';
import { consentsOfRows } from '../consents';
import { readPeople } from '../lists';
import { phonesOf } from '../phones';
import type { Speech } from '../speech';

interface Given {
  category: ConsentCategory;
  source: string;
}

const category = (text: string): Option => new Option('--category <category>', text).choices(CONSENT_CATEGORIES);
const required = (): Option => category('what they agreed to').makeOptionMandatory();

export function addConsent(program: Command, context: CommandContext): void {
  const { services, action } = context;
  const consent = program.command('consent').description('Recorded consents (setting REQUIRE_CONSENT)');

  consent
    .command('add')
    .description('record that these numbers agreed')
    .argument('<phone...>')
    .addOption(required())
    .requiredOption('--source <text>', 'where they agreed')
    .addHelpText('after', '\nExample:\n  bobcofer consent add +79001234567 --category marketing --source "site form"')
    .action(
      action(async (texts: string[], given: Given) => {
        const phones = phonesOf(texts, services);
        const { contacts } = await services.store();
        const added = await contacts.addConsents(
          phones.map((phone) => ({ phone, ...given, at: new Date(), by: { kind: 'cli' } })),
        );
        return {
          json: { added, already: phones.length - added },
          text: addedText(added, phones.length, services.speech),
        };
      }),
    );

  consent
    .command('import')
    .description('record consent for every number in a file')
    .argument('<file>', 'CSV, Excel (.xlsx) or JSON with a phone column')
    .addOption(required())
    .requiredOption('--source <text>', 'where they agreed: a text for all, or column:NAME')
    .addHelpText('after', '\nExample:\n  bobcofer consent import form.csv --category marketing --source "column:page"')
    .action(
      action(async (file: string, given: Given) => {
        const people = await readPeople(file, context);
        const consents = consentsOfRows(people, given, services);
        const { contacts } = await services.store();
        const added = await contacts.addConsents(consents);
        return {
          json: { added, already: consents.length - added, rejected: people.rejected },
          text: addedText(added, consents.length, services.speech),
        };
      }),
    );

  consent
    .command('remove')
    .description('remove the consents of these numbers; the audit keeps who removed what and when')
    .argument('<phone...>')
    .addOption(category('only consents of this category; default: all of them'))
    .addHelpText('after', '\nExample:\n  bobcofer consent remove +79001234567 --category marketing')
    .action(
      action(async (texts: string[], only: { category?: ConsentCategory }) => {
        const { contacts } = await services.store();
        const removed: { phone: string; category: ConsentCategory; source: string }[] = [];
        for (const phone of phonesOf(texts, services)) {
          const gone = await contacts.removeConsents(phone, { kind: 'cli' }, only.category);
          removed.push(...gone.map((one) => ({ phone, category: one.category, source: one.source })));
        }
        return {
          json: { removed },
          text: services.speech.t('Consents removed: {{count}}.', { count: removed.length }),
        };
      }),
    );
}

function addedText(added: number, all: number, { t }: Speech): string {
  return all > added
    ? t('Consents recorded: {{added}}, already recorded: {{already}}.', { added, already: all - added })
    : t('Consents recorded: {{added}}.', { added });
}
