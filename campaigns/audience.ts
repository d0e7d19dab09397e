/** Checks that the things an audience names exist. The spec checks its shape. */
import { DateTime } from 'luxon';
import type { Pipeline } from '../clients/amocrm/model';
import type { Refusal } from '../config/errors';
import { sourcesIn, type AudienceSource, type CrmFilter, type SimpleSource } from '../domain/audience';
import type { Store } from '../store/connect';
import type { Catalogue } from './catalogue';

export interface AudienceCheckDependencies {
  store: Pick<Store, 'lists' | 'campaigns'>;
  catalogue: Pick<Catalogue, 'pipelines'>;
}

/** All errors in the audience that can be seen without reading it. */
export async function audienceProblems(
  audience: AudienceSource,
  dependencies: AudienceCheckDependencies,
): Promise<Refusal[]> {
  const problems: Refusal[] = [];
  const { include, exclude } = sourcesIn(audience);
  for (const source of [...include, ...exclude]) problems.push(...(await sourceProblems(source, dependencies)));
  return problems;
}

/** The columns that parameters may name; undefined if they cannot be known in advance. */
export async function knownColumns(
  audience: AudienceSource,
  { lists }: Pick<Store, 'lists'>,
): Promise<string[] | undefined> {
  const columns = new Set<string>();
  for (const source of sourcesIn(audience).include) {
    if (source.kind !== 'list') return undefined;
    (await lists.find(source.listId))?.columns.forEach((column) => columns.add(column));
  }
  return [...columns];
}

async function sourceProblems(
  source: SimpleSource,
  { store, catalogue }: AudienceCheckDependencies,
): Promise<Refusal[]> {
  switch (source.kind) {
    case 'crm':
      return filterProblems(source, catalogue);
    case 'list':
      return (await store.lists.find(source.listId))
        ? []
        : [{ code: 'list_not_found', values: { list: source.listId } }];
    case 'outcome':
    case 'follow_up':
      return (await store.campaigns.find(source.campaignId))
        ? []
        : [{ code: 'campaign_not_found', values: { id: source.campaignId } }];
    case 'phones':
      return [];
  }
}

async function filterProblems(
  filter: CrmFilter & { kind: 'crm' },
  catalogue: AudienceCheckDependencies['catalogue'],
): Promise<Refusal[]> {
  const { pipelineId, statusId } = filter;
  const conditions = Object.entries(filter).filter(
    ([name, value]) => name !== 'kind' && name !== 'phones' && value !== undefined,
  );
  // Selecting all leads of the account is more likely a mistake than intended.
  if (conditions.length === 0) return [{ code: 'crm_filter_empty', values: {} }];
  const { createdFrom, createdTo, updatedFrom, updatedTo } = filter;
  for (const [from, to] of [
    [createdFrom, createdTo],
    [updatedFrom, updatedTo],
  ]) {
    if (from && to && DateTime.fromISO(from) > DateTime.fromISO(to).endOf('day')) {
      return [{ code: 'period_invalid', values: { from, to } }];
    }
  }
  if (pipelineId === undefined && statusId === undefined) return [];
  const isAmong = (pipelines: readonly Pipeline[]): boolean =>
    pipelines.some(
      ({ id: known, statuses }) =>
        known === pipelineId && (statusId === undefined || statuses.some((status) => status.id === statusId)),
    );
  const kept = await catalogue.pipelines();
  if (!kept.ok) return [kept.refusal];
  if (isAmong(kept.value)) return [];
  // A stage created a minute ago is not in the cache.
  const fresh = await catalogue.pipelines({ refresh: true });
  if (!fresh.ok) return [fresh.refusal];
  return isAmong(fresh.value)
    ? []
    : [{ code: 'stage_not_found', values: { pipelineId: pipelineId ?? '—', statusId: statusId ?? '—' } }];
}
