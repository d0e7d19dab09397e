/** A reply as the team sees it: who, which campaign, the words, the lead, and what has become of it. */
import { translate } from '../config/i18n';
import { escapeHtml, shorten } from '../config/text';
import { crmLead, leadPage, sourceOf } from '../domain/audience';
import { windowEnd } from '../domain/replies';
import { REPLY_EFFECTS, type Stage } from '../domain/reply-orders';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import type { HandledReply } from '../store/open-replies';
import type { NameOf } from './approval';
import { meaningOf } from './meaning';
import { createWords, type TextOptions } from './words';

export interface ReplyFacts {
  campaign?: CampaignDocument;
  name?: string;
  /** The message of the campaign that reached them. */
  deliveryId?: string;
  leadId?: number;
  /** The stage in which the audience found it; absent if it named none. */
  foundIn?: Stage;
  /** The lead's page in the CRM. */
  leadUrl?: string;
}

/** Maximum characters of the text shown. */
const SHOWN = 1_500;
/** A campaign made of another's people, made of another's, and so on. */
const MOST_PARENTS = 10;

type FactStore = Pick<Store, 'campaigns' | 'contacts' | 'openReplies'>;

/** What is known of the person of a reply and of the campaign that it answers. */
export async function factsOf(
  { campaignId, phone }: HandledReply,
  { store, crmUrl }: { store: FactStore; crmUrl?: string | undefined },
): Promise<ReplyFacts> {
  const [campaign, delivery, contact] = await Promise.all([
    store.campaigns.find(campaignId),
    store.openReplies.deliveryOf(campaignId, phone),
    store.contacts.find(phone),
  ]);
  const name = delivery?.name ?? contact?.names?.[0];
  const { leadId, foundIn } = (campaign && delivery && (await leadOf(store, campaign, delivery.origin))) ?? {};
  return {
    ...(campaign && { campaign }),
    ...(name && { name }),
    ...(delivery && { deliveryId: delivery._id }),
    ...(leadId !== undefined && { leadId }),
    ...(foundIn && { foundIn }),
    ...(leadId !== undefined && crmUrl && { leadUrl: leadPage(crmUrl, leadId) }),
  };
}

/** The lead that the person came from, also through an earlier campaign's people. */
async function leadOf(
  store: Pick<Store, 'campaigns'>,
  campaign: CampaignDocument,
  whole: string,
): Promise<{ leadId?: number; foundIn?: Stage } | undefined> {
  let [at, origin]: [CampaignDocument | undefined, string] = [campaign, whole];
  for (let parents = 0; at && parents < MOST_PARENTS; parents++) {
    const of: ReturnType<typeof sourceOf> = sourceOf(at.spec.audience, origin);
    origin = of.origin;
    const { source } = of;
    if (source.kind === 'crm') {
      const [leadId, { pipelineId, statusId }] = [crmLead(of), source];
      const isFirst = parents === 0;
      return {
        ...(leadId !== undefined && { leadId }),
        // An earlier campaign found it there some time ago.
        ...(isFirst && pipelineId !== undefined && statusId !== undefined && { foundIn: { pipelineId, statusId } }),
      };
    }
    if (source.kind !== 'outcome' && source.kind !== 'follow_up') return undefined;
    at = await store.campaigns.find(source.campaignId);
  }
  return undefined;
}

/** Telegram's HTML. */
export function renderReply(
  reply: HandledReply,
  { campaign, name, leadUrl }: ReplyFacts,
  { nameOf, now, ...options }: TextOptions & { nameOf: NameOf; now: Date },
): string {
  const words = createWords(options);
  const t = (key: string, values: Record<string, string | number> = {}): string =>
    translate(options.language, `replies.card.${key}`, values);
  const who = escapeHtml(name ?? reply.phone);
  const messages = [reply, ...(reply.more ?? [])];
  const said = escapeHtml(shorten(messages.map(({ text, buttonText }) => text ?? buttonText ?? '').join('\n'), SHOWN));
  const until = windowEnd(messages.at(-1)!.at);
  return [
    t(reply.buttonText === undefined ? 'title' : 'titleButton', {
      who,
      campaign: escapeHtml(campaign?.spec.name ?? reply.campaignId),
    }),
    ...(said ? [`<blockquote>${said}</blockquote>`] : []),
    [escapeHtml(reply.phone), words.time(reply.at)].join(' · '),
    ...(leadUrl ? [t('lead', { url: escapeHtml(leadUrl) })] : []),
    ...(reply.answers ?? []).map(({ text, by, at, state, detail, code }) =>
      t(`answers.${state}`, {
        text: escapeHtml(shorten(text, SHOWN)),
        by: escapeHtml(nameOf(by)),
        at: words.time(at),
        detail: escapeHtml(code === undefined ? (detail ?? '') : meaningOf(code, options.language, detail)),
      }),
    ),
    ...effectsLine(reply, t),
    '',
    reply.done
      ? t(`done.${reply.done.how}`, { by: escapeHtml(nameOf(reply.done.by)), at: words.time(reply.done.at) })
      : until > now
        ? t('until', { at: words.time(until) })
        : t('closed'),
  ].join('\n');
}

/** How what it orders in the CRM stands; nothing until one of it has begun. */
function effectsLine({ crm }: HandledReply, t: (key: string, values?: Record<string, string>) => string): string[] {
  const parts = REPLY_EFFECTS.flatMap((effect) => {
    const state = crm?.[effect];
    return state ? [t(`crm.${state}`, { what: t(`crm.${effect}`), detail: escapeHtml(crm.detail ?? '') })] : [];
  });
  return parts.length > 0 ? [t('crm.line', { what: parts.join(', ') })] : [];
}
