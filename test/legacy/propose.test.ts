/** What the importer makes of what it has found: jobs that name numbers get the fields that contacts.json knows. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { propose, type Proposal } from '../../legacy/propose';
import { readLegacy } from '../../legacy/read';

const CONTEXT = { country: 'RU', timezone: 'Europe/Moscow', now: new Date('2026-11-23T09:00:00Z') } as const;

async function proposed(files: Record<string, unknown>): Promise<Proposal> {
  const folder = mkdtempSync(join(tmpdir(), 'bobcofer-legacy-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
    return propose(await readLegacy(folder, CONTEXT), CONTEXT);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const job = (more: object): object => ({ run_at: '31.12.2099 10:00', template: 't', params: ['{name}'], ...more });

test.each([
  [
    'a list',
    [
      { phone: '8 925 100-10-01', name: 'Анна' },
      { phone: '+79251001002', name: 'Борис' },
    ],
  ],
  ['a map phone → name', { 89251001001: 'Анна', '+7 (925) 100-10-02': 'Борис' }],
  ['a map phone → fields', { 89251001001: { Name: 'Анна', city: 'Тула' }, 79251001002: { Name: 'Борис' } }],
])('{name} of a job for bare numbers comes from contacts.json: %s', async (_form, contacts) => {
  const { lists, campaigns } = await proposed({
    'contacts.json': contacts,
    'scheduled.json': [job({ contacts: ['79251001002', '8 925 100 10 01', '89251009999'] })],
  });
  const [campaign] = campaigns;
  const { audience, parameters } = campaign!;
  const list = lists.find(({ id }) => audience.kind === 'list' && id === audience.listId)!;
  expect(parameters).toEqual([{ kind: 'column', column: 'name' }]);
  expect(list.columns).toEqual(['phone', 'name']);
  // Whom nobody knows has none: the preflight says so.
  expect(list.rows.map(({ columns }) => columns['name'])).toEqual(['Борис', 'Анна', undefined]);
});

test('a job’s own names stay, and what no parameter asks for is not brought over', async () => {
  const { lists } = await proposed({
    'contacts.json': [{ phone: '89251001001', name: 'Анна', city: 'Тула' }],
    'scheduled.json': [job({ contacts: { 89251001001: 'Аня' } }), job({ contacts: ['89251001001'], template: 'u' })],
  });
  expect(lists.slice(1).map(({ columns, rows }) => [columns, rows[0]!.columns['name']])).toEqual([
    [['phone', 'name'], 'Аня'],
    [['phone', 'name'], 'Анна'],
  ]);
});

test('the parameters of data.json are found for a job in a language', async () => {
  const { campaigns } = await proposed({
    'contacts.json': { 89251001001: 'Анна' },
    'data.json': { t: ['{name}', 'x'] },
    'scheduled.json': [{ run_at: '31.12.2099 10:00', template: 't', language: 'ru', contacts: 'all' }],
  });
  expect(campaigns.map(({ template, parameters: { length } }) => [template, length])).toEqual([
    ['t/ru', 2],
    ['t', 2],
  ]);
});
