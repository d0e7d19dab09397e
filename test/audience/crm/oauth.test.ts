/** OAuth's rotating pair over several processes, against the sandbox, which takes every refresh token once. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { AmocrmError } from '../../../clients/amocrm/error';
import { MongoClient, type Db } from 'mongodb';
import { runHere, settingsFor } from '../../cli/harness';
import { startStore, type TestStore } from '../../store/support';
import { nodeArguments } from '../../support/programs';
import { waitFor } from '../../support/servers';
import { connect, startCrm, type CrmSandbox } from './account';

let own: TestStore;
let crm: CrmSandbox;
beforeEach(async () => {
  own = await startStore();
  crm = await startCrm();
});
afterEach(async () => {
  await crm.close();
  await own.close();
});

const refusalOf = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.then(
    (value) => value,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AmocrmError);
  return (error as AmocrmError).refusal;
};
interface KeptAccount {
  _id: string;
  lease?: { holder: string };
  logins?: { state: string }[];
}

/** The account as MongoDB keeps it. */
async function document(): Promise<KeptAccount | undefined> {
  const { db, close } = await databaseAt(own.uri);
  const found = await db.collection<KeptAccount>('crmAccounts').findOne({ _id: crm.account });
  await close();
  return found ?? undefined;
}
const tokens = () => own.store.crmAccounts.tokens(crm.account);

/** The kept pair, as if its access token had been got so that `left` of its life were left. */
async function age(left: number): Promise<void> {
  const kept = (await tokens())!;
  const life = 86_400_000;
  const expiresAt = new Date(Date.now() + life * left);
  const obtainedAt = new Date(expiresAt.getTime() - life);
  await own.store.crmAccounts.saveTokens(crm.account, { ...kept, obtainedAt, expiresAt });
}

describe('an admin agrees to amoCRM access', () => {
  test('until an administrator has agreed, the refusal says how', async () => {
    await expect(refusalOf(crm.client(own.store).account())).resolves.toEqual({
      code: 'crm_authorise_again',
      values: { detail: 'nobody has agreed yet' },
    });
  });

  test('after the link is followed amoCRM answers, in every process', async () => {
    await connect(crm, own.store);
    await expect(crm.client(own.store).account()).resolves.toMatchObject({ subdomain: 'svetlydom' });
    await expect(crm.client(await own.another()).account()).resolves.toMatchObject({ subdomain: 'svetlydom' });
  });

  test('crm connect --wait ends when the administrator has agreed', async () => {
    const { AMOCRM_TOKEN, ...settings } = settingsFor(own.uri);
    expect(AMOCRM_TOKEN).toBeDefined();
    const outcome = runHere(['crm', 'connect', '--wait'], { ...settings, ...crm.environment('oauth') });
    const state = await waitFor(async () => (await document())?.logins?.[0]?.state, { what: 'the link' });
    const { AMOCRM_CLIENT_ID } = crm.environment('oauth');
    const answer = await crm.agree(`${crm.account}/oauth?client_id=${AMOCRM_CLIENT_ID}&state=${state}&mode=popup`);
    await expect(crm.login(own.store).finish(answer)).resolves.toMatchObject({ ok: true });
    const { stdout, stderr, exitCode } = await outcome;
    expect(stderr).toContain(`state=${state}`);
    expect({ stdout, exitCode }).toEqual({ stdout: 'amoCRM is connected.\n', exitCode: 0 });
  }, 20_000);

  test('an answer that no link of ours asked for, a used one, a refusal and another account are turned down', async () => {
    const login = crm.login(own.store);
    const link = async (): Promise<string> => {
      const made = await login.link();
      if (!made.ok) throw new Error(made.refusal.code);
      return made.value.url;
    };
    const answer = await crm.agree(await link());
    await expect(login.finish({ ...answer, state: 'made-up' })).resolves.toMatchObject({ refusal: { code: 'crm_login_unknown' } });
    const elsewhere = await crm.agree(await link());
    await expect(login.finish({ ...elsewhere, referer: 'other.amocrm.ru' })).resolves.toMatchObject({
      refusal: { code: 'crm_login_elsewhere', values: { got: 'other.amocrm.ru' } },
    });
    const { state } = await crm.agree(await link());
    await expect(login.finish({ state, error: 'access_denied' })).resolves.toMatchObject({
      refusal: { code: 'crm_login_denied' },
    });
    expect(await tokens()).toBeUndefined();
    await expect(login.finish(answer)).resolves.toMatchObject({ ok: true });
    await expect(login.finish(answer)).resolves.toMatchObject({ refusal: { code: 'crm_login_unknown' } });
  }); // prettier-ignore
});

