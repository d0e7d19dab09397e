/** `send` on the whole road: accepted, or why not, in words. */
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { phoneEnding, startRoad, type Road } from '../support/road';
import { testTemporalAddress } from '../support/servers';
import { runHere, type Outcome } from './harness';

let road: Road;
beforeAll(async () => {
  road = await startRoad();
}, 60_000);
afterAll(() => road.close());

function send(to: string): Promise<Outcome> {
  return runHere(['send', '--template', 'showroom_invitation', '--to', to], {
    ...SANDBOX_CREDENTIALS,
    GUPSHUP_BASE_URL: `${road.sandbox.url}/gupshup`,
    AMOCRM_BASE_URL: `${road.sandbox.url}/amocrm`,
    TEMPORAL_ADDRESS: testTemporalAddress(),
    TEMPORAL_NAMESPACE: road.namespace,
    MONGODB_URI: road.mongodbUri,
  });
}

test('accepted is exit 0 and names the message', async () => {
  const { exitCode, stdout } = await send('8 925 100-00-01');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^Gupshup accepted the message to \+79251000001: \S+ \(\w+\)\.\n$/);
}, 30_000);

test('an error without a code is told with its HTTP status, and in what words Gupshup put it', async () => {
  const { exitCode, stdout, stderr } = await send(phoneEnding('907'));
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(
    /not accepted: it is failed \(Gupshup did not accept the message \(HTTP 202\); Gupshup says "Success"\)\.$/m,
  );
}, 30_000);

test("an error with Meta's code is told with its meaning", async () => {
  const { exitCode, stderr } = await send(phoneEnding('908'));
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/it is failed \(131049: .+\)\.$/m);
}, 30_000);
