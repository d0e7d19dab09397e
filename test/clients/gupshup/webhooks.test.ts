/** Webhook bodies as published, as events. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseWebhook } from '../../../clients/gupshup/webhooks';
import { jsonFixture } from '../fixture';

const RECEIVED_AT = new Date('2026-11-23T00:00:00Z');
const parse = (body: unknown) => parseWebhook(JSON.stringify(body) ?? '', RECEIVED_AT);
const published = (name: string) => parse(jsonFixture(`gupshup-webhooks/webhook-${name}.json`));
/** The only event of a published body, without its identity. */
function event(name: string): Record<string, unknown> {
  const events = published(name);
  expect(events).toHaveLength(1);
  const { identity, ...rest } = events[0]!;
  // Every published body names an app of its own.
  delete rest.origin;
  expect(identity).toMatch(/^[\w-]{32}$/);
  return rest;
}

describe('receipts in webhooks', () => {
  test('enqueued: the id is the messageId, and the WhatsApp id stands inside', () => {
    expect(event('v2-enqueued')).toEqual({
      kind: 'receipt',
      receipt: 'enqueued',
      session: true,
      messageId: '59f8db90-c37e-4408-90ab-cc54ef8246ad',
      whatsappId: 'gBEGkYaYVSEEAgkD7bRi9syGnBk',
      destination: '+123456789',
      at: new Date(1580546677791),
    });
  });

  test.each([
    ['v2-sent', 'sent', 1585344475],
    ['v2-delivered', 'delivered', 1585344476],
    ['v2-read', 'read', 1585344602],
  ])('%s: the gsId is the messageId, the id the WhatsApp id, the time in seconds', (name, receipt, seconds) => {
    expect(event(name)).toEqual({
      kind: 'receipt',
      receipt,
      messageId: 'ee4a68a0-1203-4c85-8dc3-49d0b3226a35',
      whatsappId: 'gBEGkYaYVSEEAgnZxQ3JmKK6Wvg',
      destination: '+123456789',
      at: new Date(seconds * 1000),
    });
  });

  test('failed at once: the id is the messageId, code and reason are kept', () => {
    expect(event('v2-failed-sync-1008')).toMatchObject({
      receipt: 'failed',
      messageId: 'ee4a68a0-1203-4c85-8dc3-49d0b3226a35',
      code: '1008',
      detail: 'User is not Opted in and Inactive',
      at: new Date(1580311136040),
    });
  });

  test('failed later: the gsId is the messageId, the other id another name of it', () => {
    const payload = {
      id: 'other',
      gsId: 'm1',
      type: 'failed',
      destination: '7900',
      payload: { code: '131049', reason: 'x' },
    };
    const [failed] = parse({ type: 'message-event', timestamp: 1663138637856, payload });
    expect(failed).toMatchObject({ messageId: 'm1', code: '131049' });
    expect(failed).toMatchObject({ whatsappId: 'other' });
    expect(failed).not.toHaveProperty('destination');
  });

  test('a week later, without gsId, the id may be either', () => {
    const [sent] = parse({ type: 'message-event', timestamp: 1, payload: { id: 'wa1', type: 'read', payload: {} } });
    expect(sent).toMatchObject({ messageId: 'wa1', whatsappId: 'wa1' });
  });

  test('a sequence out of order with times as text: each event read, each with an identity of its own', () => {
    const events = jsonFixture<unknown[]>('gupshup-webhooks/webhook-v2-sequence-out-of-order.json').flatMap(parse);
    expect(events.map((e) => (e.kind === 'receipt' ? [e.receipt, e.code] : e))).toEqual([
      ['enqueued', undefined],
      ['sent', undefined],
      ['read', undefined],
      ['delivered', undefined],
      ['failed', undefined],
      ['failed', '1002'],
    ]);
    expect(events.every(({ at }) => at.getTime() === 1592311836000)).toBe(true);
    expect(new Set(events.map(({ identity }) => identity)).size).toBe(6);
  });
});

