/** A campaign with every kind of delivery, for the tests of the report. */
import type { Store } from '../../store/connect';
import type { CampaignDocument, DeliveryDocument } from '../../store/documents';
import type { CampaignChanges } from '../store/support';

export const SENT_AT = new Date('2026-11-20T09:00:00Z');
const second = (n: number): Date => new Date(SENT_AT.getTime() + n * 1000);

export function sampleCampaign({ spec, ...facts }: CampaignChanges = {}): CampaignDocument {
  return {
    _id: 'autumn',
    spec: {
      name: 'Autumn "sale"',
      template: 'promo_autumn',
      audience: { kind: 'list', listId: 'l1' },
      audienceLabel: 'clients.csv',
      parameters: [{ kind: 'column', column: 'name' }],
      ...spec,
    },
    test: false,
    state: 'completed',
    stateChangedAt: second(600),
    template: {
      id: 'b1946ac9-2b3d-4e5f-8a6b-0123456789ab',
      name: 'promo_autumn',
      language: 'ru',
      category: 'MARKETING',
      type: 'TEXT',
      status: 'APPROVED',
      quality: 'GREEN',
      body: 'Hello {{1}}',
      buttons: [],
    },
    sender: 'DemoApp',
    createdBy: { kind: 'cli' },
    createdAt: second(-60),
    startedAt: second(-1),
    endedAt: second(600),
    watchers: [],
    ...facts,
  };
}

type Given = Partial<DeliveryDocument> & Pick<DeliveryDocument, 'state'>;

/**
 * Two delivered, one read, one sent, one accepted, three failed, one unknown, four skipped, one queued: 14, 9 tried.
 */
const DELIVERIES: Given[] = [
  {
    state: 'delivered',
    phone: '+79000000000',
    name: '=HYPERLINK("http://evil")',
    messageId: 'm0',
    claimedAt: second(0),
  },
  { state: 'delivered', phone: '+79000000001', name: 'Ёлка; "Ко"', messageId: 'm1', claimedAt: second(1) },
  { state: 'read', phone: '+79000000002', name: '王小明', messageId: 'm2', claimedAt: second(2), readAt: second(9) },
  { state: 'sent', phone: '+79000000003', messageId: 'm3', claimedAt: second(3) },
  { state: 'accepted', phone: '+79000000004', messageId: 'm4', claimedAt: second(4) },
  { state: 'failed', phone: '+79000000005', code: '131026', family: 'contact', messageId: 'm5', claimedAt: second(5) },
  { state: 'failed', phone: '+79000000006', code: '131026', family: 'contact', messageId: 'm6', claimedAt: second(6) },
  {
    state: 'failed',
    phone: '+79000000007',
    code: '99999',
    family: 'contact',
    detail: 'strange new thing',
    claimedAt: second(7),
  },
  { state: 'unknown', phone: '+79000000008', code: 'timeout', detail: 'no answer in 10 s', claimedAt: second(16) },
  { state: 'queued', phone: '+79000000009' },
  { state: 'skipped', skipReason: 'duplicate', original: '8 900 000-00-00', origin: '12' },
  { state: 'skipped', skipReason: 'no_phone', origin: '13', name: 'Nobody' },
  { state: 'skipped', skipReason: 'invalid_phone', original: '+7 900', origin: '14' },
  { state: 'skipped', skipReason: 'invalid_phone', original: '-12', origin: '15' },
];

export async function storeSample(store: Store, changes: CampaignChanges = {}): Promise<CampaignDocument> {
  const campaign = sampleCampaign(changes);
  await store.campaigns.insert(campaign);
  await store.deliveries.freeze(
    campaign._id,
    DELIVERIES.map((delivery, n) => ({ origin: String(n + 2), params: [], ...delivery, n })),
  );
  return campaign;
}
