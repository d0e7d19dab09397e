/** `consent`: what people have agreed to receive, where and when. */
import { Option, type Command } from 'commander';
import { CONSENT_CATEGORIES, type ConsentCategory } from '../../domain/opt-outs/consent';
import type { CommandContext } from '../answer';
import { consentReader, timeGiven, type ConsentOptions } from '../consents';
import { addConsentRecord } from './consent-record';
import { readPeople } from '../lists';
import { phonesOf } from '../phones';
import type { Speech } from '../speech';

interface Given {
  category: ConsentCategory;
  source: string;
  document?: string;
  textVersion?: string;
  at?: string;
}

const ADD_EXAMPLE = `
Examples:
  bobcofer consent add +79001234567 --category marketing --source "site form"
  bobcofer consent add +79001234567 --category marketing --source office --document "Consent to ads" --text-version 3 --at 2026-03-01`;

/** Of an import, each a text for all or a column. */
export const SOURCE = 'where they agreed: a text for all, or column:NAME (default: a column such as consent_source)';
export const DOCUMENT = 'the document that they agreed to, likewise (default: a column such as consent_document)';
export const TEXT_VERSION = 'which text of it, likewise (default: a column such as consent_version)';
export const AT = 'when they agreed, likewise (default: a column such as consent_at, else now)';

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
    .option('--document <name>', 'the document that they agreed to')
    .option('--text-version <text>', 'which text of it: a version, a date or a hash')
    .option('--at <time>', 'when they agreed (default: now)')
    .addHelpText('after', ADD_EXAMPLE)
    .action(
      action(async (texts: string[], { category, source, document, textVersion: version, at }: Given) => {
        const phones = phonesOf(texts, services);
        const now = new Date();
        const time = at === undefined ? now : timeGiven(at, services.common().DEFAULT_TIMEZONE, now);
        const given = {
          ...{ category, source, at: time, by: { kind: 'cli' as const } },
          ...(document && { document }),
          ...(version && { version }),
          ...(time !== now && { recordedAt: now }),
        };
        const { contacts } = await services.store();
        const added = await contacts.addConsents(phones.map((phone) => ({ phone, ...given })));
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
    .option('--source <text>', SOURCE)
    .option('--document <text>', DOCUMENT)
    .option('--text-version <text>', TEXT_VERSION)
    .option('--at <time>', AT)
    .addHelpText('after', '\nExample:\n  bobcofer consent import form.csv --category marketing --source "column:page"')
    .action(
      action(async (file: string, given: ConsentOptions) => {
        const people = await readPeople(file, context);
        const reader = consentReader(people.columns, given, services);
        const { consents, undated } = reader.of(people.rows);
        const { contacts } = await services.store();
        const added = await contacts.addConsents(consents);
        return {
          json: {
            ...{ added, already: consents.length - added, undated },
            ...{ columns: reader.columns, rejected: people.rejected },
          },
          text: addedText(added, consents.length, services.speech) + undatedText(undated, services.speech),
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

  addConsentRecord(consent, context);
}

/** Of rows whose time cannot be read, nothing where there are none. */
export function undatedText(undated: number, { t }: Speech): string {
  return undated > 0
    ? `\n${t('Not recorded, for their time cannot be read or is to come: {{count}}.', { count: undated })}`
    : '';
}

function addedText(added: number, all: number, { t }: Speech): string {
  return all > added
    ? t('Consents recorded: {{added}}, already recorded: {{already}}.', { added, already: all - added })
    : t('Consents recorded: {{added}}.', { added });
}
