import { connectAmocrm } from '../../audience/crm/connection';
import { createCrmLogin } from '../../campaigns/crm-login';
import { readSettings } from '../../config/settings';
import { connectStore } from '../../store/connect';
import { testMongo } from '../support/servers';

test('where amoCRM is not set, whatever is asked of it is refused with that, and nothing leaves', async () => {
  const mongo = await testMongo();
  const store = await connectStore(mongo.uri);
  const settings = readSettings(['amocrm'], {});
  const crm = connectAmocrm(settings, store);
  try {
    const refusal = { refusal: { code: 'crm_not_set' } };
    await expect(crm.account()).rejects.toMatchObject(refusal);
    await expect(crm.pipelines()).rejects.toMatchObject(refusal);
    await expect(crm.leads({ pipelineId: 1 }).next()).rejects.toMatchObject(refusal);
    const login = createCrmLogin(settings, store);
    expect(await login.link()).toMatchObject({ ok: false, ...refusal });
    expect(login.redirectUri).toBeUndefined();
    await login.close();
  } finally {
    await crm.close();
    await store.close();
    await mongo.close();
  }
});
