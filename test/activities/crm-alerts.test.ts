/** Admins hear once of trouble with amoCRM, whoever met it, and in their language. */
import { runAlerts } from '../../activities/alerts/tell';
import { runCrmAlerts } from '../../activities/crm-alerts';
import { createTellTeam } from '../../clients/tell-team';
import { createLogger } from '../../config/logger';
import { startStore, type TestStore } from '../store/support';
import { waitFor } from '../support/servers';

const ACCOUNT = 'https://svetlydom.amocrm.ru';

let own: TestStore;
beforeEach(async () => {
  own = await startStore();
});
afterEach(() => own.close());

test('of two workers one tells every admin, once; what Telegram did not take is told later', async () => {
  const stop = new AbortController();
  const sent: { id: number; html: string }[] = [];
  let failures = 2;
  const telegram = {
    send: async (id: number, html: string) => {
      if (failures-- > 0) throw new Error('Telegram is away');
      sent.push({ id, html });
      return sent.length;
    },
  };
  await own.store.users.update(7, { language: 'en' });
  await own.store.users.syncSettings([5, 7], new Date());
  const log = createLogger('test', 'silent');
  const tell = createTellTeam({ telegram, team: own.store.users, language: 'ru', log });
  const options = { store: own.store, log, everyMs: 20 };
  const telling = { ...options, tell, timezone: 'UTC', againMs: 20 };
  const running = [runCrmAlerts, runCrmAlerts]
    .map((run) => run(options, stop.signal))
    .concat([1, 2].map(() => runAlerts(telling, stop.signal)));
  await own.store.crmAccounts.raise(ACCOUNT, { kind: 'blocked', detail: 'HTTP 403', at: new Date() });
  await waitFor(() => sent.length >= 2, { what: 'both admins to be told' });
  await own.store.crmAccounts.raise(ACCOUNT, { kind: 'blocked', detail: 'HTTP 403', at: new Date() });
  await own.store.crmAccounts.raise(ACCOUNT, { kind: 'unauthorised', detail: 'Invalid <token>', at: new Date() });
  await waitFor(() => sent.length >= 4, { what: 'the second trouble to be told' });
  stop.abort();
  await Promise.all(running);
  expect(sent.map(({ id }) => id)).toEqual([5, 7, 5, 7]);
  expect(sent[0]!.html).toContain('заблокировала API аккаунта svetlydom.amocrm.ru');
  expect(sent[1]!.html).toContain('has blocked the API of svetlydom.amocrm.ru');
  expect(sent[3]!.html).toContain('(Invalid &lt;token&gt;)');
});
