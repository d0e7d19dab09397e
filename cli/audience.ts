/** Builds a new campaign's audience from the command line: sources to combine and sources to exclude. */
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { PeopleFile } from '../audience/file';
import { refused } from '../config/errors';
import {
  audienceLabelOf,
  audienceOf,
  OUTCOME_NAMES,
  outcomeSource,
  type AudienceSource,
  type NamedSource,
} from '../domain/audience';
import { chooseLeads, CRM_CONDITIONS, type LeadOptions } from './crm-audience';
import { refusal, WrongUsage } from './errors';
import { addFileOptions, fileChoice, hiddenText, type FileOptions } from './file-options';
import { previewText } from './file-preview';
import { importList, openFile } from './lists';
import { writtenPhonesOf } from './phones';
import type { Services } from './services';
import type { Terminal } from './terminal';

export interface AudienceOptions extends LeadOptions, FileOptions {
  contacts?: string[];
  rejected?: string;
  list?: string[];
  phones?: string[];
  outcome?: string[];
  excludeList?: string[];
  excludeCampaign?: string[];
}

interface Context {
  services: Services;
  terminal: Terminal;
}

export function addAudienceOptions(command: Command): Command {
  command
    .optionsGroup('Who gets it (options combine and may be repeated):')
    .option('--crm <pipeline:status...>', 'an amoCRM stage or a whole pipeline, by id or name')
    .option('--crm-tag <tag...>', 'leads with any of these tags')
    .option('--crm-responsible <user...>', 'leads of any of these users, by id or name')
    .option('--crm-created-from <date>', 'leads created on this day or later')
    .option('--crm-created-to <date>', 'leads created on this day or earlier')
    .option('--crm-updated-from <date>', 'leads updated on this day or later')
    .option('--crm-updated-to <date>', 'leads updated on this day or earlier')
    .option('--crm-field <field=value>', 'leads with this value in a custom field, by its id or name')
    .option('--all-numbers', 'from amoCRM take every number of every contact of a lead, not only the best one')
    .option('--contacts <file...>', 'a file of people: CSV, Excel (.xlsx) or JSON')
    .option('--rejected <file>', 'write the unusable lines of --contacts, with reasons, as CSV');
  return addFileOptions(command)
    .option('--list <name...>', 'a saved list')
    .option('--phones <numbers...>', 'these numbers')
    .option('--outcome <campaign:outcome...>', `people from an earlier campaign: ${OUTCOME_NAMES.join(', ')}`)
    .option('--exclude-list <name...>', 'exclude the people in a saved list')
    .option('--exclude-campaign <campaign...>', 'exclude the people a campaign reached, or CAMPAIGN:outcome as above')
    .option('--exclude-crm <pipeline:status...>', 'exclude the people in an amoCRM stage or pipeline');
}

