/** The menu as somebody at a terminal meets it: keys in, screen out, against the sandbox's CRM and Gupshup. */
import { PassThrough, Writable } from 'node:stream';
import { openMenu } from '../../cli/menu/open';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { startRoad, type Road } from '../support/road';
import { testTemporalAddress, waitFor } from '../support/servers';
import { emptyHome, runProcess } from './harness';

const ENTER = '\r';
const DOWN = '\u001b[B';
const CTRL_C = '\u0003';

let road: Road;
let environment: Record<string, string>;

beforeAll(async () => {
  road = await startRoad({ workers: false });
  environment = {
    ...SANDBOX_CREDENTIALS,
    GUPSHUP_BASE_URL: `${road.sandbox.url}/gupshup`,
    AMOCRM_BASE_URL: `${road.sandbox.url}/amocrm`,
    TEMPORAL_ADDRESS: testTemporalAddress(),
    TEMPORAL_NAMESPACE: road.namespace,
    MONGODB_URI: road.mongodbUri,
    BOBCOFER_HOME: emptyHome(),
  };
}, 60_000);
afterAll(() => road.close());

/** A menu, and a person who reads before they press. */
function sitDown(settings: Record<string, string> = environment): {
  ended: Promise<number>;
  press(keys: string): void;
  /** Waits until `text` is on the screen, below what was waited for before. */
  read(text: string | RegExp): Promise<string>;
} {
  let screen = '';
  const stdin = new PassThrough();
  const stdout = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      screen += chunk.toString('utf8').replace(/\u001b\[[\d;?]*[A-Za-z]/g, '');
      done();
    },
  });
  const ended = openMenu({ stdin, stdout, stderr: stdout, environment: settings });
  return {
    ended,
    press: (keys) => void stdin.write(keys),
    read: async (text) => {
      const pattern = typeof text === 'string' ? new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : text;
      const found = await waitFor(() => pattern.exec(screen), { what: `${pattern} on the screen` });
      const until = screen.slice(0, found.index + found[0].length);
      screen = screen.slice(until.length);
      return until;
    },
  };
}

/** To the n-th choice, counted from 0. */
const choose = (n: number): string => DOWN.repeat(n) + ENTER;

test('a phone is normalized, and the menu comes back', async () => {
  const { ended, press, read } = sitDown();
  await read('What would you like to do?');
  press(choose(3));
  await read('Number, as people write it:');
  press(`8 (900) 123-45-67${ENTER}`);
  await read("$ bobcofer phone normalize -- '8 (900) 123-45-67'");
  await read(/\+79001234567 +RU +yes/);
  await read('What would you like to do?');
  press(DOWN.repeat(20) + ENTER);
  expect(await ended).toBe(0);
});

test('pipelines, and the leads of a stage with contacts and phones', async () => {
  const { ended, press, read } = sitDown();
  await read('What would you like to do?');
  press(ENTER);
  await read('$ bobcofer crm pipelines');
  await read('What would you like to do?');
  press(choose(1));
  await read('Which pipeline?');
  press(ENTER);
  await read('Which stage?');
  press(choose(1));
  await read(/\$ bobcofer crm leads --pipeline \d+ --status \d+/);
  await read(/LEAD .*CONTACT +PHONES/);
  await read('What would you like to do?');
  press(CTRL_C);
  expect(await ended).toBe(0);
});

test('a test message asks for the parameters of the template', async () => {
  const { ended, press, read } = sitDown();
  await read('What would you like to do?');
  press(choose(5));
  await read('Which template?');
  press(ENTER);
  await read('To which number?');
  press(`+79250000000${ENTER}`);
  await read('Parameter 1, {{1}}:');
  press(CTRL_C);
  expect(await ended).toBe(0);
});

test('without a stack a choice says so, and the menu goes on', async () => {
  const { ended, press, read } = sitDown({ BOBCOFER_HOME: emptyHome() });
  await read('What would you like to do?');
  press(choose(1));
  await read(/No stack is running in .*npm start/);
  await read('What would you like to do?');
  press(CTRL_C);
  expect(await ended).toBe(0);
});

test('without a terminal no command is wrong usage, with the help', async () => {
  const { exitCode, stdout, stderr } = await runProcess([]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^Usage: bobcofer/);
});
