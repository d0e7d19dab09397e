/** Turns what was found into a proposal of lists, campaigns and ended campaigns. Writes nothing. */
import { basename, dirname, parse } from 'node:path';
import type { CountryCode } from 'libphonenumber-js';
import type { ParameterSource } from '../domain/audience';
import type { Finds, FoundJob, FoundParameters, FoundPeople, Recipients } from './finds';
import { completion } from './known-people';
import { isSameTemplate } from './template-name';
import { idOf } from './words';
import { pastCampaigns, type PastCampaign } from './past-campaigns';

export interface PlannedList extends Omit<FoundPeople, 'file'> {
  id: string;
}

export interface PlannedCampaign {
  id: string;
  name: string;
  template: string;
  parameters: ParameterSource[];
  audience: { kind: 'list'; listId: string; label: string } | { kind: 'crm'; pipelineId: number; statusId: number };
  /** Absent: a draft for an admin to start. */
  at?: Date;
}

export interface Proposal {
  lists: PlannedList[];
  campaigns: PlannedCampaign[];
  past: PastCampaign[];
}

/** Finds that cannot be used are added to the remainder. The same finds give the same ids. */
export function propose(
  finds: Finds,
  { timezone, now, country }: { timezone: string; now: Date; country: CountryCode },
): Proposal {
  const groups = gathered(finds.people);
  const complete = completion(finds, groups, country);
  const lists = groups.map((people) => listOf(complete(people)));
  const contacts =
    lists.find(({ name }) => /^contacts?\b/i.test(basename(name))) ?? (lists.length === 1 ? lists[0] : undefined);
  const ofJobs: PlannedList[] = [];
  const campaigns: PlannedCampaign[] = [];
  for (const job of finds.jobs) {
    const audience = audienceOf(job);
    if (!audience) {
      const why = `there are no people "${(job.recipients as { name: string }).name}" in this folder`;
      finds.remainder.push({ file: job.file, line: job.line ?? 1, value: job.template, why });
      continue;
    }
    const parameters =
      job.parameters ?? finds.parameters.find(({ template }) => isSameTemplate(template, job.template))?.parameters;
    campaigns.push(campaignOf(job, audience, withColumns(parameters ?? [], audience)));
  }
  for (const found of finds.parameters) {
    if (contacts) campaigns.push(draftOf(found, contacts));
    else {
      const why = 'no list of contacts to make a draft for';
      finds.remainder.push({ file: found.file, line: found.line ?? 1, value: found.template, why });
    }
  }
  return { lists: [...lists, ...ofJobs], campaigns, past: pastCampaigns(finds.sends, timezone, now) };

  function audienceOf(job: FoundJob): PlannedCampaign['audience'] | undefined {
    const { recipients } = job;
    if (recipients.kind === 'crm') return recipients;
    const list =
      recipients.kind === 'named' ? named(recipients) : listOf(complete({ name: nameOf(job), ...recipients.people }));
    if (list && recipients.kind === 'people') ofJobs.push(list);
    return list && { kind: 'list', listId: list.id, label: list.name };
  }

  function named({ name }: Extract<Recipients, { kind: 'named' }>): PlannedList | undefined {
    if (/^(all|everyone|все|contacts)$/i.test(name)) return contacts;
    const wanted = name.replace(/^\.?\//, '');
    return lists.find(
      (list) =>
        [list.name, basename(list.name), parse(list.name).name].includes(wanted) || list.name.endsWith(`: ${wanted}`),
    );
  }

  /** Column names match in any case. */
  function withColumns(
    parameters: readonly ParameterSource[],
    audience: PlannedCampaign['audience'],
  ): ParameterSource[] {
    if (audience.kind === 'crm') return [...parameters];
    const columns = [...lists, ...ofJobs].find(({ id }) => id === audience.listId)?.columns ?? [];
    return parameters.map((source) => {
      if (source.kind !== 'column') return source;
      const column = columns.find((one) => one.toLowerCase() === source.column.toLowerCase());
      return { ...source, column: column ?? source.column };
    });
  }

  function draftOf({ template, parameters }: FoundParameters, list: PlannedList): PlannedCampaign {
    const audience = { kind: 'list', listId: list.id, label: list.name } as const;
    return {
      id: idOf('draft', template, parameters, list.id),
      name: `${template} [import]`,
      template,
      parameters: withColumns(parameters, audience),
      audience,
    };
  }
}

function campaignOf(
  job: FoundJob,
  audience: PlannedCampaign['audience'],
  parameters: ParameterSource[],
): PlannedCampaign {
  const { at, template } = job;
  const id = idOf('job', at, template, audience, parameters);
  return { id, name: nameOf(job), template, parameters, audience, at };
}

function nameOf({ name, template, at }: FoundJob): string {
  return name ?? `${template} ${at.toISOString().slice(0, 10)} [import]`;
}

function listOf({ name, columns, phoneColumn, rows }: Omit<FoundPeople, 'file'>): PlannedList {
  return { id: idOf('list', name, rows), name, columns, phoneColumn, rows };
}

/** A cache may have one file per person: those in a folder form one list. */
function gathered(people: readonly FoundPeople[]): FoundPeople[] {
  const single = (one: FoundPeople): boolean => one.rows.length === 1 && one.file.includes('/');
  const folders = [...new Set(people.filter(single).map(({ file }) => dirname(file)))];
  const together = folders.flatMap((folder): FoundPeople[] => {
    const members = people.filter((one) => single(one) && dirname(one.file) === folder);
    if (members.length === 1) return members;
    const columns = [...new Set(members.flatMap((member) => member.columns))];
    return [
      {
        file: folder,
        name: folder,
        columns,
        phoneColumn: members[0]!.phoneColumn,
        rows: members.flatMap(({ rows }) => rows),
      },
    ];
  });
  return [...people.filter((one) => !single(one)), ...together];
}
