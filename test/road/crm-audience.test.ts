/**
 * 5,000 messy leads: the audience is exactly the expected set, at amoCRM's rate, whether it heeds its filters or not.
 */
import { connectAmocrm } from '../../audience/crm/connection';
import { planAudience, type PlannedDelivery } from '../../audience/plan';
import { openAudience } from '../../audience/sources';
import type { AudienceSource, CrmFilter } from '../../domain/audience';
import { generateCompany } from '../../sandbox/company/generate';
import type { Company, Contact, Lead } from '../../sandbox/company/model';
import type { Store } from '../../store/connect';
import { startCrm, type CrmSandbox } from '../audience/crm/account';
import { template } from '../domain/samples';
import { startStore, type TestStore } from '../store/support';

const LEADS = 5_000;
const STAGE = { pipelineId: 7_041_001, statusId: 58_200_003 };

let own: TestStore;
let another: Store;
const company: Company = generateCompany(LEADS);
beforeAll(async () => {
  own = await startStore();
  another = await own.another();
});
afterAll(async () => {
  await own?.close();
});

/** The number as a person reads it; undefined where there is none. Not by our own rules, which are what is tested. */
function readNumber(text: string): string | undefined {
  const digits = text.replace(/доб.*$/, '').replace(/\D/g, '');
  if (text.trim().startsWith('+')) return digits.length >= 11 ? `+${digits}` : undefined;
  if (digits.length === 11 && /^[78]/.test(digits)) return `+7${digits.slice(1)}`;
  // An Uzbek one, written without its plus.
  if (digits.length === 12 && digits.startsWith('998')) return `+${digits}`;
  return digits.length === 10 && digits.startsWith('9') ? `+7${digits}` : undefined;
}

const phonesOf = ({ custom_fields_values: fields }: Contact): string[] =>
  (fields?.find(({ field_code }) => field_code === 'PHONE')?.values ?? []).flatMap(({ value }) =>
    String(value).split(','),
  );

/** The number that one would call: of the main contact, or of the first other one that has any. */
function numberOf({ contacts }: Lead): string | undefined {
  const alive = contacts.map(({ id }) => company.contacts.get(id)!).filter(({ is_deleted }) => !is_deleted);
  const texts = alive.map(phonesOf).find((phones) => phones.length > 0) ?? [];
  return texts.map(readNumber).find(Boolean);
}

function expectedPhones(fits: (lead: Lead) => boolean): Set<string> {
  const numbers = [...company.leads.values()].filter(fits).map(numberOf);
  return new Set(numbers.filter((number) => number !== undefined));
}

async function plan(crm: CrmSandbox, filter: CrmFilter, store: Store): Promise<PlannedDelivery[]> {
  const client = connectAmocrm(crm.settings('token'), store);
  const source: AudienceSource = { kind: 'crm', ...filter };
  const people = openAudience(source, { crm: client, lists: store.lists, deliveries: store.deliveries, replies: store.replies }); // prettier-ignore
  const planned: PlannedDelivery[] = [];
  const options = {
    template: template({ body: 'Hello' }),
    parameters: [],
    country: 'RU' as const,
    excluded: () => Promise.resolve(new Map<string, never>()),
  };
  for await (const batch of planAudience(people, options)) planned.push(...batch);
  await client.close();
  return planned;
}

const queued = (planned: PlannedDelivery[]): string[] =>
  planned.flatMap((one) => (one.state === 'queued' ? [one.phone] : []));

const CASES: [string, CrmFilter, (lead: Lead) => boolean][] = [
  ['a stage', STAGE, (lead) => lead.status_id === STAGE.statusId],
  [
    'a tag, a user and a period',
    { tags: ['кухня'], responsibleUserIds: [9_510_002], createdFrom: '2026-01-01' },
    (lead) =>
      lead.tags.some(({ name }) => name === 'кухня') &&
      lead.responsible_user_id === 9_510_002 &&
      lead.created_at >= Date.UTC(2025, 11, 31, 21) / 1000,
  ],
];

/** As read above: to read it again would take amoCRM's rate another ten seconds. */
let planOfStage: PlannedDelivery[] | undefined;

/** Each with an amoCRM of its own: its rate is what takes the time. */
const ALL = [false, true].flatMap((filtersIgnored) =>
  CASES.map(([what, filter, fits]) => ({ what, filter, fits, filtersIgnored })),
);

test.concurrent.each(ALL)(
  'filters ignored by amoCRM ($filtersIgnored): two workers ask for $what at once: everybody once, nobody else, and not one 429',
  async ({ filter, fits, filtersIgnored }) => {
    const crm = await startCrm({ leads: LEADS });
    try {
      await crm.control('settings', 'PUT', { filtersIgnored });
      await crm.control('requests', 'DELETE');
      const plans = await Promise.all([plan(crm, filter, own.store), plan(crm, filter, another)]);
      const leads = [...company.leads.values()].filter(fits).length;
      if (filter === STAGE) planOfStage = plans[0];
      for (const planned of plans) {
        expect(planned).toHaveLength(leads);
        expect(new Set(queued(planned))).toEqual(expectedPhones(fits));
        // One delivery a number, whatever leads and contacts share it.
        expect(queued(planned)).toHaveLength(expectedPhones(fits).size);
      }
      // 204 is amoCRM's "nothing found".
      expect(['200', '204']).toEqual(expect.arrayContaining(Object.keys(await crm.byStatus())));
    } finally {
      await crm.close();
    }
  },
  120_000,
);

test('two contacts of the CRM with one number are one delivery, and the second names the first', () => {
  const planned = planOfStage!;
  const duplicates = planned.filter((one) => one.state === 'skipped' && one.reason === 'duplicate');
  // 8 leads whose contact has another one's number, 4 that share a contact (company/cases.ts).
  expect(duplicates.length).toBe(12);
  for (const duplicate of duplicates) {
    const first = planned.find(({ origin }) => origin === (duplicate as { detail?: string }).detail)!;
    expect(first).toMatchObject({ state: 'queued' });
    const [one, other] = [first, duplicate].map(({ origin }) => numberOf(company.leads.get(Number(origin))!));
    expect(one).toBe(other);
  }
});