describe('inbound messages in webhooks', () => {
  test('text, with the message that it answers', () => {
    expect(event('v2-inbound-reply-context')).toEqual({
      kind: 'inbound',
      id: 'ABEGkYaYVSEEAgo-sMx1DoUoQJRW',
      phone: '+57123456789',
      name: 'Smit',
      text: 'hi',
      contextMessageId: '9b71295f-f7af-4c1f-b2b4-31b4a4867bad',
      contextId: 'gBEGkYaYVSEEAgnPFrOLcjkFjL8',
      at: new Date(1590854464792),
    });
    expect(event('v2-inbound-text')).toMatchObject({ text: 'Hi' });
  });

  test('a tap on a template button, under either outer type', () => {
    const body = jsonFixture<{ payload: object }>('gupshup-webhooks/webhook-v2-inbound-template-button-type-text.json');
    for (const type of ['text', 'quick_reply']) {
      const [tap] = parse({ ...body, payload: { ...body.payload, type } });
      expect(tap).toMatchObject({
        buttonText: 'View Account Balance',
        contextMessageId: '9b71295f-f7af-4c1f-b2b4-31b4a4867bad',
      });
      expect(tap).not.toHaveProperty('text');
    }
  });

  test('a button of a session message, without app, time and context', () => {
    expect(event('v2-inbound-button-reply')).toEqual({
      kind: 'inbound',
      id: '9f149409-1afa-4aed-b44a-2e4595ef4239',
      name: 'Glific Simulator One',
      buttonText: '👍',
      at: RECEIVED_AT,
    });
  });

  test('media with and without a caption', () => {
    expect(event('v2-inbound-image')).toMatchObject({ kind: 'inbound', text: 'Sample image' });
    expect(event('v2-inbound-audio')).not.toHaveProperty('text');
  });

  test('a reply to a flow in version 3', () => {
    expect(event('v3-inbound-flow-reply')).toMatchObject({
      kind: 'inbound',
      phone: '+919917443994',
      contextMessageId: '0e74fb92-eb8a-415a-bccd-42ee768665e0',
      at: new Date(1763015605000),
    });
  });
});

