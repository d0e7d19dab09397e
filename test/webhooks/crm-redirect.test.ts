/** amoCRM's OAuth redirect at the receiver: what the admin's browser gets to see, and what is kept. */
import type { FastifyInstance } from 'fastify';
import { addCrmRedirect } from '../../webhooks/crm-redirect';
import { createLogger } from '../../config/logger';
import { createWebhookServer } from '../../webhooks/server';
import { startCrm, type CrmSandbox } from '../audience/crm/account';
import { startStore, type TestStore } from '../store/support';

let own: TestStore;
let crm: CrmSandbox;
let server: FastifyInstance;
beforeAll(async () => {
  [own, crm] = await Promise.all([startStore(), startCrm()]);
  server = createWebhookServer({
    store: own.store,
    secrets: ['a-secret-of-the-tests-here'],
    log: createLogger('test', 'silent'),
    onSaved: () => undefined,
  });
});
afterAll(async () => {
  await server?.close();
  await crm?.close();
  await own?.close();
});

test('the whole way: link, agreement, redirect to the receiver, and amoCRM answers', async () => {
  const login = crm.login(own.store);
  addCrmRedirect(server, { login, language: 'ru' });
  // The redirect address must be registered, so that the receiver's port is known first.
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const link = await login.link();
  if (!link.ok) throw new Error(link.refusal.code);
  const back = await fetch(link.value.url, { redirect: 'manual' });
  const { search } = new URL(back.headers.get('location')!);

  const strange = await fetch(`${url}/oauth/amocrm?code=x&state=<script>`);
  expect(strange.status).toBe(400);
  expect(await strange.text()).toContain('Эта ссылка выдана не здесь');

  const answer = await fetch(`${url}/oauth/amocrm${search}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('text/html');
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  expect(await answer.text()).toContain('подключена');
  await expect(crm.client(own.store).account()).resolves.toMatchObject({ subdomain: 'svetlydom' });

  const again = await fetch(`${url}/oauth/amocrm${search}`);
  expect(again.status).toBe(400);
});
