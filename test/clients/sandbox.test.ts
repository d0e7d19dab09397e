/** The clients against the sandbox, which refuses what the real services refuse. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAmocrmClient, type AmocrmClient } from '../../clients/amocrm/client';
import { createGupshupClient, type GupshupClient } from '../../clients/gupshup/client';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { createSandbox, type Sandbox } from '../../sandbox/main';

let home: string;
let sandbox: Sandbox;
let crm: AmocrmClient;
let gupshup: GupshupClient;
const problems: unknown[] = [];

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bobcofer-clients-'));
  // So many leads that a stage takes more than one page.
  sandbox = await createSandbox({ home, leads: 1500 });
  crm = createAmocrmClient({ baseUrl: `${sandbox.url}/amocrm`, token: SANDBOX_CREDENTIALS.AMOCRM_TOKEN });
  gupshup = gupshupClient(SANDBOX_CREDENTIALS.GUPSHUP_API_KEY);
});
afterAll(async () => {
  await Promise.all([crm.close(), gupshup.close()]);
  await sandbox.close();
  rmSync(home, { recursive: true });
});

function gupshupClient(apiKey: string): GupshupClient {
  return createGupshupClient({
    baseUrl: `${sandbox.url}/gupshup`,
    apiKey,
    appName: SANDBOX_CREDENTIALS.GUPSHUP_APP_NAME,
    appId: SANDBOX_CREDENTIALS.GUPSHUP_APP_ID,
    source: SANDBOX_CREDENTIALS.GUPSHUP_SOURCE,
    timeoutMs: 5000,
    onBadTemplate: (problem) => problems.push(problem),
  });
}

test('reads the whole CRM at its rate: every lead of every stage is one person', async () => {
  const stages = (await crm.pipelines()).flatMap(({ id, statuses }) =>
    statuses.map((status) => [id, status.id] as const),
  );
  const leads = new Set<string>();
  for await (const { id } of crm.leads({})) leads.add(String(id));
  const people = new Set<string>();
  for (const [pipelineId, statusId] of stages) {
    for await (const { origin, columns } of crm.people({ pipelineId, statusId })) {
      expect(columns).toHaveProperty('lead_name');
      people.add(origin);
    }
  }
  expect(leads.size).toBeGreaterThan(250);
  expect(people).toEqual(leads);
});

test('reads every template of the account', async () => {
  const templates = await gupshup.listTemplates();
  expect(problems).toEqual([]);
  expect(new Set(templates.map(({ status }) => status))).toContain('APPROVED');
  expect(templates.every(({ body }) => body.trim() !== '')).toBe(true);
});

test('sends, is refused with the wrong key, and reads the balance', async () => {
  const template = (await gupshup.listTemplates()).find(
    ({ status, type }) => status === 'APPROVED' && type === 'TEXT',
  )!;
  const send = { destination: '+79161234567', templateId: template.id, params: ['a', 'b', 'c', 'd'] };
  await expect(gupshup.sendTemplate(send)).resolves.toMatchObject({ kind: 'accepted' });
  const stranger = gupshupClient('wrong-key');
  await expect(stranger.sendTemplate(send)).resolves.toMatchObject({ kind: 'refused', status: 401 });
  await stranger.close();
  await expect(gupshup.walletBalance()).resolves.toEqual(expect.any(Number));
});

test('subscribes to everything that receipts need', async () => {
  const created = await gupshup.subscriptions.create({ url: `${sandbox.url}/healthz`, tag: 'clients-test' });
  expect(await gupshup.subscriptions.list()).toContainEqual(created);
  expect(created.modes).toEqual(expect.arrayContaining(['SENT', 'DELIVERED', 'READ', 'FAILED', 'ENQUEUED']));
  await gupshup.subscriptions.delete(created.id);
  expect(await gupshup.subscriptions.list()).not.toContainEqual(created);
});

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const file = (mime: string, content = PNG): Parameters<GupshupClient['uploadMedia']>[0] => ({
  content,
  mime,
  name: 'Прайс.png',
});

test('uploads a file whatever it is called, and gets an id for it', async () => {
  const [one, other] = [
    await gupshup.uploadMedia(file('image/png')),
    await gupshup.uploadMedia(file('application/pdf')),
  ];
  expect(one).toMatch(/^\d{16}$/);
  expect(other).not.toBe(one);
});

test.each([
  ['image/gif', 6, /Invalid file type/],
  ['application/zip', 6, /Invalid file type/],
  ['image/jpeg', 5 * 1024 * 1024 + 1, /Invalid file size/],
  ['video/mp4', 16 * 1024 * 1024 + 1, /Invalid file size/],
])('an upload of %s with %i bytes is refused in words', async (mime, bytes, message) => {
  const refused = gupshup.uploadMedia(file(mime, Buffer.alloc(bytes)));
  await expect(refused).rejects.toMatchObject({ status: 400, json: { message: expect.stringMatching(message) } });
});
