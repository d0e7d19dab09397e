/** Events about templates and the account, which the control makes happen (gupshup.md#other-events). */
import { z } from 'zod';
import { envelope, metaEnvelope, type GupshupEvent, type Sender } from './events';
import type { DemoTemplate } from './templates';

/** The body of `POST /sandbox/gupshup/events`. */
export const accountEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('tier'),
    event: z.enum(['ONBOARDING', 'UPGRADE', 'DOWNGRADE', 'FLAGGED', 'UNFLAGGED']),
    oldLimit: z.string(),
    currentLimit: z.string(),
  }),
  z.strictObject({
    kind: z.literal('account-status'),
    status: z.enum([
      'ACCOUNT_VIOLATION',
      'DISABLE',
      'ACCOUNT_DISABLE',
      'REINSTATE',
      'ACCOUNT_VERIFIED',
      'ACCOUNT_RESTRICTED',
    ]),
  }),
  z.strictObject({ kind: z.literal('category'), templateId: z.string(), old: z.string(), new: z.string() }),
  z.strictObject({ kind: z.literal('quality'), templateId: z.string(), quality: z.enum(['GREEN', 'Yellow', 'RED']) }),
]);
export type AccountEvent = z.infer<typeof accountEventSchema>;

/** `template` is the one that `templateId` names. */
export function accountEvent(sender: Sender, event: AccountEvent, template: DemoTemplate | undefined): GupshupEvent {
  switch (event.kind) {
    case 'tier': {
      const { event: change, oldLimit, currentLimit } = event;
      return account(sender, { type: 'tier-event', payload: { event: change, oldLimit, currentLimit } });
    }
    case 'account-status': {
      const expiration = Math.floor(Date.now() / 1000) + 7 * 86_400;
      const restriction = { restrictionInfo: [{ restrictionType: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration }] };
      const more = event.status === 'ACCOUNT_RESTRICTED' ? restriction : {};
      return account(sender, { type: 'status-event', payload: { status: event.status, ...more } });
    }
    case 'category':
      return templateEvent(sender, 'category-update', template, { category: { old: event.old, new: event.new } });
    case 'quality':
      return templateEvent(sender, 'quality-update', template, { quality: event.quality });
  }
}

/** The status as in webhooks: lower case here, upper case in the list. */
export function templateStatusEvent(sender: Sender, template: DemoTemplate, status: string): GupshupEvent {
  const reason = status === 'REJECTED' ? { rejectedReason: template.reason ?? 'INVALID_FORMAT' } : {};
  return templateEvent(sender, 'status-update', template, { status: status.toLowerCase(), ...reason });
}

/** A user stopped or resumed marketing messages of this business. */
export function preferenceEvent(sender: Sender, phone: string, value: 'stop' | 'resume'): GupshupEvent {
  const preference = {
    wa_id: phone,
    category: 'marketing_messages',
    value,
    detail: `User requested to ${value} marketing messages`,
    timestamp: Math.floor(Date.now() / 1000),
  };
  const payload = { type: 'user_preferences', payload: { user_preferences: [preference] } };
  return {
    // The subscription mode of this event is not documented.
    mode: 'OTHERS',
    v2: envelope(sender, 'preference-event', payload),
    v3: metaEnvelope(sender, { user_preferences: [preference] }, 'user_preferences'),
  };
}

function account(sender: Sender, payload: Record<string, unknown>): GupshupEvent {
  return {
    mode: 'ACCOUNT',
    v2: envelope(sender, 'account-event', payload),
    v3: metaEnvelope(sender, payload, 'account_update'),
  };
}

function templateEvent(
  sender: Sender, type: string, template: DemoTemplate | undefined, more: Record<string, unknown>,
): GupshupEvent {
  const { id, name, language } = template ?? { id: '', name: '', language: '' };
  const v3 = { event: type, gs_template_id: id, message_template_name: name, message_template_language: language, ...more };
  return {
    mode: 'TEMPLATE',
    v2: envelope(sender, 'template-event', { type, id, elementName: name, languageCode: language, ...more }),
    v3: metaEnvelope(sender, v3, 'message_template_status_update'),
  };
} // prettier-ignore
