/** Wires the receiver's parts and runs them until the role is told to stop. */
import { watchBinding } from '../store/binding';
import { keepBeating } from '../store/heartbeats';
import { createWakeCampaign } from '../campaigns/temporal-calls';
import { createCrmLogin } from '../campaigns/crm-login';
import { connectCampaignServices, measureState } from '../campaigns/from-settings';
import type { Role } from '../config/role';
import { optOutWords } from '../config/settings';
import { webhookSecrets } from '../config/settings-schema';
import { createApplier } from '../receipts/apply';
import { addCrmRedirect } from './crm-redirect';
import { createWebhookServer } from './server';
import { createCampaignStopper } from '../campaigns/stop-campaigns';
import { ensureSubscription } from './subscribe';
import { createOptOuts } from '../receipts/opt-outs';

export async function runWebhooks(
  role: Role<'gupshup' | 'amocrm' | 'temporal' | 'mongodb' | 'webhooks'>,
): Promise<void> {
  const { settings, log, ready, stop } = role;
  const { WEBHOOK_HOST, WEBHOOK_PORT, WEBHOOK_SECRET, PUBLIC_URL } = settings.webhooks;
  // Validated with the settings.
  const secrets = webhookSecrets(WEBHOOK_SECRET)!;
  const services = await connectCampaignServices(settings, log);
  const { store, campaigns, senders } = services;
  measureState(services, log);
  const stopCampaigns = createCampaignStopper({ store, campaigns, log });
  const optOuts = createOptOuts({ store, words: optOutWords(settings), log });
  const applier = createApplier({
    store,
    ours: senders.all.map(({ app, appId, source }) => ({ app, appId, phone: `+${source}` })),
    stopCampaigns,
    wakeCampaign: createWakeCampaign(services.temporal),
    optOuts,
    log,
  });
  const server = createWebhookServer({
    store,
    secrets: secrets.all,
    log,
    onSaved: (someoneWrote) => applier.wake(someoneWrote),
  });
  const login = createCrmLogin(settings, store);
  addCrmRedirect(server, { login, language: settings.DEFAULT_LANGUAGE });
  try {
    const address = await server.listen({ host: WEBHOOK_HOST, port: WEBHOOK_PORT });
    log.info({ address }, 'Listening');
    if (PUBLIC_URL) {
      const at = { publicUrl: PUBLIC_URL, secret: secrets.current };
      await Promise.all(senders.all.map(({ app, gupshup }) => ensureSubscription({ app, gupshup, ...at, log })));
    }
    ready(() => store.ping());
    await Promise.all([
      applier.run(stop),
      watchBinding(services.binding, stop),
      keepBeating(store, { role: 'webhooks', senders: senders.all.map(({ app }) => app), stop }),
    ]);
  } finally {
    // First stop new events, then close the connections through which they are written.
    await server.close();
    await login.close();
    await services.close();
  }
}
