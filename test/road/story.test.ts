/** The log of a campaign tells its story: each state, each command with who gave it, each pause with its code, and the counts. */
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../config/logger';
import { onRoad, ordinaryPhones, SENDER } from '../support/road';
import { waitFor } from '../support/servers';

const PEOPLE = 100;
const ADMIN = 5_012_345_678;

type Line = { msg: string; campaignId?: string } & Record<string, unknown>;

const folder = mkdtempSync(join(tmpdir(), 'bobcofer-story-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a campaign of 100, paused by an admin, by a code, and resumed, writes exactly this story', async () => {
  const file = join(folder, 'log');
  const log = createLogger('worker', 'info', openSync(file, 'w'));
  let id = '';
  await onRoad({ sendsPerSecond: 50, log }, async (road) => {
    const by = { kind: 'telegram', id: ADMIN } as const;
    const give = async (command: 'pause' | 'resume', trouble?: { code: string; detail: string }): Promise<void> => {
      const answer = await road.campaigns.command(id, { command, by, ...(trouble && { trouble }) } as never);
      if (!answer.ok) throw new Error(answer.refusal.code);
    };
    const becomes = (state: string): Promise<unknown> =>
      waitFor(async () => (await road.store.campaigns.find(id))?.state === state, { what: state, limitMs: 30_000 });
    id = await road.startTo(ordinaryPhones(PEOPLE), { createdBy: by });
    await becomes('running');
    await give('pause');
    await becomes('paused');
    await give('resume');
    await becomes('running');
    await give('pause', { code: '1003', detail: 'the Gupshup wallet is empty' });
    await becomes('paused');
    await give('resume');
    await becomes('completed');
    // Too late: refused, and that is said too.
    const late = await road.campaigns.command(id, { command: 'pause', by });
    expect(late.ok).toBe(false);
  });
  const text = readFileSync(file, 'utf8');
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)
    .filter(({ campaignId }) => campaignId === id);

  const commands = lines.filter(({ command }) => command).map(({ msg, by, byId, code, refusal }) => [msg, by, byId, code ?? refusal]); // prettier-ignore
  expect(commands).toEqual([
    ['Command accepted: start', 'telegram', ADMIN, undefined],
    ['Command accepted: pause', 'telegram', ADMIN, undefined],
    ['Command accepted: resume', 'telegram', ADMIN, undefined],
    ['Command accepted: pause', 'telegram', ADMIN, '1003'],
    ['Command accepted: resume', 'telegram', ADMIN, undefined],
    ['Command refused: pause', 'telegram', ADMIN, 'campaign_state'],
  ]);
  const states = lines.filter(({ to }) => to).map(({ from, to, by, byId, code }) => [from, to, by, byId ?? code]);
  expect(states.slice(states.findIndex(([, to]) => to === 'running'))).toEqual([
    ['preparing', 'running', undefined, undefined],
    ['running', 'paused', 'telegram', ADMIN],
    ['paused', 'running', undefined, undefined],
    ['running', 'paused', undefined, '1003'],
    ['paused', 'running', undefined, undefined],
    ['running', 'settling', undefined, undefined],
    ['settling', 'completed', undefined, undefined],
  ]);
  const counts = lines.filter(({ msg }) => msg === 'Sent in the last minute');
  expect(counts.map(({ sender }) => sender)).toEqual(counts.map(() => SENDER));
  expect(counts.reduce((sum, { accepted }) => sum + Number(accepted), 0)).toBe(PEOPLE);
  expect(counts.length).toBeLessThanOrEqual(2);
  // Nothing else is said of it, and nobody's number anywhere.
  expect(commands.length + states.length + counts.length).toBe(lines.length);
  expect(ordinaryPhones(PEOPLE).filter((phone) => text.includes(phone.slice(-10)))).toEqual([]);
}, 60_000);
