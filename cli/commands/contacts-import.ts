/** `contacts import`: saves a file of people as a list. */
import { Option, type Command } from 'commander';
import type { RejectedRow } from '../../audience/file';
import { CONSENT_CATEGORIES, type ConsentCategory } from '../../domain/opt-outs/consent';
import type { Answer, CommandContext } from '../answer';
import { consentReader } from '../consents';
import { AT, DOCUMENT, SOURCE, TEXT_VERSION, undatedText } from './consent';
import { WrongUsage } from '../errors';
import { addFileOptions, fileChoice, hiddenText, type FileOptions } from '../file-options';
import { previewJson, previewText } from '../file-preview';
import { importList, openFile } from '../lists';

interface ImportOptions extends FileOptions {
  list?: string;
  preview?: true;
  rejected?: string;
  consent?: ConsentCategory;
  source?: string;
  document?: string;
  textVersion?: string;
  at?: string;
}

/** The most that `--json` lists; `--rejected` writes all of them. */
const LISTED_REJECTS = 1000;

const EXAMPLES = `
Examples:
  bobcofer contacts import clients.xlsx --preview
  bobcofer contacts import clients.csv --list guests --phone-column "Mobile phone"
  bobcofer contacts import clients.csv --list "autumn guests" --rejected bad-lines.csv
  bobcofer contacts import clients.csv --list guests --consent marketing --source "site form"`;

export function addContactsImport(contacts: Command, context: CommandContext): void {
  const command = contacts
    .command('import')
    .description('save the people in a file as a list; a name used several times means the newest list')
    .argument('<file>', 'CSV (any common encoding and separator), Excel (.xlsx) or JSON with a phone column')
    .option('--list <name>', 'name of the list')
    .option('--preview', 'only show how the file is read: columns, phones, the first rows')
    .option('--rejected <file>', 'write the unusable lines, with reasons, as CSV')
    .addOption(
      new Option('--consent <category>', 'record that they agreed to this category').choices(CONSENT_CATEGORIES),
    )
    .option('--source <text>', SOURCE)
    .option('--document <text>', DOCUMENT)
    .option('--text-version <text>', TEXT_VERSION)
    .option('--at <time>', AT);
  addFileOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(context.action((path: string, options: ImportOptions) => importFile(path, options, context)));
}

async function importFile(path: string, options: ImportOptions, context: CommandContext): Promise<Answer> {
  const { services, terminal } = context;
  const { list: name, preview, rejected: rejectedTo, consent: category, source } = options;
  const { document, textVersion, at } = options;
  const alone = Object.entries({ source, document, 'text-version': textVersion, at }).find(([, value]) => value);
  if (category === undefined && alone)
    throw new WrongUsage('--{{option}}: expected --consent with it', { option: alone[0] });
  if (name === undefined && !preview) throw new WrongUsage('expected --list NAME, or --preview to save nothing');

  const file = await openFile(path, services, fileChoice(options));
  if (preview) return { json: previewJson(file), text: previewText(path, file, options, terminal) };

  // Before anything is saved: it may name a missing column.
  const given = category && consentReader(file.columns, { category, source, document, textVersion, at }, services);
  const store = await services.store();
  const rejectedRows: RejectedRow[] = [];
  const consents = { added: 0, already: 0, undated: 0 };
  const { list, rejected, hidden } = await importList(path, name!, context, {
    file,
    rejectedTo,
    take: async (batch) => {
      rejectedRows.push(...batch.rejected.slice(0, LISTED_REJECTS - rejectedRows.length));
      if (!given) return;
      const { consents: found, undated } = given.of(batch.people);
      const added = await store.contacts.addConsents(found);
      consents.added += added;
      consents.already += found.length - added;
      consents.undated += undated;
    },
  });
  const { _id: id, columns, phoneColumn, count } = list;
  const { t, text } = terminal.speech;
  return {
    json: {
      ...{ id, name, columns, phoneColumn, count, rejectedCount: rejected, rejected: rejectedRows },
      understood: { ...file.understood, ...(hidden > 0 && { hiddenRows: hidden }) },
      ...(given && { consents: { ...consents, columns: given.columns } }),
    },
    text:
      `${t('List "{{name}}" ({{id}}): {{count}} people, {{rejected}} without a usable phone.', { name: name!, id, count, rejected })}\n` +
      `${t('Phones are in column "{{column}}": {{why}}.', { column: phoneColumn, why: text(`files.why.${file.understood.why}`) })} ` +
      t('Columns for parameters: {{columns}}.', { columns: columns.join(', ') }) +
      (hidden > 0 ? `\n${hiddenText(hidden, options, t)}` : '') +
      (given
        ? `\n${t('Consents to {{category}}: {{added}} recorded.', { category: category!, added: consents.added })}${undatedText(consents.undated, terminal.speech)}`
        : ''),
  };
}
