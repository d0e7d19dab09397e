/**
 * Erasing a person on the whole road: what is left of them in the database, in Temporal, in the log, and in reports
 * made since.
 */
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { MongoClient } from 'mongodb';
import type { Person } from '../../domain/audience';
import { createLogger } from '../../config/logger';
import { databaseOf } from '../../store/connect';
import { runHere, settingsFor } from '../cli/harness';
import { opened } from '../support/recorded-histories';
import { ordinaryPhones, startRoad, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';
import { unzip } from '../support/workbook';

jest.setTimeout(180_000);
const [PHONE, OTHER, THIRD] = ordinaryPhones(3) as [string, string, string];
/** The digits that no spelling of it lacks; as WhatsApp's ids have them. */
const DIGITS = PHONE.slice(2);
const IN_IDS = Buffer.from(PHONE.slice(1)).toString('base64').slice(0, 14);
const SPELLED = `8 (${DIGITS.slice(0, 3)}) ${DIGITS.slice(3, 6)}-${DIGITS.slice(6, 8)}-${DIGITS.slice(8)}`;
const NAME = 'Агафья Щедрина';
/** Somebody else's, who must be found wherever somebody is to be found: or the looks would prove nothing. */
const OTHER_NAME = 'Пётр Кузнецов';
const by = { kind: 'telegram', id: 77 } as const;

const folder = mkdtempSync(join(tmpdir(), 'bobcofer-erased-'));
const logFile = join(folder, 'roles.log');
let road: Road;
beforeAll(async () => {
  quietRuntime();
  road = await startRoad({ log: createLogger('test', 'trace', openSync(logFile, 'a')) });
});
afterAll(async () => {
  await road?.close();
  rmSync(folder, { recursive: true });
});

const cli = async (...words: string[]): Promise<string> => {
  const { stdout, stderr, exitCode } = await runHere(words, settingsFor(road.mongodbUri));
  if (exitCode !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
  return stdout;
};

async function database(): Promise<string> {
  const client = await MongoClient.connect(road.mongodbUri);
  try {
    const collections = await databaseOf(client).collections();
    return JSON.stringify(await Promise.all(collections.map((one) => one.find().toArray())));
  } finally {
    await client.close();
  }
}

/**
 * All that Temporal keeps of every workflow: histories with their payloads opened, search attributes, memo, summaries.
 */
async function temporal(): Promise<string> {
  const kept: unknown[] = [];
  for await (const { workflowId, runId } of road.temporal.workflow.list()) {
    const handle = road.temporal.workflow.getHandle(workflowId, runId);
    const { typedSearchAttributes, memo, ...described } = await handle.describe();
    kept.push(opened(historyToJSON(await handle.fetchHistory())), typedSearchAttributes.getAll(), memo);
    kept.push(await described.staticSummary(), await described.staticDetails());
  }
  return JSON.stringify(kept);
}

/** A report in every form that people can read, as the console tool writes it. */
async function reports(id: string): Promise<string> {
  const texts: string[] = [];
  for (const format of ['text', 'csv']) texts.push(await cli('report', id, '--format', format));
  texts.push(await cli('report', id, '--format', 'text', '--failed'), await cli('report', id, '--json', '--failed'));
  const file = join(folder, `${id}.xlsx`);
  await cli('report', id, '--format', 'xlsx', '--out', file);
  return JSON.stringify([...texts, unzip(readFileSync(file))]);
}

function expectGone(kept: string): void {
  const digits = kept.replace(/[^\d"]/g, '');
  const at = digits.indexOf(DIGITS);
  expect(at < 0 ? 'gone' : digits.slice(Math.max(0, at - 40), at + 40)).toBe('gone');
  for (const trace of [IN_IDS, 'Агафья', 'Щедрина']) {
    const found = kept.indexOf(trace);
    expect(found < 0 ? 'gone' : kept.slice(Math.max(0, found - 80), found + 40)).toBe('gone');
  }
}

test('neither number nor name is left anywhere, and the counts and the others stay', async () => {
  const people: Person[] = [[PHONE, SPELLED, NAME], [OTHER, OTHER, OTHER_NAME], [THIRD, THIRD, 'Олег']].map(
    ([, phone, name], row) => ({ phones: [phone!], columns: { phone: phone!, name: name! }, origin: String(row + 2) }),
  ); // prettier-ignore
  const head = { _id: 'l', columns: ['phone', 'name'], phoneColumn: 'phone', count: 3, createdAt: new Date(), createdBy: by }; // prettier-ignore
  await road.store.lists.create({ ...head, name: `${NAME} ${SPELLED}.csv` }, people);
  const list = { template: 'order_ready', createdBy: by, parameters: [{ kind: 'column' as const, column: 'name' }, { kind: 'text' as const, value: '7' }] }; // prettier-ignore
  const id = await road.startTo([], {
    ...list,
    name: 'Осень',
    audience: { kind: 'list', listId: 'l' },
    audienceLabel: `clients ${SPELLED}.csv`,
    note: `for ${NAME}, ${SPELLED}`,
    pace: { ratePerSecond: 1 },
  });
  await waitFor(async () => (await road.store.campaigns.find(id))?.state === 'running', { what: 'the sends' });
  const detail = `Gupshup: ${SPELLED} is not on the allowed list`;
  await road.campaigns.command(id, { command: 'pause', by, trouble: { code: '131030', detail } });
  await waitFor(async () => (await road.store.campaigns.find(id))?.state === 'paused', { what: 'the pause' });
  await road.campaigns.command(id, { command: 'resume', by });
  await road.campaigns.wait(id, { signal: AbortSignal.timeout(60_000) });

  const one = await road.campaigns.sendOne({ template: 'order_ready', phone: SPELLED, params: [`${NAME}, ждём`, '7'], by }); // prettier-ignore
  if (!one.ok) throw new Error(one.refusal.code);
  await road.campaigns.wait(one.value.id, { signal: AbortSignal.timeout(60_000) });
  for (const [phone, text] of [[PHONE, `Стоп! Это ${NAME}`], [OTHER, `звоните ${SPELLED}`]] as const)
    await road.control('POST', `/sandbox/whatsapp/${phone.slice(1)}/reply`, { text }); // prettier-ignore
  await waitFor(async () => (await road.store.replies.latest(OTHER)) !== undefined, { what: 'the answers' });
  await waitFor(async () => (await road.store.replies.latest(PHONE)) !== undefined, { what: 'the STOP' });
  const before = (await road.campaigns.status(id, { fresh: true })) as { value: { ledger: unknown } };
  for (const kept of [await database(), await reports(id)]) expect(kept).toContain('Агафья');

  await cli('contacts', 'erase', SPELLED, '--yes');

  const [inDatabase, inReports, inTemporal] = [await database(), await reports(id), await temporal()];
  for (const kept of [inDatabase, inReports, inTemporal, await reports(one.value.id), readFileSync(logFile, 'utf8')])
    expectGone(kept);
  expect(readFileSync(logFile, 'utf8')).toContain('Possible opt-out: asking the team');
  for (const kept of [inDatabase, inReports]) expect(kept).toContain(OTHER_NAME);
  expect(inTemporal).toContain('clients ');
  expect(await road.campaigns.status(id, { fresh: true })).toMatchObject({ value: { ledger: before.value.ledger } });
});
