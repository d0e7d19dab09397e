/** Six requests a second over all processes of an account: the sandbox, which refuses the eighth, never has to. */
import { connectAmocrm } from '../../../audience/crm/connection';
import { AmocrmError } from '../../../clients/amocrm/error';
import type { Store } from '../../../store/connect';
import { startStore, type TestStore } from '../../store/support';
import { startCrm, type CrmSandbox } from './account';

let own: TestStore;
let stores: Store[];
let crm: CrmSandbox;
beforeEach(async () => {
  own = await startStore();
  stores = await Promise.all([own.another(), own.another(), own.another()]);
  crm = await startCrm();
});
afterEach(async () => {
  await crm.close();
  await own.close();
});

async function count(items: AsyncIterable<unknown>): Promise<number> {
  let all = 0;
  for await (const item of items) if (item) all++;
  return all;
}

test('three clients at once: all get everything, and none is refused', async () => {
  const clients = stores.map((store) => crm.client(store, 'token'));
  await crm.control('requests', 'DELETE');
  const startedAt = Date.now();
  const found = await Promise.all(
    clients.map(async (client) => {
      const people = await count(client.people({ pipelineId: 7_041_001 }));
      await Promise.all(Array.from({ length: 6 }, () => client.account()));
      return people;
    }),
  );
  const seconds = (Date.now() - startedAt) / 1000;
  expect(new Set(found).size).toBe(1);
  const byStatus = await crm.byStatus();
  // 204 is amoCRM's "nothing found".
  expect(['200', '204']).toEqual(expect.arrayContaining(Object.keys(byStatus)));
  // Six a second at most, and no slower than it must be.
  expect(byStatus['200']! / seconds).toBeLessThanOrEqual(6.5);
  expect(byStatus['200']! / seconds).toBeGreaterThan(3);
}, 40_000);

test('a 429 holds back every client of the account', async () => {
  await crm.control('settings', 'PUT', { requestsPerSecond: 1, retryAfterSeconds: 2, tooManyAs: 'json' });
  const clients = stores.map((store) => crm.client(store, 'token'));
  await Promise.all(clients.map((client) => client.account()));
  const { byStatus } = await crm.control('requests', 'GET');
  expect(byStatus['200']).toBe(3);
  // Without the common hold each of them would run into it again and again.
  expect(byStatus['429']).toBeLessThanOrEqual(4);
}, 40_000);

test('a blocked account is asked nothing more, by nobody, and the admins are to be told once', async () => {
  await crm.control('settings', 'PUT', { blockAfterBreaches: 1, requestsPerSecond: 0.01 });
  // The sandbox's first bucket holds one request; the second breaches.
  await Promise.all([fetch(`${crm.account}/api/v4/account`), fetch(`${crm.account}/api/v4/account`)]);
  const clients = stores.map((store) => crm.client(store, 'token'));
  await expect(clients[0]!.account()).rejects.toThrow('blocked');
  await crm.control('requests', 'DELETE');
  const outcomes = await Promise.allSettled(clients.map((client) => client.account()));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(outcomes.every((one) => one.status === 'rejected' && one.reason instanceof AmocrmError)).toBe(true);
  expect((await crm.control('requests', 'GET')).total).toBe(0);
  expect(await own.store.crmAccounts.takeUntold()).toMatchObject({ trouble: { kind: 'blocked' } });
  expect(await own.store.crmAccounts.takeUntold()).toBeUndefined();

  // After the rest one call looks again; still blocked, so it stays so, and nobody is told a second time.
  const past = { kind: 'blocked' as const, detail: 'HTTP 403', at: new Date(), until: new Date(Date.now() - 1) };
  await own.store.crmAccounts.raise(crm.account, past);
  await expect(clients[1]!.account()).rejects.toThrow('blocked');
  expect((await crm.control('requests', 'GET')).total).toBe(1);
  expect(await own.store.crmAccounts.takeUntold()).toBeUndefined();

  await crm.control('unblock', 'POST');
  await crm.control('settings', 'PUT', { requestsPerSecond: 1000 });
  await own.store.crmAccounts.raise(crm.account, past);
  await expect(clients[2]!.account()).resolves.toMatchObject({ subdomain: 'svetlydom' });
  await expect(clients[0]!.account()).resolves.toMatchObject({ subdomain: 'svetlydom' });
  expect(await own.store.crmAccounts.trouble(crm.account, 'blocked')).toBeUndefined();
}, 40_000);

test('a long-lived token that amoCRM takes no more is told once and rests; a new one ends the trouble', async () => {
  const settings = crm.settings('token');
  const client = (token: string, store: Store) =>
    connectAmocrm({ ...settings, amocrm: { ...settings.amocrm, AMOCRM_TOKEN: token } }, store);
  const old = [client('revoked', stores[0]!), client('revoked', stores[1]!)];
  for (const one of old) await expect(one.account()).rejects.toThrow('AMOCRM_TOKEN is expired, revoked');
  await crm.control('requests', 'DELETE');
  await expect(old[0]!.account()).rejects.toThrow('AMOCRM_TOKEN is expired, revoked');
  expect((await crm.control('requests', 'GET')).total).toBe(0);
  expect(await own.store.crmAccounts.takeUntold()).toMatchObject({ trouble: { kind: 'unauthorised' } });
  expect(await own.store.crmAccounts.takeUntold()).toBeUndefined();

  const fresh = crm.client(stores[2]!, 'token');
  await expect(fresh.account()).resolves.toMatchObject({ subdomain: 'svetlydom' });
  expect(await own.store.crmAccounts.trouble(crm.account, 'unauthorised')).toBeUndefined();
  await Promise.all(old.map((one) => one.close()));
});
