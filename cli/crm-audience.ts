/** CRM leads as an audience: turns the command line's conditions, given by name or id, into filters. */
import type { CrmFilter, NamedSource } from '../domain/audience';
import { refusedAs, valueOf, WrongUsage } from './errors';
import type { Services } from './services';
import { findPlace } from './stages';
import { parseRangeEdge } from './time';

export interface LeadOptions {
  crm?: string[];
  crmTag?: string[];
  crmResponsible?: string[];
  crmCreatedFrom?: string;
  crmCreatedTo?: string;
  crmUpdatedFrom?: string;
  crmUpdatedTo?: string;
  crmField?: string;
  allNumbers?: true;
  excludeCrm?: string[];
}

/** The options that select leads. */
export const CRM_CONDITIONS = [
  'crm',
  'crmTag',
  'crmResponsible',
  'crmCreatedFrom',
  'crmCreatedTo',
  'crmUpdatedFrom',
  'crmUpdatedTo',
  'crmField',
] as const satisfies (keyof LeadOptions)[];

const DATES = [
  ['crmCreatedFrom', 'createdFrom', '--crm-created-from'],
  ['crmCreatedTo', 'createdTo', '--crm-created-to'],
  ['crmUpdatedFrom', 'updatedFrom', '--crm-updated-from'],
  ['crmUpdatedTo', 'updatedTo', '--crm-updated-to'],
] as const;

interface Condition {
  filter: CrmFilter;
  label: string;
}

/** A source for each stage of `--crm` and `--exclude-crm`; the other conditions apply to every stage of `--crm`. */
export async function chooseLeads(
  options: LeadOptions,
  services: Services,
): Promise<{ include: NamedSource[]; exclude: NamedSource[] }> {
  const { crm = [], excludeCrm = [] } = options;
  const stages = await stagesOf([...crm, ...excludeCrm], services);
  const conditions = await conditionsOf(options, services);
  const included = stages.slice(0, crm.length);
  // Conditions without a stage: leads of any stage.
  if (included.length === 0 && conditions.length > 0) included.push({ filter: {}, label: 'amoCRM' });
  const phones = options.allNumbers ? { phones: 'all' as const } : {};
  const sourceOf = (parts: Condition[], extra = {}): NamedSource => ({
    source: Object.assign({ kind: 'crm' as const }, ...parts.map(({ filter }) => filter), extra),
    label: parts.map(({ label }) => label).join(', '),
  });
  return {
    include: included.map((stage) => sourceOf([stage, ...conditions], phones)),
    // Exclude people with all of their numbers.
    exclude: stages.slice(crm.length).map((stage) => sourceOf([stage], { phones: 'all' })),
  };
}

async function stagesOf(given: readonly string[], services: Services): Promise<Condition[]> {
  if (given.length === 0) return [];
  const pipelines = valueOf(await (await services.catalogue()).pipelines({ refresh: true }));
  return given.map((one) => {
    const { pipeline, status } = findPlace(pipelines, one);
    return status
      ? { filter: { pipelineId: pipeline.id, statusId: status.id }, label: `${pipeline.name} / ${status.name}` }
      : { filter: { pipelineId: pipeline.id }, label: pipeline.name };
  });
}

async function conditionsOf(options: LeadOptions, services: Services): Promise<Condition[]> {
  const { crmTag, crmResponsible, crmField } = options;
  const conditions: Condition[] = [];
  for (const [option, condition, flag] of DATES) {
    const given = options[option];
    if (given === undefined) continue;
    const edge = option.endsWith('To') ? 'end' : 'start';
    // Validated here; the CRM client reads days in the same zone.
    parseRangeEdge(flag, given, services.common().DEFAULT_TIMEZONE, edge);
    conditions.push({ filter: { [condition]: given.trim().replace(' ', 'T') }, label: `${flag.slice(6)} ${given}` });
  }
  if (crmTag) conditions.push({ filter: { tags: crmTag }, label: crmTag.map((tag) => `#${tag}`).join(' ') });
  if (crmResponsible) conditions.push(await responsible(crmResponsible, services));
  if (crmField !== undefined) conditions.push(await fieldEquals(crmField, services));
  return conditions;
}

async function responsible(given: readonly string[], services: Services): Promise<Condition> {
  // Ids need no lookup of the users, which requires administrator rights.
  const known = given.every(isId) ? [] : await (await services.crm()).users();
  const users = given.map((one) => (isId(one) ? { id: Number(one), name: one } : named(known, one, 'user')));
  return {
    filter: { responsibleUserIds: users.map(({ id }) => id) },
    label: users.map(({ name }) => name).join(' or '),
  };
}

async function fieldEquals(given: string, services: Services): Promise<Condition> {
  const cut = given.indexOf('=');
  const [field, value] = [given.slice(0, cut).trim(), given.slice(cut + 1).trim()];
  if (cut < 0 || field === '' || value === '') {
    throw new WrongUsage('--crm-field "{{given}}": expected FIELD=VALUE, such as 12345=Omsk or City=Omsk', { given });
  }
  const { id, name } = isId(field)
    ? { id: Number(field), name: field }
    : named(await (await services.crm()).customFields(), field, 'field');
  return { filter: { field: { id, value } }, label: `${name} = ${value}` };
}

const NAMED = {
  user: {
    several: 'amoCRM has several users "{{given}}": {{known}}. Use the id.',
    none: 'amoCRM has no user "{{given}}". Available: {{known}}.',
  },
  field: {
    several: 'amoCRM has several fields "{{given}}": {{known}}. Use the id.',
    none: 'amoCRM has no field "{{given}}". Available: {{known}}.',
  },
} as const;

function named<T extends { id: number; name: string }>(all: readonly T[], given: string, what: keyof typeof NAMED): T {
  const fits = all.filter(({ name }) => name.trim().toLowerCase() === given.trim().toLowerCase());
  if (fits.length === 1) return fits[0]!;
  const known = (fits.length > 1 ? fits : all).map(({ id, name }) => `${id} ${name}`).join('; ');
  throw fits.length > 1
    ? refusedAs(`crm_${what}_ambiguous`, NAMED[what].several, { given, known })
    : refusedAs(`crm_${what}_not_found`, NAMED[what].none, { given, known });
}

const isId = (given: string): boolean => /^\d+$/.test(given.trim());
