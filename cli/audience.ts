/** The audience of a new campaign from the command line: a file, a saved list, or a stage of the CRM. */
import { basename } from 'node:path';
import { refused } from '../config/errors';
import type { AudienceSource } from '../domain/audience';
import { refusal, valueOf, WrongUsage } from './errors';
import { importList, readPeople } from './lists';
import type { Services } from './services';
import { findStage } from './stages';
import type { Terminal } from './terminal';

export interface AudienceOptions {
  contacts?: string;
  list?: string;
  crm?: string;
}

/** Throws WrongUsage unless exactly one source is given. */
export function checkAudienceOptions(options: AudienceOptions): void {
  const { contacts, list, crm } = options;
  const given = [
    contacts !== undefined && '--contacts',
    list !== undefined && '--list',
    crm !== undefined && '--crm',
  ].filter(Boolean);
  if (given.length === 1) return;
  throw new WrongUsage(
    `expected one of --contacts, --list and --crm, got ${given.length === 0 ? 'none' : given.join(' and ')}`,
  );
}

/** A file is saved as a list, so that the audience outlives this process. */
export async function chooseAudience(
  { contacts, list, crm }: AudienceOptions,
  context: { services: Services; terminal: Terminal },
): Promise<{ audience: AudienceSource; audienceLabel: string }> {
  if (contacts !== undefined) {
    const list = await importList(await readPeople(contacts, context), basename(contacts), context.services);
    return { audience: { kind: 'list', listId: list._id }, audienceLabel: list.name };
  }
  if (list !== undefined) {
    const { lists } = await context.services.store();
    const found = await lists.find(list);
    if (!found) throw refusal(refused('list_not_found', { list }).refusal);
    return { audience: { kind: 'list', listId: found._id }, audienceLabel: found.name };
  }
  const catalogue = await context.services.catalogue();
  const { pipeline, status } = findStage(valueOf(await catalogue.pipelines()), crm!);
  return {
    audience: { kind: 'crm', pipelineId: pipeline.id, statusId: status.id },
    audienceLabel: `${pipeline.name} / ${status.name}`,
  };
}
