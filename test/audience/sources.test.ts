/** Opening an audience: whoever the source names, in a stable order. */
import fc from 'fast-check';
import { planAudience, type PlannedDelivery } from '../../audience/plan';
import { openAudience, openExcluded, type AudienceServices } from '../../audience/sources';
import {
  OUTCOME_NAMES,
  outcomeSource,
  sourceOf,
  type AudienceSource,
  type OutcomeName,
  type Person,
} from '../../domain/audience';
import { template } from '../domain/samples';
import type { FrozenDelivery } from '../../store/deliveries';
import { phoneOf, queued, startStore, type TestStore } from '../store/support';

let own: TestStore;
let services: AudienceServices;
beforeAll(async () => {
  own = await startStore();
  services = {
    crm: { people: ({ pipelineId, statusId, tags }) => one(`leads ${[pipelineId, statusId, tags]}`) },
    lists: { rows: (listId) => one(`list ${listId}`) },
    deliveries: own.store.deliveries,
    replies: own.store.replies,
  };
});
afterAll(() => own?.close());

async function* one(origin: string): AsyncGenerator<Person> {
  yield { phones: [], columns: {}, origin };
}
async function all(people: AsyncIterable<Person>): Promise<Person[]> {
  const found: Person[] = [];
  for await (const person of people) found.push(person);
  return found;
}
const origins = async (source: AudienceSource): Promise<string[]> =>
  (await all(openAudience(source, services))).map(({ origin }) => origin);

test('leads come from the CRM by their filter, also as campaigns of before the filter kept it; a list from the lists', async () => {
  await expect(origins({ kind: 'crm', pipelineId: 7, statusId: 142 })).resolves.toEqual(['leads 7,142,']);
  await expect(origins({ kind: 'crm', tags: ['vip'] })).resolves.toEqual(['leads ,,vip']);
  await expect(origins({ kind: 'list', listId: 'l1' })).resolves.toEqual(['list l1']);
});

test('phones typed in are people without columns, numbered as they stand', async () => {
  await expect(all(openAudience({ kind: 'phones', phones: ['8900', ''] }, services))).resolves.toEqual([
    { phones: ['8900'], columns: {}, origin: '1' },
    { phones: [''], columns: {}, origin: '2' },
  ]);
});

describe('an audience of several sources', () => {
  const combined: AudienceSource = {
    kind: 'combined',
    include: [
      { kind: 'crm', pipelineId: 7 },
      { kind: 'phones', phones: ['8900', '8901'] },
    ],
    exclude: [{ kind: 'list', listId: 'staff' }],
  };

  test('come one after another, and each person says which it is from', async () => {
    const found = await origins(combined);
    expect(found).toEqual(['1:leads 7,,', '2:1', '2:2']);
    expect(sourceOf(combined, found[0]!)).toEqual({ source: combined.include[0], origin: 'leads 7,,' });
    expect(sourceOf(combined, found[2]!)).toEqual({ source: combined.include[1], origin: '2' });
    expect(sourceOf(combined.include[0]!, '12:5')).toEqual({ source: combined.include[0], origin: '12:5' });
  });

  test('those to leave out are opened on their own; one source alone leaves nobody out', async () => {
    expect((await all(openExcluded(combined, services))).map(({ origin }) => origin)).toEqual(['1:list staff']);
    await expect(all(openExcluded(combined.include[0]!, services))).resolves.toEqual([]);
  });
});

