/**
 * Handles Gupshup's reports about templates (gupshup.md#other-events): updates the stored list, pauses campaigns whose
 * template cannot be sent, and lets the team know.
 */
import type { WebhookEvent } from '../clients/gupshup/events';
import type { CampaignStopper } from '../campaigns/stop-campaigns';
import { gravityOf } from '../domain/alerts';
import { trouble } from '../domain/story/trouble';
import { TEMPLATE_CATEGORIES, TEMPLATE_STATUSES } from '../domain/templates/template';
import type { Store } from '../store/connect';
import type { TemplateDocument } from '../store/documents';
import type { TemplateChange } from '../store/templates';

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
  store: Pick<Store, 'alerts' | 'templateDrafts' | 'templates'>;
  stopCampaigns: CampaignStopper;
}): TemplateEvents {
  const { alerts, templateDrafts, templates } = store;

  /** Before the change is written, which a comparison needs; `meant` are the templates as they were. */
  async function raise(event: TemplateEvent, sender: string, meant: readonly TemplateDocument[]): Promise<void> {
    const { at, status, quality, category, nextCategory, reason } = event;
    const [first] = meant;
    const name = event.name ?? first?.name ?? event.templateId;
    if (name === undefined) return;
    const language = event.language ?? first?.language ?? '';
    const subject = `${sender} ${name}/${language}`;
    const templateIds = [...new Set([...meant.map(({ id }) => id), ...(event.templateId ? [event.templateId] : [])])];
    const data = { sender, name, templateIds };
    if (event.event === 'quality') {
      // Known to be worse already: this one is good news.
      const isBetter =
        first && quality && gravityOf('templateQuality', first.quality) > gravityOf('templateQuality', quality);
      if (!quality || (isBetter && !(await alerts.find('templateQuality', subject)))) return;
      return alerts.raise({ kind: 'templateQuality', subject, condition: { is: quality, at }, data });
    }
    if (event.event === 'category') {
      const is = nextCategory ?? category;
      if (!is) return;
      const announced = nextCategory !== undefined;
      const condition = { is: announced ? `announced ${is}` : is, at };
      const was = first && first.category !== is && first.category;
      const changed = { ...data, category: is, announced, ...(was && { was }) };
      return alerts.raise({ kind: 'templateCategory', subject, condition, data: changed });
    }
    if (!status || (status !== 'APPROVED' && !ENDS_SENDING.includes(status))) return;
    // Something newer is known of it than this late event.
    if (first?.changedAt && first.changedAt > at) return;
    await alerts.raise({
      kind: 'template',
      subject,
      condition: { is: status, at },
      data: { ...data, ...(reason && { reason }) },
    });
  }

  /** Each further message makes it worse: somebody is to say whether the campaigns go on. Before the alert, which tells of the others. */
  async function pauseForQuality(
    event: TemplateEvent,
    sender: string,
    meant: readonly TemplateDocument[],
  ): Promise<void> {
    const name = event.name ?? meant[0]?.name ?? event.templateId ?? '';
    const ids = meant.length > 0 ? meant.map(({ id }) => id) : event.templateId ? [event.templateId] : [];
    for (const id of ids) {
      await stopCampaigns.ofTemplate(sender, id, { ...trouble('template_quality', { template: name }), at: event.at });
    }
  }

  /** Meta's answer to a template of ours: the team is told of it with what to do (campaigns/template-reviews.ts). */
  async function answersDraft(
    { status, reason }: TemplateEvent,
    sender: string,
    which: Parameters<typeof templateDrafts.hear>[1],
  ): Promise<boolean> {
    const known = TEMPLATE_STATUSES.find((one) => one === status);
    if (known !== 'APPROVED' && known !== 'REJECTED') return false;
    return templateDrafts.hear(sender, which, { status: known, ...(reason && { reason }) }, new Date());
  }

  return {
    async apply(event, sender) {
      const { templateId, name, language, status, at } = event;
      const which = { ...(templateId && { id: templateId }), ...(name && { name }), ...(language && { language }) };
      const meant = await templates.meant(sender, which);
      if (event.event === 'quality' && event.quality === 'RED') await pauseForQuality(event, sender, meant);
      if (event.event !== 'status') await raise(event, sender, meant);
      const known = await templates.change(sender, which, changeOf(event), at);
      if (event.event !== 'status') return;
      if (await answersDraft(event, sender, which)) return;
      if (status && ENDS_SENDING.includes(status)) {
        const reported = { ...trouble('template_event', { template: name ?? templateId ?? '', status }), at };
        for (const id of known.length > 0 ? known : templateId ? [templateId] : []) {
          await stopCampaigns.ofTemplate(sender, id, reported);
        }
      }
      // After the campaigns are paused, so that the alert can tell them from those that need it.
      await raise(event, sender, meant);
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
