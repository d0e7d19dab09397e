/** Reads scheduled sends: when, which template, to whom, with which parameters. */
import type { CountryCode } from 'libphonenumber-js';
import { canonicalZone } from '../domain/times/zone';
import { leaveOut, type Finds, type FoundJob, type Recipients } from './finds';
import { besides, collection, entry, plain, scalarText, type Located } from './located';
import { parametersOf } from './parameters';
import { peopleOf } from './people';
import { inLanguage, languageOf } from './template-name';
import { readMoment } from './time';
import { NAMES, shown, stateOf } from './words';

export interface JobContext {
  country: CountryCode;
  timezone: string;
  now: Date;
}

/** Reads scheduled jobs. False unless at least half of the entries have a time and a template or recipients. */
export function takeJobs(file: string, root: Located, finds: Finds, context: JobContext): boolean {
  const items = looksLikeJob(root) ? [{ node: root }] : (collection(root) ?? []);
  const jobs = items.filter(({ node }) => looksLikeJob(node));
  if (jobs.length === 0 || jobs.length * 2 < items.length) return false;
  let count = 0;
  for (const { node } of items) {
    const job = jobOf(node, context);
    if (typeof job === 'string') {
      finds.remainder.push({ file, line: node.line, value: shown(undefined, plain(node)), why: job });
    } else {
      finds.jobs.push({ file, line: node.line, ...job });
      count += 1;
    }
  }
  leaveOut(finds, file, besides(root), 'no job');
  for (const { node } of jobs) leaveOut(finds, file, strangeIn(node), 'a job here has nothing of that name');
  finds.understood.push({ file, what: 'jobs', count, taken: takenOf(jobs.map(({ node }) => node)) });
  return true;
}

const NAME = /^(name|title|campaign|название)$/i;
/** Keys of a job, and of the template in it, that nothing is made of. */
function strangeIn(node: Located): [string, Located][] {
  const template = entry(node, NAMES.template)?.value;
  const own =
    node.kind === 'object' ? node.entries.filter(([key]) => !MEANINGS.some(([, names]) => names.test(key))) : [];
  const its = template?.kind === 'object' ? template.entries : [];
  return [...own, ...its.filter(([key]) => !IN_TEMPLATE.some(([, names]) => names.test(key)))];
}

function looksLikeJob(node: Located): boolean {
  return Boolean(entry(node, NAMES.time) && (entry(node, NAMES.template) ?? entry(node, NAMES.recipients)));
}

const MEANINGS = [
  ['pipeline', NAMES.pipeline],
  ['stage', NAMES.stage],
  ['template', NAMES.template],
  ['language', NAMES.language],
  ['zone', NAMES.zone],
  ['recipients', NAMES.recipients],
  ['recipients', NAMES.phone],
  ['parameters', NAMES.parameters],
  ['recurs', NAMES.recurring],
  ['name', NAME],
  ['time', NAMES.time],
  ['time', NAMES.hour],
  ['time', NAMES.day],
  ['done', NAMES.done],
] as const;
const IN_TEMPLATE = [
  ['language', NAMES.language],
  ['parameters', NAMES.parameters],
  ['template', NAMES.template],
  ['template', NAMES.templateId],
] as const;

/** Every key of the jobs, and of the templates in them, that has a meaning here, once. */
function takenOf(jobs: readonly Located[]): string[] {
  const keysOf = (node: Located | undefined): string[] =>
    node?.kind === 'object' ? node.entries.map(([key]) => key) : [];
  const own = [...new Set(jobs.flatMap(keysOf))].flatMap((key) => meant(key, MEANINGS));
  const templates = jobs.map((job) => entry(job, NAMES.template)?.value);
  const its = [...new Set(templates.flatMap(keysOf))].flatMap((key) => meant(key, IN_TEMPLATE));
  return [...own, ...its.map((one) => `template.${one}`)];
}