describe('the outcome of an earlier campaign', () => {
  const ENDS: Partial<FrozenDelivery & { code: string; family: string }>[] = [
    { state: 'queued' },
    { state: 'accepted' },
    { state: 'sent' },
    { state: 'delivered' },
    { state: 'delivered' },
    { state: 'read', params: ['Анна', '5'], name: 'Анна' },
    { state: 'unknown' },
    { state: 'failed', code: '131016', family: 'temporary' },
    { state: 'failed', code: '131026', family: 'contact' },
    { state: 'skipped', skipReason: 'opted_out' },
    { state: 'skipped', skipReason: 'control' },
    { state: 'skipped', skipReason: 'cancelled' },
  ];
  const answer = (n: number, campaignId: string): Promise<void> =>
    own.store.replies.save({ _id: `${campaignId}-${n}`, phone: phoneOf(n), at: new Date(), campaignId });

  beforeAll(async () => {
    await own.store.deliveries.freeze('ended', ENDS.map((end, n) => queued(n, end))); // prettier-ignore
    await answer(4, 'ended');
    await answer(5, 'another');
  });

  test.each<[OutcomeName, number[]]>([
    ['failed_temporarily', [7]],
    ['undelivered', [1, 2, 7, 8]],
    ['unread', [3, 4]],
    ['not_replied', [3, 5]],
    ['reached', [0, 1, 2, 3, 4, 5, 6]],
  ])('%s is whoever it went so for', async (name, expected) => {
    const found = await all(openAudience(outcomeSource('ended', name), services));
    expect(found.map(({ phones }) => phones)).toEqual(expected.map((n) => [phoneOf(n)]));
  });

  test('never has the control group among its people, not even those who were not sent to; excluding it leaves the control group out', async () => {
    const unsent = { kind: 'outcome', campaignId: 'ended', states: ['skipped'] } satisfies AudienceSource;
    const included = await all(openAudience(unsent, services));
    expect(included.map(({ phones }) => phones)).toEqual([[phoneOf(9)], [phoneOf(11)]]);
    const rest: AudienceSource = {
      kind: 'combined',
      include: [{ kind: 'list', listId: 'l1' }],
      exclude: [outcomeSource('ended', 'unread')],
    };
    const excluded = await all(openExcluded(rest, services));
    expect(excluded.map(({ phones }) => phones)).toEqual([[phoneOf(3)], [phoneOf(4)], [phoneOf(10)]]);
  });

  test('of those without an answer of Gupshup only who clicked, and so has the message, is written to again', () => {
    // By `reached` people are excluded.
    const counting = OUTCOME_NAMES.filter((name) => outcomeSource('ended', name).states.includes('unknown'));
    expect(counting).toEqual(['clicked', 'reached']);
  });

  test('gives the parameters that were sent, and narrows by codes', async () => {
    const [read] = await all(openAudience({ kind: 'outcome', campaignId: 'ended', states: ['read'] }, services));
    expect(read!.columns).toEqual({ name: 'Анна', p1: 'Анна', p2: '5' });
    const failed = { kind: 'outcome', campaignId: 'ended', states: ['failed'] } as const;
    await expect(origins({ ...failed, states: ['failed'], codes: ['131026'] })).resolves.toEqual(['9']);
  });
});

test('what a combined audience sends to is the included numbers minus the excluded ones, each once, whatever the sources', async () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 8 });
  const sources = fc.array(numbers, { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.array(numbers, { minLength: 1, maxLength: 4 }), sources, async (include, exclude) => {
      const all = [...include, ...exclude];
      const listOf = async function* (listId: string): AsyncGenerator<Person> {
        for (const [row, n] of all[Number(listId)]!.entries()) {
          yield { phones: [phoneOf(n)], columns: {}, origin: String(row) };
        }
      };
      const audience: AudienceSource = {
        kind: 'combined',
        include: include.map((_, index) => ({ kind: 'list', listId: String(index) })),
        exclude: exclude.map((_, index) => ({ kind: 'list', listId: String(include.length + index) })),
      };
      const own = { ...services, lists: { rows: listOf } };
      const planned: PlannedDelivery[] = [];
      const options = { template: template({ body: 'Hi' }), parameters: [], country: 'RU' as const };
      for await (const batch of planAudience(openAudience(audience, own), {
        ...options,
        without: openExcluded(audience, own),
        excluded: () => Promise.resolve(new Map()),
        batchSize: 3,
      })) planned.push(...batch);

      const left = new Set(exclude.flat());
      const wanted = [...new Set(include.flat())].filter((n) => !left.has(n)).map(phoneOf);
      expect(planned.flatMap((one) => (one.state === 'queued' ? [one.phone] : []))).toEqual(wanted);
      const places = planned.map(({ origin }) => sourceOf(audience, origin));
      expect(places.map(({ source, origin }) => [source, Number(origin)])).toEqual(
        include.flatMap((rows, index) => rows.map((_, row) => [audience.include[index], row])),
      );
    }),
  );
}); // prettier-ignore
