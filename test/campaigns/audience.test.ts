/** Audiences as bot and CLI hand them in: what cannot be one is refused, and says why. */
import { audienceProblems, knownColumns } from '../../campaigns/audience';
import { done, refused, type Refusal } from '../../config/errors';
import type { AudienceSource, CrmFilter } from '../../domain/audience';
import { campaignDocument, startStore, type TestStore } from '../store/support';

let own: TestStore;
beforeAll(async () => {
  own = await startStore();
  await own.store.campaigns.insert(campaignDocument('earlier'));
  for (const [id, columns] of [
    ['guests', ['phone', 'Имя']],
    ['staff', ['phone', 'name']],
  ] as const) {
    const head = { _id: id, name: id, columns: [...columns], phoneColumn: 'phone', count: 0 };
    await own.store.lists.create({ ...head, createdAt: new Date(), createdBy: { kind: 'cli' } }, []);
  }
});
afterAll(() => own?.close());

const catalogue = {
  pipelines: () => Promise.resolve(done([{ id: 7, name: 'Sales', statuses: [{ id: 142, name: 'Won' }] }])),
};
const problems = (audience: unknown): Promise<Refusal[]> =>
  audienceProblems(audience as AudienceSource, { store: own.store, catalogue });
const crm = (filter: CrmFilter): Promise<Refusal[]> => problems({ kind: 'crm', ...filter });

test.each<[string, AudienceSource]>([
  ['a stage, as campaigns of before the filter have it', { kind: 'crm', pipelineId: 7, statusId: 142 }],
  ['a pipeline', { kind: 'crm', pipelineId: 7, phones: 'all' }],
  [
    'all other conditions',
    {
      kind: 'crm',
      tags: ['vip'],
      responsibleUserIds: [5],
      createdFrom: '2026-01-01',
      createdTo: '2026-01-01T10:00',
      updatedFrom: '2026-01-01T10:00:00Z',
      field: { id: 3, value: 'Omsk' },
    },
  ],
  ['a list', { kind: 'list', listId: 'guests' }],
  ['numbers', { kind: 'phones', phones: ['8900'] }],
  ['an outcome', { kind: 'outcome', campaignId: 'earlier', states: ['read'], unanswered: true }],
  ['several', { kind: 'combined', include: [{ kind: 'list', listId: 'guests' }], exclude: [{ kind: 'list', listId: 'staff' }] }],
])('an audience can be %s', async (_what, audience) => {
  await expect(problems(audience)).resolves.toEqual([]);
}); // prettier-ignore

test('what it names must be there, in the sources to leave out too', async () => {
  const list = { kind: 'list', listId: 'nobody' } as const;
  const outcome = { kind: 'outcome', campaignId: 'nobody', states: ['read'] } as const;
  await expect(
    problems({ kind: 'combined', include: [list, { kind: 'crm', pipelineId: 8 }], exclude: [outcome] }),
  ).resolves.toEqual([
    { code: 'list_not_found', values: { list: 'nobody' } },
    { code: 'stage_not_found', values: { pipelineId: 8, statusId: '—' } },
    { code: 'campaign_not_found', values: { id: 'nobody' } },
  ]);
  await expect(crm({ pipelineId: 7, statusId: 1 })).resolves.toMatchObject([{ code: 'stage_not_found' }]);
  await expect(crm({ statusId: 142 })).resolves.toMatchObject([{ code: 'stage_not_found' }]);
});

test('leads of the whole account are refused, and so is a period that ends before it begins', async () => {
  await expect(crm({ phones: 'all' })).resolves.toEqual([{ code: 'crm_filter_empty', values: {} }]);
  const turned = { from: '2026-02-02', to: '2026-02-01' };
  await expect(crm({ createdFrom: turned.from, createdTo: turned.to })).resolves.toEqual([
    { code: 'period_invalid', values: turned },
  ]);
  await expect(crm({ createdFrom: '2026-02-01T10:00', createdTo: '2026-02-01' })).resolves.toEqual([]);
});

test('a CRM that does not answer is the problem, when it is asked', async () => {
  const away = { pipelines: () => Promise.resolve(refused('crm_unreachable', { detail: 'gone' })) };
  const ask = (filter: CrmFilter): Promise<Refusal[]> =>
    audienceProblems({ kind: 'crm', ...filter }, { store: own.store, catalogue: away });
  await expect(ask({ pipelineId: 7 })).resolves.toMatchObject([{ code: 'crm_unreachable' }]);
  await expect(ask({ tags: ['vip'] })).resolves.toEqual([]);
});

test('the columns of lists are known together, those of other sources only when they are read', async () => {
  const lists = (...ids: string[]): AudienceSource => ({
    kind: 'combined',
    include: ids.map((listId) => ({ kind: 'list', listId })),
    exclude: [],
  });
  await expect(knownColumns(lists('guests', 'staff'), own.store)).resolves.toEqual(['phone', 'Имя', 'name']);
  await expect(knownColumns({ kind: 'phones', phones: ['1'] }, own.store)).resolves.toBeUndefined();
});

test('a stage that is not among the kept ones is looked for in the CRM itself before it is refused', async () => {
  const asked: boolean[] = [];
  const made = {
    pipelines: ({ refresh = false } = {}) => {
      asked.push(refresh);
      const statuses = [{ id: 1, name: 'Old' }, ...(refresh ? [{ id: 2, name: 'Made a moment ago' }] : [])];
      return Promise.resolve(done([{ id: 7, name: 'Sales', statuses }]));
    },
  };
  const ask = (statusId: number): Promise<Refusal[]> =>
    audienceProblems({ kind: 'crm', pipelineId: 7, statusId }, { store: own.store, catalogue: made });
  await expect(ask(1)).resolves.toEqual([]);
  expect(asked).toEqual([false]);
  await expect(ask(2)).resolves.toEqual([]);
  await expect(ask(3)).resolves.toMatchObject([{ code: 'stage_not_found' }]);
});
