/** doctor with OAuth: it uses the pair that all processes share, and says what to do when there is none. */
import { diagnose } from '../../../cli/doctor/diagnose';
import { settingsFor } from '../../cli/harness';
import { startStore, type TestStore } from '../../store/support';
import { connect, startCrm, type CrmSandbox } from './account';

let own: TestStore;
let crm: CrmSandbox;
beforeAll(async () => {
  [own, crm] = await Promise.all([startStore(), startCrm()]);
});
afterAll(async () => {
  await crm?.close();
  await own?.close();
});

async function amocrm(): Promise<{ level: string; detail: string }> {
  const { AMOCRM_TOKEN, ...settings } = settingsFor(own.uri);
  expect(AMOCRM_TOKEN).toBeDefined();
  const { findings } = await diagnose({ ...settings, ...crm.environment('oauth') });
  return findings.find(({ check }) => check === 'amoCRM')!;
}

test('amoCRM is not reached before an administrator has agreed, and is after', async () => {
  await expect(amocrm()).resolves.toMatchObject({ level: 'problem', detail: expect.stringContaining('crm connect') as unknown });
  await connect(crm, own.store);
  await expect(amocrm()).resolves.toMatchObject({ level: 'ok', detail: expect.stringContaining('svetlydom') as unknown });
}, 40_000); // prettier-ignore
