/** Who gets in to the sandbox's amoCRM, and how often: tokens that rotate, the rate of calls, the block that stays. */
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import type { Sandbox } from '../../sandbox/main';
import { call, startSandbox, until, type Answer } from './sandbox-support';

let sandbox: Sandbox;
const long = `Bearer ${SANDBOX_CREDENTIALS.AMOCRM_TOKEN}`;
const account = (authorization?: string): Promise<Answer> =>
  call(`${sandbox.url}/amocrm/api/v4/account`, 'GET', undefined, authorization ? { authorization } : {});
const control = (path: string, method: string, body?: unknown) =>
  call(`${sandbox.url}/sandbox/amocrm/${path}`, method, body);
const token = (body: unknown) => call(`${sandbox.url}/amocrm/oauth2/access_token`, 'POST', body);

beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

test('no token and a wrong one are 401 in the documented envelope', async () => {
  for (const authorization of [undefined, 'Bearer wrong', SANDBOX_CREDENTIALS.AMOCRM_TOKEN]) {
    const { status, type, body } = await account(authorization);
    expect({ status, type }).toEqual({ status: 401, type: expect.stringMatching(/^application\/problem\+json/) });
    expect(body).toEqual({
      title: 'Unauthorized',
      type: 'https://httpstatus.es/401',
      status: 401,
      detail: expect.any(String),
    });
  }
  expect((await account(long)).status).toBe(200);
});

test('a code gives a pair once; a refresh gives a new pair and kills the old refresh token', async () => {
  await control('settings', 'PUT', { requestsPerSecond: 1000 });
  const redirectUri = 'https://bobcofer.example/amocrm';
  const { body: integration } = await control('code', 'POST', { redirectUri });
  const base = { client_id: integration.clientId, client_secret: integration.clientSecret, redirect_uri: redirectUri };
  const byCode = { ...base, grant_type: 'authorization_code', code: integration.code };
  const { body: pair } = await token(byCode);
  expect(pair).toEqual({
    token_type: 'Bearer',
    expires_in: 86_400,
    access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    refresh_token: expect.any(String),
  });
  expect((await account(`Bearer ${pair.access_token}`)).status).toBe(200);
  expect(await token(byCode)).toMatchObject({ status: 400, body: { hint: 'Authorization code has been revoked' } });

  await control('expire-tokens', 'POST');
  expect((await account(`Bearer ${pair.access_token}`)).status).toBe(401);
  const refresh = { ...base, grant_type: 'refresh_token', refresh_token: pair.refresh_token };
  expect((await token({ ...refresh, redirect_uri: 'https://other.example' })).status).toBe(400);
  const { body: next } = await token(refresh);
  expect((await account(`Bearer ${next.access_token}`)).status).toBe(200);
  const again = await token(refresh);
  expect(again.status).toBe(400);
  expect(again.body).toEqual({
    hint: 'Invalid refresh token',
    title: 'Некорректный запрос',
    type: 'https://developers.amocrm.ru/v3/errors/OAuthProblemJson',
    status: 400,
    detail: 'В запросе отсутствует ряд параметров или параметры невалидны',
  });
});

test('the authorization page hands the code to the redirect address', async () => {
  const { body } = await control('code', 'POST', { redirectUri: 'https://a.example/' });
  const query = new URLSearchParams({ client_id: body.clientId, state: 's1', redirect_uri: 'https://a.example/cb' });
  const response = await fetch(`${sandbox.url}/amocrm/oauth?${query}`, { redirect: 'manual' });
  const target = new URL(response.headers.get('location')!);
  expect(target.origin + target.pathname).toBe('https://a.example/cb');
  expect(Object.fromEntries(target.searchParams)).toMatchObject({
    state: 's1',
    code: expect.any(String),
    referer: expect.any(String),
  });
});

test('the eighth call within a second is 429, as JSON and as a page in turn; later calls get through', async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, () => account(long)));
  const refused = answers.filter(({ status }) => status === 429);
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(7);
  expect(refused.length).toBeGreaterThanOrEqual(2);
  expect(refused[0]!.body).toMatchObject({ title: 'Too Many Requests', status: 429, retry_after: 1 });
  expect(refused[1]).toMatchObject({
    type: 'text/html',
    body: expect.stringContaining('<h1>429 Too Many Requests</h1>'),
  });
  await until('a call that gets through', async () => (await account(long)).status === 200);
});

test('after many breaches every call is 403, the token endpoint too, until the control unblocks', async () => {
  await control('settings', 'PUT', { blockAfterBreaches: 3, tooManyAs: 'json' });
  await Promise.all(Array.from({ length: 15 }, () => account(long)));
  expect(await account(long)).toMatchObject({ status: 403, type: 'text/html' });
  expect((await token({})).status).toBe(403);
  expect((await control('requests', 'GET')).body).toMatchObject({ blocked: true, breaches: 3 });
  await control('settings', 'PUT', { requestsPerSecond: 1000 });
  expect((await account(long)).status).toBe(403);
  await control('unblock', 'POST');
  expect((await account(long)).status).toBe(200);
});

test('requests are counted by route and status', async () => {
  await account(long);
  await account('Bearer wrong');
  const { body } = await control('requests', 'GET');
  expect(body).toMatchObject({ total: 2, byRoute: { 'GET /api/v4/account': 2 }, byStatus: { 200: 1, 401: 1 } });
  await control('requests', 'DELETE');
  expect((await control('requests', 'GET')).body.total).toBe(0);
});

test('reads can be made slow', async () => {
  await control('settings', 'PUT', { readDelayMs: 300 });
  const before = Date.now();
  await account(long);
  expect(Date.now() - before).toBeGreaterThanOrEqual(295);
});