function meant(key: string, meanings: readonly (readonly [string, RegExp])[]): string[] {
  const [meaning] = meanings.find(([, names]) => names.test(key)) ?? [];
  return meaning ? [`${key} → ${meaning}`] : [];
}

/** The job, or why it cannot be imported. */
function jobOf(node: Located, { country, timezone, now }: JobContext): Omit<FoundJob, 'file' | 'line'> | string {
  if (entry(node, NAMES.recurring)) return 'it recurs: make it anew with `campaign schedule create`';
  if (isDone(node)) return 'done already';
  const time = timeOf(node, canonicalZone(scalarText(entry(node, NAMES.zone)?.value) ?? '') ?? timezone);
  if (time === undefined) return 'its time is not understood: expected a day and an hour';
  if (time <= now) return 'its time has passed';
  const template = templateOf(node);
  if (template === undefined) return 'no template is named';
  const recipients = recipientsOf(node, country);
  if (recipients === undefined) return 'whom it is for is not understood';
  const inTemplate = entry(node, NAMES.template)?.value;
  const given = (entry(node, NAMES.parameters) ?? (inTemplate && entry(inTemplate, NAMES.parameters)))?.value;
  const parameters = given && parametersOf(given);
  if (given && !parameters) return 'its parameters are no list of texts and fields such as {name}, each alone';
  const name = scalarText(entry(node, NAME)?.value);
  return { at: time, template, recipients, ...(parameters && { parameters }), ...(name && { name }) };
}

function isDone(node: Located): boolean {
  const text = scalarText(entry(node, NAMES.done)?.value);
  if (text === undefined) return false;
  if (/^(pending|scheduled|waiting|new|false|no|0|нет|ожида|заплан)/i.test(text)) return false;
  return stateOf(text) !== undefined || /^(done|cancel|finish|complet|выполн|отмен)/i.test(text);
}

/** A moment in one field, or a day and an hour in two. */
function timeOf(node: Located, timezone: string): Date | undefined {
  const [day, hour] = [scalarText(entry(node, NAMES.day)?.value), scalarText(entry(node, NAMES.hour)?.value)];
  if (day && hour && /^\d{1,2}:\d{2}(:\d{2})?$/.test(hour)) return readMoment(`${day} ${hour}`, timezone);
  if (node.kind !== 'object') return undefined;
  for (const [key, value] of node.entries) {
    const moment = NAMES.time.test(key) && !/^created/i.test(key) && readMoment(scalarText(value) ?? '', timezone);
    if (moment) return moment;
  }
  return undefined;
}

function templateOf(node: Located): string | undefined {
  const found = entry(node, NAMES.template)?.value;
  const name = scalarText(found) ?? (found && scalarText(entry(found, NAMES.templateId)?.value));
  return name && inLanguage(name, languageOf(node) ?? (found && languageOf(found)));
}

function recipientsOf(node: Located, country: CountryCode): Recipients | undefined {
  const [pipelineId, statusId] = [idOf(node, NAMES.pipeline), idOf(node, NAMES.stage)];
  if (pipelineId !== undefined && statusId !== undefined) return { kind: 'crm', pipelineId, statusId };
  const found = (entry(node, NAMES.recipients) ?? entry(node, NAMES.phone))?.value;
  if (!found) return undefined;
  if (found.kind === 'scalar') {
    const text = scalarText(found);
    const pieces = (text ?? '').split(/[,;\s]+(?=[+\d])/);
    const items = pieces.map((value): Located => ({ line: found.line, kind: 'scalar', value }));
    const people = peopleOf({ line: found.line, kind: 'array', items }, country);
    if (people) return { kind: 'people', people };
    return text === undefined ? undefined : { kind: 'named', name: text };
  }
  const inner = found.kind === 'object' ? recipientsOf(found, country) : undefined;
  if (inner?.kind === 'crm') return inner;
  const people = peopleOf(found, country);
  return people ? { kind: 'people', people } : inner;
}

function idOf(node: Located, name: RegExp): number | undefined {
  const text = scalarText(entry(node, name)?.value);
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
