/**
 * Makes sure that Gupshup sends this receiver every event it needs: sent, delivered and read are off by default
 * (gupshup.md#rules).
 */
import type { GupshupClient } from '../clients/gupshup/client';
import { callbackUrl, WANTED_MODES } from '../clients/gupshup/subscriptions';
import type { Logger } from '../config/logger';

/** Our subscription's tag among the app's at most five. */
const TAG = 'bobcofer';

/** Creates or repairs the subscription. A failure is logged, not fatal: receipts of an old subscription still come. */
export async function ensureSubscription(options: {
  /** The sender's app. */
  app: string;
  gupshup: Pick<GupshupClient, 'subscriptions'>;
  publicUrl: string;
  secret: string;
  log: Logger;
}): Promise<void> {
  const { app, gupshup, publicUrl, secret, log } = options;
  const url = callbackUrl(publicUrl, secret);
  try {
    const wanted = { url, tag: TAG, version: 2 as const, modes: [...WANTED_MODES] };
    const ours = (await gupshup.subscriptions.list()).find(({ tag }) => tag === TAG);
    const complete = ours?.url === url && ours.active && WANTED_MODES.every((mode) => ours.modes.includes(mode));
    if (complete) return;
    if (ours) await gupshup.subscriptions.update(ours.id, wanted);
    else await gupshup.subscriptions.create(wanted);
    log.info({ sender: app, modes: WANTED_MODES }, "Subscribed to Gupshup's events");
  } catch (err) {
    log.error(
      { err, sender: app },
      "Cannot subscribe to Gupshup's events: set the callback by hand, or no receipts will arrive",
    );
  }
}
