/** Sends a single message: a campaign for one number, followed until Gupshup has answered. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CountryCode } from 'libphonenumber-js';
import { done, refused } from '../config/errors';
import { hasEnded } from '../domain/story/campaign';
import { nameWithEnd } from '../domain/campaign-name';
import { withoutNumbers } from '../domain/story/number-like';
import { normalisePhones } from '../domain/phones/phone';
import type { Store } from '../store/connect';
import type { DeliveryDocument } from '../store/documents';
import type { CampaignService } from './contract';

interface SendOneDependencies extends Pick<CampaignService, 'create' | 'start' | 'command'> {
  store: Pick<Store, 'campaigns' | 'deliveries'>;
  country: CountryCode;
}

/** How long to wait for Gupshup's answer (ms). */
const ANSWER_WITHIN_MS = 60_000;

export function createSendOne({
  store,
  country,
  create,
  start,
  command,
}: SendOneDependencies): CampaignService['sendOne'] {
  /** The campaign's only delivery, once Gupshup has answered or clearly will not be called. */
  async function settledDelivery(id: string): Promise<DeliveryDocument | undefined> {
    for (const startedAt = Date.now(); Date.now() - startedAt < ANSWER_WITHIN_MS; await sleep(150)) {
      const delivery = await store.deliveries.find(id, 0);
      if (delivery && delivery.state !== 'queued' && delivery.state !== 'sending') return delivery;
      const campaign = await store.campaigns.find(id);
      if (campaign && (hasEnded(campaign.state) || campaign.state === 'paused' || campaign.roomWait)) return delivery;
    }
    return (await store.deliveries.find(id, 0)) ?? undefined;
  }

  return async ({ template, phone, params, mediaUrl, sender, isTest, by, onStart }) => {
    const [number] = normalisePhones(phone, country).valid;
    if (!number) return refused('phone_invalid', { value: phone });
    const created = await create({
      name: nameWithEnd(withoutNumbers(`send ${template}`), ''),
      template,
      audience: { kind: 'phones', phones: [number.e164] },
      audienceLabel: '1',
      parameters: params.map((value) => (typeof value === 'string' ? { kind: 'text', value } : value)),
      ...(mediaUrl && { mediaUrl }),
      ...(sender && { sender }),
      createdBy: by,
      test: true,
      ...(!isTest && { single: true as const }),
    });
    if (!created.ok) return created;
    const { id } = created.value;
    const started = await start(id);
    if (!started.ok) return started;
    onStart?.(started.value);
    const delivery = await settledDelivery(id);
    if (!delivery) return refused('send_not_answered', { id });
    const wait = (await store.campaigns.find(id))?.roomWait;
    if (delivery.state === 'queued' && wait) {
      // A single message must not arrive a day later.
      const cancelled = await command(id, { command: 'cancel', by });
      if (!cancelled.ok) return cancelled;
      const { limit, until } = wait;
      return refused('messaging_limit_full', { limit, at: until.toISOString() });
    }
    return done({ id, delivery });
  };
}
