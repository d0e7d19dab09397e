/**
 * Handles Gupshup's reports about templates (gupshup.md#other-events): updates the stored list, and pauses campaigns
 * whose template cannot be sent.
 */
import type { WebhookEvent } from '../clients/gupshup/events';
import { TEMPLATE_CATEGORIES, TEMPLATE_STATUSES } from '../domain/templates/template';
import type { Store } from '../store/connect';
import type { TemplateChange } from '../store/templates';
import type { CampaignStopper } from '../campaigns/stop-campaigns';
import { trouble } from '../domain/story/trouble';

type TemplateEvent = Extract<WebhookEvent, { kind: 'template' }>;

export interface TemplateEvents {
  /** Of a sender's app. Safe to repeat. */
  apply(event: TemplateEvent, sender: string): Promise<void>;
}

/** After these, no message of the template gets through. */
const ENDS_SENDING = ['PAUSED', 'DISABLED', 'REJECTED', 'DELETED'];

export function createTemplateEvents({
  store,
  stopCampaigns,
}: {
  store: Pick<Store, 'templates'>;
  stopCampaigns: CampaignStopper;
}): TemplateEvents {
  return {
    async apply(event, sender) {
      const { templateId, name, language, status, at } = event;
      const which = { ...(templateId && { id: templateId }), ...(name && { name }), ...(language && { language }) };
      const known = await store.templates.change(sender, which, changeOf(event), at);
      if (event.event !== 'status' || !status || !ENDS_SENDING.includes(status)) return;
      const reported = { ...trouble('template_event', { template: name ?? templateId ?? '', status }), at };
      for (const id of known.length > 0 ? known : templateId ? [templateId] : []) {
        await stopCampaigns.ofTemplate(sender, id, reported);
      }
    },
  };
}

/** Only what the event is about, and only known words. */
function changeOf({ event, status, quality, category, reason }: TemplateEvent): TemplateChange {
  if (event === 'quality') return quality ? { quality } : {};
  if (event === 'category') {
    const known = TEMPLATE_CATEGORIES.find((one) => one === category);
    return known ? { category: known } : {};
  }
  const known = TEMPLATE_STATUSES.find((one) => one === status);
  return known ? { status: known, ...(reason && { reason }) } : {};
}
