/** `campaign schedule` on a real Temporal server. */
import { startRoad, type Road } from '../support/road';
import { testTemporalAddress, waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';
import { runHere, settingsFor, type Outcome } from './harness';

jest.setTimeout(60_000);
let road: Road;
let campaignId: string;
beforeAll(async () => {
  quietRuntime();
  road = await startRoad({ workers: false });
  const created = await road.campaigns.create({
    name: 'Weekly',
    template: 'showroom_invitation',
    audience: { kind: 'phones', phones: ['+79261234567'] },
    audienceLabel: 'typed in',
    parameters: [],
    createdBy: { kind: 'cli' },
  });
  campaignId = created.ok ? created.value.id : '';
});
afterAll(() => road?.close());

const schedule = (...words: string[]): Promise<Outcome> =>
  runHere(['campaign', 'schedule', ...words], {
    ...settingsFor(road.mongodbUri),
    TEMPORAL_ADDRESS: testTemporalAddress(),
    TEMPORAL_NAMESPACE: road.namespace,
  });

interface Shown {
  id: string;
  name: string;
  cron: string;
  paused: boolean;
  next: string[];
}

test('a schedule from its making to its end', async () => {
  const made = await schedule('create', '--campaign', campaignId, '--cron', '0 10 * * 2', '--json');
  expect(made).toMatchObject({ exitCode: 0, stderr: '' });
  const { id, ...series } = JSON.parse(made.stdout) as Shown;
  expect(series).toMatchObject({ name: 'Weekly', cron: '0 10 * * 2', timezone: 'Europe/Moscow', paused: false });
  expect(series.next[0]).toMatch(/T07:00:00\.000Z$/);

  await waitFor(async () => (await schedule('list')).stdout.includes(id), { what: 'the schedule in the list' });
  const paused = await schedule('pause', id, '--json');
  expect(JSON.parse(paused.stdout)).toMatchObject({ id, paused: true, next: [] });
  expect((await schedule('list')).stdout).toContain('paused');
  expect((await schedule('resume', id)).stdout).toMatch(
    /^Weekly \(\w+\): 0 10 \* \* 2, Europe\/Moscow\nnext .* 10:00\n$/,
  );
  expect(await schedule('delete', id)).toMatchObject({ exitCode: 0 });
  const gone = await schedule('pause', id);
  expect(gone).toMatchObject({ exitCode: 1, stdout: '' });
  expect(gone.stderr).toContain(`There is no schedule ${id}`);
});

test('warns of an hour that the clocks jump over', async () => {
  const made = await schedule(
    'create',
    '--campaign',
    campaignId,
    '--cron',
    '30 2 * * *',
    '--timezone',
    'Europe/Berlin',
  );
  expect(made.stdout).toMatch(/Warning: On Sunday, .* the clocks in Europe\/Berlin change: it will not run at 02:30/);
});

test.each([
  [['--cron', '* * * * *'], 'Cannot read "* * * * *" as a schedule'],
  [['--cron', '0 10 * * 2', '--timezone', 'Mars'], 'There is no time zone "Mars"'],
])('a schedule’s rhythm is refused: %j', async (options, sentence) => {
  const made = await schedule('create', '--campaign', campaignId, ...options);
  expect(made).toMatchObject({ exitCode: 2, stdout: '' });
  expect(made.stderr).toContain(sentence);
});