describe('renewing the tokens of amoCRM', () => {
  beforeEach(() => connect(crm, own.store));

  test('nothing is renewed while most of its life is left', async () => {
    const before = await tokens();
    await age(0.3);
    await crm.client(own.store).account();
    expect((await tokens())!.refreshToken).toBe(before!.refreshToken);
  });

  test('before the end: one of many renews it, and nobody waits or fails', async () => {
    const before = (await tokens())!;
    await age(0.2);
    const clients = [crm.client(own.store), crm.client(await own.another()), crm.client(await own.another())];
    await crm.control('requests', 'DELETE');
    await Promise.all(clients.flatMap((client) => [client.account(), client.account()]));
    const after = (await tokens())!;
    expect(after.refreshToken).not.toBe(before.refreshToken);
    expect((await crm.control('requests', 'GET')).byRoute).toEqual({
      'POST /oauth2/access_token': 1,
      'GET /api/v4/account': 6,
    });
    expect(await crm.byStatus()).toEqual({ 200: 7 });
  });

  test('after the end: one renews it, the others wait for the new pair', async () => {
    await age(-0.1);
    const clients = [crm.client(own.store), crm.client(await own.another()), crm.client(await own.another())];
    await crm.control('requests', 'DELETE');
    await Promise.all(clients.map((client) => client.account()));
    expect(await crm.byStatus()).toEqual({ 200: 4 });
  });

  test('after a 401, as when a right was taken back and given: once, and the call is made again', async () => {
    const clients = [crm.client(own.store), crm.client(await own.another())];
    await crm.control('expire-tokens', 'POST');
    await crm.control('requests', 'DELETE');
    await Promise.all(clients.map((client) => client.account()));
    expect((await crm.control('requests', 'GET')).byRoute['POST /oauth2/access_token']).toBe(1);
    expect((await crm.byStatus())['400']).toBeUndefined();
  });

  test('two processes over one pair, with access tokens that last two seconds: none is ever refused', async () => {
    await crm.control('settings', 'PUT', { accessTokenSeconds: 2 });
    await age(-0.1);
    await crm.control('requests', 'DELETE');
    const processes = [crmProcess(12), crmProcess(12)];
    await Promise.all(processes.map(({ ended }) => ended));
    const { byStatus, byRoute } = await crm.control('requests', 'GET');
    expect(byStatus['400']).toBeUndefined();
    expect(byStatus['429']).toBeUndefined();
    expect(byRoute['GET /api/v4/account']).toBeGreaterThanOrEqual(24);
    expect(byRoute['POST /oauth2/access_token']).toBeGreaterThan(1);
  }, 40_000);
});