/** Throws WrongUsage when no source is given or an outcome is unknown. */
export function checkAudienceOptions(options: AudienceOptions): void {
  const { contacts, list, phones, outcome = [], excludeCampaign = [] } = options;
  const isGiven = [contacts, list, phones, options.outcome, ...CRM_CONDITIONS.map((name) => options[name])];
  if (isGiven.every((one) => one === undefined)) {
    throw new WrongUsage(
      'expected an audience: --crm, another --crm-… condition, --contacts, --list, --phones or --outcome; got none',
    );
  }
  if (options.rejected !== undefined && contacts?.length !== 1) {
    throw new WrongUsage('--rejected: expected exactly one --contacts file with it, got {{count}}', {
      count: contacts?.length ?? 0,
    });
  }
  const choice = Object.keys(fileChoice(options))[0];
  if (choice !== undefined && contacts === undefined) {
    const option = `--${choice.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new WrongUsage('{{option}}: expected --contacts FILE with it', { option });
  }
  if (options.allNumbers && CRM_CONDITIONS.every((name) => options[name] === undefined))
    throw new WrongUsage('--all-numbers: expected --crm or another --crm-… condition with it');
  outcome.forEach((given) => outcomeOf('--outcome', given));
  excludeCampaign.forEach((given) => outcomeOf('--exclude-campaign', given, 'reached'));
}

/**
 * Everyone in the given sources except those in the excluded ones. Files are saved as lists, because the campaign
 * outlives this process. `understood` describes how each file was read. With `check` their people become no contacts.
 */
export async function chooseAudience(
  options: AudienceOptions & { check?: true },
  context: Context,
): Promise<{
  audience: AudienceSource;
  audienceLabel: string;
  understood: PeopleFile['understood'][];
  /** Takes away the lists that the files became: nothing came of them. */
  forget: () => Promise<void>;
}> {
  const { contacts = [], list = [], phones = [], outcome = [], excludeList = [], excludeCampaign = [] } = options;
  const { include: leads, exclude: excludedLeads } = await chooseLeads(options, context.services);
  // Files come last, so that refusals come before a list is saved.
  const include = [
    ...leads,
    ...(await inTurn(list, (name) => savedList(name, context))),
    ...(await inTurn(outcome, (given) => earlier('--outcome', given, context))),
    ...(phones.length > 0 ? [typedIn(phones, context)] : []),
  ];
  const exclude = [
    ...excludedLeads,
    ...(await inTurn(excludeList, (name) => savedList(name, context))),
    ...(await inTurn(excludeCampaign, (given) => earlier('--exclude-campaign', given, context, 'reached'))),
  ];
  const files = await inTurn(contacts, (path) => fileOf(path, context, options));
  include.push(...files.map(({ source, label }) => ({ source, label })));
  const chosen = { include, exclude };
  return {
    audience: audienceOf(chosen),
    audienceLabel: audienceLabelOf(chosen),
    understood: files.map(({ understood }) => understood),
    forget: async () => {
      const { lists } = await context.services.store();
      for (const { source } of files) if (source.kind === 'list') await lists.remove(source.listId);
    },
  };
}

async function fileOf(
  path: string,
  context: Context,
  options: AudienceOptions & { check?: true },
): Promise<NamedSource & Pick<PeopleFile, 'understood'>> {
  const file = await openFile(path, context.services, fileChoice(options));
  if (!context.terminal.json) context.terminal.note(previewText(path, file, options, context.terminal));
  const { list, hidden } = await importList(path, basename(path), context, {
    file,
    rejectedTo: options.rejected,
    onlyLook: options.check === true,
  });
  if (hidden > 0 && !context.terminal.json)
    context.terminal.note(hiddenText(hidden, options, context.terminal.speech.t));
  return {
    source: { kind: 'list', listId: list._id },
    label: list.name,
    understood: { ...file.understood, ...(hidden > 0 && { hiddenRows: hidden }) },
  };
}

async function savedList(name: string, { services }: Context): Promise<NamedSource> {
  const { lists } = await services.store();
  const found = await lists.find(name);
  if (!found) throw refusal(refused('list_not_found', { list: name }).refusal);
  return { source: { kind: 'list', listId: found._id }, label: found.name };
}

function typedIn(texts: readonly string[], { services }: Context): NamedSource {
  const phones = writtenPhonesOf(texts, services);
  return {
    source: { kind: 'phones', phones },
    label: `${phones.length} ${phones.length === 1 ? 'number' : 'numbers'}`,
  };
}

async function earlier(
  option: string,
  given: string,
  { services }: Context,
  byDefault?: 'reached',
): Promise<NamedSource> {
  const { campaignId, name } = outcomeOf(option, given, byDefault);
  const campaign = await (await services.store()).campaigns.find(campaignId);
  if (!campaign) throw refusal(refused('campaign_not_found', { id: campaignId }).refusal);
  return { source: outcomeSource(campaignId, name), label: `${campaign.spec.name}: ${name.replaceAll('_', ' ')}` };
}

/** `CAMPAIGN:outcome`, or only the campaign if there is a default outcome. */
function outcomeOf(
  option: string,
  given: string,
  byDefault?: 'reached',
): { campaignId: string; name: (typeof OUTCOME_NAMES)[number] } {
  const [campaignId = '', word = byDefault ?? '', ...rest] = given.split(':').map((part) => part.trim());
  const name = OUTCOME_NAMES.find((known) => known === word.replaceAll('-', '_'));
  if (campaignId !== '' && name && rest.length === 0) return { campaignId, name };
  throw new WrongUsage(
    '{{option}} "{{given}}": expected CAMPAIGN:OUTCOME with an outcome of {{outcomes}}, such as 7k2m9xpa:unread',
    { option, given, outcomes: OUTCOME_NAMES.join(', ') },
  );
}

/** Sequentially, so that the first refusal stops the rest. */
async function inTurn<T>(given: readonly string[], find: (one: string) => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  for (const one of given) found.push(await find(one));
  return found;
}
