/** The rest of the Gupshup client over HTTP: templates, balance, subscriptions. */
import fastify, { type FastifyInstance } from 'fastify';
import formbody from '@fastify/formbody';
import { createGupshupClient, type GupshupClient } from '../../../clients/gupshup/client';
import type { TemplateRowProblem } from '../../../clients/gupshup/templates';
import { RefusedError } from '../../../clients/http';
import { jsonFixture } from '../fixture';

let server: FastifyInstance;
let client: GupshupClient;
let answers: Record<string, { status?: number; body: unknown }>;
let requests: { call: string; key: unknown; form: unknown }[];
let bad: TemplateRowProblem[];

beforeAll(async () => {
  server = fastify();
  await server.register(formbody);
  server.all('/*', (request, reply) => {
    const call = `${request.method} ${request.url}`;
    requests.push({ call, key: request.headers['apikey'], form: request.body });
    const answer = answers[call] ?? { status: 404, body: { status: 'error', message: 'no such call' } };
    return reply.status(answer.status ?? 200).send(answer.body);
  });
  client = createGupshupClient({
    baseUrl: await server.listen({ port: 0, host: '127.0.0.1' }),
    apiKey: 'the-key',
    appName: 'DemoApp',
    appId: 'app-1',
    source: '74996459914',
    timeoutMs: 5000,
    onBadTemplate: (problem) => bad.push(problem),
  });
});
beforeEach(() => {
  answers = {};
  requests = [];
  bad = [];
});
afterAll(async () => {
  await client.close();
  await server.close();
});

test('lists the templates of the app, and reports those it cannot read', async () => {
  const templates = [
    ...jsonFixture<{ templates: unknown[] }>('templates/templates-list-quick-reply.json').templates,
    { id: 'x' },
  ];
  answers['GET /wa/app/app-1/template'] = { body: { status: 'success', templates } };
  await expect(client.listTemplates()).resolves.toMatchObject([{ name: 'status_response' }]);
  expect(bad).toMatchObject([{ row: 'x' }]);
  expect(requests[0]!.key).toBe('the-key');
});

test('a refused list throws the refusal', async () => {
  const { httpStatus: status, body } = jsonFixture<{ httpStatus: number; body: unknown }>(
    'templates/templates-list-error-400.json',
  );
  answers['GET /wa/app/app-1/template'] = { status, body };
  await expect(client.listTemplates()).rejects.toThrow(RefusedError);
  await expect(client.listTemplates()).rejects.toMatchObject({ status: 400, json: { message: 'error message' } });
});

test('reads the balance; a call that Gupshup has taken away is no balance', async () => {
  answers['GET /sm/api/v2/wallet/balance'] = { body: { balance: 41.938, status: 'success' } };
  await expect(client.walletBalance()).resolves.toBe(41.938);
  answers = {};
  await expect(client.walletBalance()).resolves.toBeUndefined();
  answers['GET /sm/api/v2/wallet/balance'] = { status: 401, body: {} };
  await expect(client.walletBalance()).rejects.toMatchObject({ status: 401 });
});

test('creates, lists, changes and removes a subscription', async () => {
  const created = jsonFixture<{ subscription: object }>('templates/http-partner-subscription-created.json');
  answers = {
    'POST /wa/app/app-1/subscription': { body: created },
    'GET /wa/app/app-1/subscription': { body: { status: 'success', subscriptions: [created.subscription] } },
    'PUT /wa/app/app-1/subscription/10380410': { body: created },
    'DELETE /wa/app/app-1/subscription/10380410': { body: { status: 'success' } },
  };
  const draft = { url: 'https://x.io/hook', tag: 'bobcofer', headers: { 'X-Name': 'secret' } };
  const subscription = await client.subscriptions.create(draft);
  expect(subscription).toMatchObject({ id: '10380410', tag: 'webhook_glific', version: 2, active: true });
  await expect(client.subscriptions.list()).resolves.toEqual([subscription]);
  await client.subscriptions.update(subscription.id, { ...draft, modes: ['ALL'], active: false });
  await client.subscriptions.delete(subscription.id);
  expect(requests[0]!.form).toMatchObject({
    url: 'https://x.io/hook',
    tag: 'bobcofer',
    version: '2',
    active: 'true',
    meta: '{"headers":{"X-Name":"secret"}}',
  });
  // None of these comes without being asked for.
  const modes = (requests[0]!.form as { modes: string }).modes.split(',');
  expect(modes).toEqual(
    expect.arrayContaining(['SENT', 'DELIVERED', 'READ', 'FAILED', 'ENQUEUED', 'MESSAGE', 'TEMPLATE', 'BILLING']),
  );
  expect(requests[2]!.form).toMatchObject({ modes: 'ALL', active: 'false' });
  expect(requests.map(({ call }) => call.split(' ')[0])).toEqual(['POST', 'GET', 'PUT', 'DELETE']);
});