describe('the pair is lost', () => {
  beforeEach(() => connect(crm, own.store));

  /** As if a process had been killed between amoCRM's answer and the write. */
  async function loseThePair(): Promise<void> {
    const { refreshToken } = (await tokens())!;
    const environment = crm.environment('oauth');
    const response = await fetch(`${crm.account}/oauth2/access_token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: environment['AMOCRM_CLIENT_ID'],
        client_secret: environment['AMOCRM_CLIENT_SECRET'],
        redirect_uri: environment['AMOCRM_REDIRECT_URI'],
      }),
    });
    expect(response.status).toBe(200);
  }

  test('the old access token works to its end, the admins are to be told once, and agreeing again mends it', async () => {
    await loseThePair();
    await age(0.2);
    const client = crm.client(own.store);
    await expect(client.account()).resolves.toMatchObject({ subdomain: 'svetlydom' });
    const untold = await own.store.crmAccounts.takeUntold();
    expect(untold).toMatchObject({ account: crm.account, trouble: { kind: 'unauthorised', detail: 'Invalid refresh token' } });
    await expect(client.account()).resolves.toMatchObject({ subdomain: 'svetlydom' });
    expect(await own.store.crmAccounts.takeUntold()).toBeUndefined();

    await crm.control('expire-tokens', 'POST');
    await crm.control('requests', 'DELETE');
    await expect(refusalOf(client.account())).resolves.toMatchObject({ code: 'crm_authorise_again' });
    await expect(refusalOf(client.account())).resolves.toMatchObject({ code: 'crm_authorise_again' });
    // The spent token is not tried again and again.
    expect((await crm.control('requests', 'GET')).byRoute['POST /oauth2/access_token']).toBeUndefined();

    await connect(crm, own.store);
    await expect(client.account()).resolves.toMatchObject({ subdomain: 'svetlydom' });
  }); // prettier-ignore

  test('a process killed while it renews holds up nobody whose access token is good, nor for long anybody', async () => {
    // The lease of a dead one, as MongoDB keeps it.
    await own.store.crmAccounts.lease(crm.account, 'the-dead-one', 1_500);
    await age(0.2);
    const before = Date.now();
    await expect(crm.client(own.store).account()).resolves.toMatchObject({ subdomain: 'svetlydom' });
    expect(Date.now() - before).toBeLessThan(1_400);
    await age(-0.1);
    await expect(crm.client(own.store).account()).resolves.toMatchObject({ subdomain: 'svetlydom' });
    expect(Date.now() - before).toBeGreaterThanOrEqual(1_400);
  });

  test('a process killed with SIGKILL while amoCRM answers: the others go on, the admins hear, agreeing again mends it', async () => {
    await age(0.2);
    await crm.control('settings', 'PUT', { tokenDelayMs: 2_000 });
    await crm.control('requests', 'DELETE');
    const doomed = crmProcess(1);
    const ended = doomed.ended.catch(() => 'killed');
    await waitFor(async () => (await crm.control('requests', 'GET')).byRoute['POST /oauth2/access_token'] === 1, {
      what: 'the refresh to be on its way',
    });
    doomed.child.kill('SIGKILL');
    await expect(ended).resolves.toBe('killed');
    await crm.control('settings', 'PUT', { tokenDelayMs: 0 });
    // Its lease lasts on; the access token does too.
    const client = crm.client(own.store);
    await expect(client.account()).resolves.toMatchObject({ subdomain: 'svetlydom' });
    await own.store.crmAccounts.release(crm.account, (await document())!.lease!.holder);
    await expect(client.account()).resolves.toMatchObject({ subdomain: 'svetlydom' });
    expect(await own.store.crmAccounts.takeUntold()).toMatchObject({ trouble: { kind: 'unauthorised' } });
    await connect(crm, own.store);
    await age(-0.1);
    await expect(client.account()).resolves.toMatchObject({ subdomain: 'svetlydom' });
  }, 40_000);
});

/** A process of its own that asks for the account `times` times; rejects when one is refused. */
function crmProcess(times: number): { child: ChildProcess; ended: Promise<void> } {
  const child = spawn(
    process.execPath,
    [...nodeArguments('test/audience/crm/process.ts'), String(times)],
    { env: { PATH: process.env['PATH'], ...crm.environment('oauth'), MONGODB_URI: own.uri }, stdio: ['ignore', 'ignore', 'pipe'] },
  ); // prettier-ignore
  const lines: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => lines.push(line));
  const ended = new Promise<void>((done, failed) => {
    child.on('close', (code) => (code === 0 ? done() : failed(new Error(lines.join('\n') || `exit ${code}`))));
  });
  return { child, ended };
}

async function databaseAt(uri: string): Promise<{ db: Db; close: () => Promise<void> }> {
  const client = await MongoClient.connect(uri);
  return { db: client.db(), close: () => client.close() };
}
