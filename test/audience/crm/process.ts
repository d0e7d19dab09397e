/** A process that asks amoCRM for its account, as often as it is told; exits with 1 when it is refused. */
import { connectAmocrm } from '../../../audience/crm/connection';
import { readSettings } from '../../../config/settings';
import { connectStore } from '../../../store/connect';

async function main(times: number): Promise<void> {
  const settings = readSettings(['amocrm', 'mongodb']);
  const store = await connectStore(settings.mongodb.MONGODB_URI);
  const client = connectAmocrm(settings, store);
  for (let asked = 0; asked < times; asked++) await client.account();
  await client.close();
  await store.close();
}

main(Number(process.argv[2])).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