describe('other events in webhooks', () => {
  test('template status, in upper case as in the list', () => {
    const base = { kind: 'template', event: 'status', templateId: 'some-bsp-id', name: 'order_update', language: 'en' };
    expect(event('v2-template-approved')).toMatchObject({ ...base, status: 'APPROVED' });
    expect(event('v2-template-rejected')).toMatchObject({ ...base, status: 'REJECTED', reason: 'Invalid format' });
  });

  test('template category and quality', () => {
    const template = (payload: object) => parse({ type: 'template-event', timestamp: 1592311842070, payload })[0];
    expect(template({ type: 'category-update', category: { current: 'UTILITY', correct: 'MARKETING' } })).toMatchObject(
      {
        event: 'category',
        category: 'UTILITY',
      },
    );
    expect(template({ type: 'category-update', category: { old: 'UTILITY', new: 'MARKETING' } })).toMatchObject({
      category: 'MARKETING',
    });
    expect(template({ type: 'quality-update', quality: 'Yellow' })).toMatchObject({
      event: 'quality',
      quality: 'YELLOW',
    });
    expect(template({ status: 'paused', elementName: 'old_form' })).toMatchObject({
      event: 'status',
      status: 'PAUSED',
    });
  });

  test('account: tier and restrictions', () => {
    const account = (payload: object) => parse({ type: 'account-event', timestamp: 1592311842070, payload })[0];
    expect(
      account({ type: 'tier-event', payload: { event: 'flagged', oldLimit: 'TIER_1K', currentLimit: 'TIER_250' } }),
    ).toMatchObject({
      kind: 'account',
      event: 'tier',
      status: 'FLAGGED',
      limit: 'TIER_250',
    });
    const restrictionInfo = [{ restrictionType: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration: 1 }];
    expect(account({ type: 'status-event', payload: { status: 'ACCOUNT_RESTRICTED', restrictionInfo } })).toMatchObject(
      {
        event: 'status',
        status: 'ACCOUNT_RESTRICTED',
        restrictions: ['RESTRICTED_BIZ_INITIATED_MESSAGING'],
      },
    );
  });

  test('billing, with and without conversation, billable as text too', () => {
    const billing = {
      kind: 'billing',
      billable: true,
      category: 'marketing',
      messageId: '3b3e7121-3c8c-4347-8d18-7aa0bc3be374',
    };
    expect(event('v2-billing-event')).toMatchObject(billing);
    expect(event('v2-billing-event-no-conversation')).toMatchObject(billing);
    const payload = { deductions: { billable: 'false' }, references: { gsId: 'm1' } };
    expect(parse({ type: 'billing-event', timestamp: 1, payload })[0]).toMatchObject({
      billable: false,
      messageId: 'm1',
    });
  });

  test('preferences: one event for each', () => {
    const user_preferences = [
      { wa_id: '79001234567', category: 'marketing_messages', value: 'stop', timestamp: 1760000000 },
      { wa_id: '79001234568', category: 'marketing_messages', value: 'resume', timestamp: '1760000001' },
    ];
    const events = parse({
      type: 'preference-event',
      timestamp: 1,
      payload: { type: 'user_preferences', payload: { user_preferences } },
    });
    expect(events).toMatchObject([
      { kind: 'preference', phone: '+79001234567', choice: 'stop', at: new Date(1760000000000) },
      { kind: 'preference', phone: '+79001234568', choice: 'resume', at: new Date(1760000001000) },
    ]);
    expect(events[0]!.identity).not.toBe(events[1]!.identity);
  });

  test('user events; the one for a set address has no phone', () => {
    expect(event('v2-user-opted-out')).toMatchObject({ kind: 'user', event: 'opted-out', phone: '+123456789' });
    expect(event('v2-user-opted-in')).toMatchObject({ kind: 'user', event: 'opted-in' });
    expect(event('v2-user-sandbox-start')).toEqual({
      kind: 'user',
      event: 'sandbox-start',
      at: new Date(1580142086287),
    });
  });

  test.each(['v2-message-event-no-type', 'v2-inbound-no-type'])('%s is nothing that we know', (name) => {
    expect(event(name)).toMatchObject({ kind: 'other' });
  });

  test('the receipts of the other Gupshup product are ignored', () => {
    for (const body of jsonFixture<unknown[]>('gupshup-webhooks/negative-enterprise-gateway-dlr.json')) {
      expect(parse(body)).toMatchObject([{ kind: 'other', type: 'unknown' }]);
    }
  });
});

