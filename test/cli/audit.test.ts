/** `audit`: what was done, narrowed and exported; and that the console's own commands are in it. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuditStore, type AuditStore } from '../../store/audit';
import { testMongo } from '../support/servers';
import { runHere, settingsFor } from './harness';

let mongo: Awaited<ReturnType<typeof testMongo>>;
let audit: AuditStore;
beforeEach(async () => {
  mongo = await testMongo();
  audit = createAuditStore(mongo.db);
  const day = (n: number): Date => new Date(`2026-11-0${n}T12:00:00Z`);
  await audit.record({ at: day(1), actor: { kind: 'telegram', id: 5 }, action: 'asked', what: '/new', name: '=Анна' });
  await audit.record({ at: day(2), actor: { kind: 'telegram', id: 6 }, action: 'report', what: 'campaign report', campaignId: 'c1' }); // prettier-ignore
  await audit.record({ at: day(3), actor: { kind: 'system' }, action: 'contact_erased' });
});
afterEach(() => mongo.close());

const cli = async (...words: string[]) => {
  const { stdout, stderr, exitCode } = await runHere([...words, '--json'], settingsFor(mongo.uri));
  return { document: stdout ? (JSON.parse(stdout) as { what?: string }[]) : undefined, stderr, exitCode };
};
const whats = async (...words: string[]) =>
  (await cli('audit', 'list', ...words))
    .document!.map(({ what }) => what ?? null)
    .filter((what) => what !== 'audit list');

test.each([
  [[], [null, 'campaign report', '/new']],
  [['--who', '5'], ['/new']],
  [['--who', 'system'], [null]],
  [['--campaign', 'c1'], ['campaign report']],
  [['--from', '2026-11-02', '--to', '2026-11-02'], ['campaign report']],
  [['--limit', '1'], [null]],
])('list %j', async (words, expected) => {
  expect(await whats(...words)).toEqual(expected);
});

test('commands of the console that use the database are in it, with the campaign and without what was typed', async () => {
  await cli('users', 'add', '42');
  await cli('campaign', 'status', 'none1');
  await cli('phone', 'normalize', '89001112233');
  const kept = await audit.find({ who: 'cli' }).toArray();
  expect(kept.map(({ what, campaignId }) => [what, campaignId])).toEqual([
    ['campaign status', 'none1'],
    ['users add', undefined],
    ['team role', undefined],
  ]);
  expect(kept.filter(({ action }) => action === 'asked').every(({ name }) => name)).toBe(true);
  expect(kept[2]).toMatchObject({ before: { person: 42, role: null }, after: { person: 42, role: 'operator' } });
});

test('exports CSV that a spreadsheet does not run', async () => {
  const out = join(mkdtempSync(join(tmpdir(), 'bobcofer-audit-')), 'audit.csv');
  expect((await cli('audit', 'list', '--format', 'csv', '--out', out)).document).toEqual({ file: out, format: 'csv' });
  const lines = readFileSync(out, 'utf8').trim().split('\r\n');
  expect(lines[0]).toContain('at,who,name,action,what,campaign,phone,before,after');
  expect(lines).toHaveLength(4);
  expect(lines[3]).toContain("'=Анна");
});

test.each([
  [['--who', 'Anna']],
  [['--from', 'yesterday']],
  [['--from', '2026-11-03', '--to', '2026-11-01']],
  [['--out', 'x']],
  [['--format', 'csv']],
  [['--limit', '0']],
])('wrong usage: %j', async (words) => {
  expect((await cli('audit', 'list', ...words)).exitCode).toBe(2);
});