describe('webhooks of version 3', () => {
  const status = (fields: object) => ({
    object: 'whatsapp_business_account',
    entry: [{ changes: [{ field: 'messages', value: { messaging_product: 'whatsapp', statuses: [fields] } }] }],
  });

  test('statuses: by gs_id, with the time in seconds as text or in milliseconds', () => {
    expect(
      parse(
        status({ id: 'wamid.1', gs_id: 'm1', recipient_id: '79001234567', status: 'sent', timestamp: '1710930461' }),
      ),
    ).toMatchObject([
      {
        kind: 'receipt',
        receipt: 'sent',
        messageId: 'm1',
        whatsappId: 'wamid.1',
        destination: '+79001234567',
        at: new Date(1710930461000),
      },
    ]);
    expect(parse(status({ id: 'm1', status: 'enqueued', timestamp: 1710930461123 }))).toMatchObject([
      { receipt: 'enqueued', messageId: 'm1', at: new Date(1710930461123) },
    ]);
  });

  test('failures in both forms', () => {
    const base = { id: 'x', gs_id: 'm1', status: 'failed', timestamp: '1710930461' };
    const failed = { receipt: 'failed', messageId: 'm1', code: '131026', detail: 'Undeliverable' };
    expect(parse(status({ ...base, errors: [{ code: 131026, title: 'Undeliverable' }] }))).toMatchObject([failed]);
    expect(parse(status({ ...base, code: 131026, reason: 'Undeliverable' }))).toMatchObject([failed]);
  });

  test('the set-callback event, billing and template events', () => {
    expect(parse(status({ type: 'set-callback' }))).toMatchObject([{ kind: 'other', type: 'set-callback' }]);
    const change = (field: string, value: object) => parse({ entry: [{ changes: [{ field, value }] }] })[0];
    expect(change('billing-event', { deductions: { billable: true }, references: { gsId: 'm1' } })).toMatchObject({
      kind: 'billing',
      messageId: 'm1',
    });
    expect(
      change('message_template_status_update', {
        event: 'PAUSED',
        gs_template_id: 't1',
        message_template_name: 'n',
        reason: 'NONE',
      }),
    ).toMatchObject({ kind: 'template', event: 'status', status: 'PAUSED', templateId: 't1', name: 'n' });
  });

  test('several events in one body are all read', () => {
    const two = [1, 2].map((n) => ({ id: `wamid.${n}`, gs_id: `m${n}`, status: 'read', timestamp: '1710930461' }));
    const body = {
      entry: [
        {
          changes: [
            { field: 'messages', value: { statuses: two } },
            { field: 'flows', value: {} },
          ],
        },
      ],
    };
    expect(parse(body)).toMatchObject([{ messageId: 'm1' }, { messageId: 'm2' }, { kind: 'other', type: 'flows' }]);
  });

  test('the same receipt in both versions has one identity', () => {
    const [v3] = parse(status({ id: 'wamid.1', gs_id: 'm1', status: 'read', timestamp: '1710930461' }));
    const [v2] = parse({
      type: 'message-event',
      timestamp: 1710930462345,
      payload: { id: 'wa', gsId: 'm1', type: 'read', payload: { ts: 1710930461 } },
    });
    expect(v3!.identity).toBe(v2!.identity);
  });
});

const names = readdirSync(join(__dirname, '../../fixtures/gupshup-webhooks'));

test('a repeated delivery of a body has the same identities, whenever it comes; other bodies have others', () => {
  const seen = new Set<string>();
  for (const body of names.flatMap((name) => [jsonFixture(`gupshup-webhooks/${name}`)].flat())) {
    const identities = parse(body).map(({ identity }) => identity);
    expect(parseWebhook(JSON.stringify(body), new Date(0)).map(({ identity }) => identity)).toEqual(identities);
    identities.forEach((identity) => seen.add(identity));
  }
  // Two of the published bodies are of the same inbound message.
  const events = names.flatMap((name) => [jsonFixture(`gupshup-webhooks/${name}`)].flat()).flatMap(parse);
  const inbound = new Set(events.flatMap((e) => (e.kind === 'inbound' ? [e.id] : [])));
  expect(seen.size).toBe(events.filter(({ kind }) => kind !== 'inbound').length + inbound.size);
});

test('never throws, and always gives at least one event with a time and an identity', () => {
  const bodies = names.flatMap((name) => [jsonFixture(`gupshup-webhooks/${name}`)].flat()) as object[];
  /** A published body with one of its fields replaced by anything. */
  const mangled = fc.tuple(fc.constantFrom(...bodies), fc.nat(), fc.jsonValue()).map(([body, at, value]) => {
    let index = 0;
    return JSON.parse(JSON.stringify(body), (_key, old: unknown) => (index++ === at % 12 ? value : old)) as unknown;
  });
  fc.assert(
    fc.property(fc.oneof(mangled, fc.jsonValue(), fc.constant(undefined)), (body) => {
      const events = parse(body);
      expect(events.length).toBeGreaterThan(0);
      for (const { at, identity } of events) {
        expect(Number.isNaN(at.getTime())).toBe(false);
        expect(identity).toHaveLength(32);
      }
    }),
    { numRuns: 1000 },
  );
});
