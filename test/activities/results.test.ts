/**
 * What came of a held company of 5,000 leads: every figure equals what a plain script over amoCRM's answers says, to the
 * rouble.
 */
import { MockActivityEnvironment } from '@temporalio/testing';
import { MongoClient } from 'mongodb';
import { createCampaignActivities } from '../../activities/campaign';
import { createResultsActivities } from '../../activities/results/read';
import type { ResultsActivities } from '../../activities/contract';
import { createAmocrmClient, type AmocrmClient } from '../../clients/amocrm/client';
import type { CampaignSpec } from '../../domain/campaign-spec';
import { resultsOf } from '../../report/results';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { databaseOf } from '../../store/connect';
import type { DeliveryDocument } from '../../store/documents';
import { crmOf, STAGE, type RoadCrm } from '../road/crm-leads';
import { campaignDocument } from '../store/support';
import { template } from '../domain/samples';
import { startGupshup, type GupshupStandIn } from './stand-ins';
import { oneSender } from '../support/senders';
import { startRoad, type Road } from '../support/road';

jest.setTimeout(120_000);

/** 5,000 of them in the stage. */
const LEADS = 6_944;
const SMALL = { pipelineId: 7_041_002, statusId: 58_200_104 };
const DAY_MS = 86_400_000;
const TEMPLATE = template({ body: 'Здравствуйте!' });

let road: Road;
let gupshup: GupshupStandIn;
let crm: AmocrmClient;
let seen: RoadCrm;
let results: ResultsActivities;
beforeAll(async () => {
  road = await startRoad({ workers: false, leads: LEADS });
  await road.control('PUT', '/sandbox/amocrm/settings', { requestsPerSecond: 1000 });
  gupshup = await startGupshup();
  gupshup.templates = [
    { id: TEMPLATE.id, elementName: TEMPLATE.name, languageCode: 'ru', category: 'UTILITY', templateType: 'TEXT', status: 'APPROVED', data: TEMPLATE.body, containerMeta: JSON.stringify({ data: TEMPLATE.body }) },
  ]; // prettier-ignore
  crm = createAmocrmClient({ baseUrl: `${road.sandbox.url}/amocrm`, token: SANDBOX_CREDENTIALS.AMOCRM_TOKEN, requestsPerSecond: 500 }); // prettier-ignore
  seen = crmOf(road);
  results = createResultsActivities({ store: road.store, crm });
});
afterAll(async () => {
  await crm?.close();
  await gupshup?.stop();
  await road?.close();
});

/** Freezes the people of a campaign as the worker does. */
async function frozen(id: string, spec: Partial<CampaignSpec>): Promise<DeliveryDocument[]> {
  const { store } = road;
  await store.campaigns.insert(campaignDocument(id, { state: 'preparing', template: TEMPLATE, spec: { parameters: [], ...spec } }));
  const { prepareAudience } = createCampaignActivities({
    store, senders: oneSender(gupshup.client), country: 'RU', contactRules: { requireConsent: 'none' }, results: crm,
    audience: { crm, lists: store.lists, deliveries: store.deliveries, replies: store.replies },
    notifier: { campaignChanged: () => Promise.resolve(), seriesLeftOut: () => Promise.resolve() },
  });
  await new MockActivityEnvironment().run(prepareAudience, { campaignId: id });
  return store.deliveries.stream(id).toArray();
} // prettier-ignore

/** It ended so many days ago. */
async function ended(id: string, days: number): Promise<void> {
  for (const state of ['running', 'settling'] as const) await road.store.campaigns.move(id, state);
  await road.store.campaigns.move(id, 'completed');
  const mongo = await MongoClient.connect(road.mongodbUri);
  const endedAt = new Date(Date.now() - days * DAY_MS - 1_000);
  await databaseOf(mongo).collection<{ _id: string }>('campaigns').updateOne({ _id: id }, { $set: { endedAt } });
  await mongo.close();
}

const read = (campaignId: string, day: number) =>
  new MockActivityEnvironment().run(results.readResults, { campaignId, day });
const reportOf = async (id: string) => (await resultsOf(road.store, (await road.store.campaigns.find(id))!))!;

/** One lead as amoCRM answers it. */
interface Plain {
  id: number;
  price: number;
  status_id: number;
  pipeline_id: number;
}

test('5,000 leads: money and differences are those of a plain script, and a reading made twice is one', async () => {
  const before = new Map((await seen.stage()).map((lead) => [lead.id as number, lead as unknown as Plain]));
  expect(before.size).toBe(5_000);
  const deliveries = await frozen('company', {
    audience: { kind: 'crm', ...STAGE },
    controlPercent: 20,
    splitKey: 'company',
    results: { days: [1, 7, 30] },
  });
  // Some would have come anyway; those who were written to buy more often.
  const chances = { won: 4, lost: 10, forward: 15 };
  await road.control('POST', '/sandbox/amocrm/move-deals', { stage: STAGE, chances: { ...chances, seed: 'anyway' } });
  const queued = deliveries.filter(({ state }) => state === 'queued').map(({ origin }) => Number(origin));
  await road.control('POST', '/sandbox/amocrm/move-deals', { ids: queued, chances: { won: 6, lost: 2, forward: 5, seed: 'message' } }); // prettier-ignore
  await ended('company', 1);
  expect(await new MockActivityEnvironment().run(results.nextReading, { campaignId: 'company' })).toMatchObject({ day: 1 });
  await read('company', 1);

  // The plain script: amoCRM's answers and who got it, nothing of ours in between.
  const after = new Map((await seen.all()).map((lead) => [lead.id as number, lead as unknown as Plain]));
  const ofPerson = new Map<string, Plain[]>();
  for (const { origin, skipReason, detail } of deliveries) {
    const person = skipReason === 'duplicate' ? detail! : origin;
    ofPerson.set(person, [...(ofPerson.get(person) ?? []), after.get(Number(origin))!]);
  }
  const groups = { written: [] as number[], control: [] as number[] };
  const counts = { written: { won: 0, forward: 0 }, control: { won: 0, forward: 0 } };
  for (const { origin, state, skipReason } of deliveries) {
    const group = state === 'queued' ? 'written' : skipReason === 'control' ? 'control' : undefined;
    if (!group) continue;
    const leads = ofPerson.get(origin)!;
    const won = leads.filter((lead) => lead.status_id === 142);
    groups[group].push(won.reduce((sum, { price }) => sum + price, 0));
    if (won.length > 0) counts[group].won++;
    if (leads.some(({ id, status_id }) => status_id === 142 || (status_id !== 143 && status_id > before.get(id)!.status_id)))
      counts[group].forward++;
  } // prettier-ignore
  const sum = (values: number[]): number => values.reduce((all, one) => all + one, 0);
  const mean = (values: number[]): number => sum(values) / values.length;
  const error = (values: number[]): number =>
    values.reduce((all, one) => all + (one - mean(values)) ** 2, 0) / (values.length - 1) / values.length;

  const [reading] = (await reportOf('company')).readings;
  expect(reading).toMatchObject({
    day: 1,
    currency: 'RUB',
    written: { people: groups.written.length, sum: sum(groups.written), ...counts.written },
    control: { people: groups.control.length, sum: sum(groups.control), ...counts.control },
  });
  expect(groups.written.length).toBeGreaterThan(3_000);
  expect(counts.control.won).toBeGreaterThan(10);
  const { comparison } = reading!;
  const difference = mean(groups.written) - mean(groups.control);
  expect(comparison!.sum!.difference).toBeCloseTo(difference, 6);
  expect((comparison!.sum!.to - comparison!.sum!.from) / 2).toBeCloseTo(
    1.961 * Math.sqrt(error(groups.written) + error(groups.control)),
    -1,
  );
  expect(Math.round(comparison!.brought!.difference)).toBe(Math.round(difference * groups.written.length));
  expect(comparison!.won).toMatchObject({ verdict: 'higher' });

  await read('company', 1);
  expect((await reportOf('company')).readings).toEqual([{ ...reading, readAt: expect.any(Date) as unknown }]);
  // An hundredth of the leads a call, and nothing is read person by person.
  expect(await new MockActivityEnvironment().run(results.nextReading, { campaignId: 'company' })).toMatchObject({ day: 7 });
}); // prettier-ignore

test('a list with the leads numbers has results too; two numbers of one lead in both groups are left out', async () => {
  const people = (await seen.stage()).slice(0, 40).map(({ id }) => id as number);
  const createdBy = { kind: 'cli' } as const;
  await road.store.lists.create(
    { _id: 'l', name: 'l', columns: ['Телефон', 'ID сделки'], phoneColumn: 'Телефон', count: 41, createdAt: new Date(), createdBy },
    [...people, people[0]!].map((lead, n) => ({
      phones: [`+7925${3_000_000 + n}`], columns: { 'ID сделки': `${lead}.0` }, origin: String(n + 2),
    })),
  ); // prettier-ignore
  const deliveries = await frozen('list', {
    audience: { kind: 'list', listId: 'l' },
    controlPercent: 50,
    splitKey: 'k2',
    results: { days: [1] },
  });
  const groupOf = (n: number) => deliveries.find(({ origin }) => origin === String(n + 2))!.state;
  const isMixed = groupOf(0) !== groupOf(40);
  expect(await road.store.results.find('list')).toMatchObject({ leads: isMixed ? 39 : 40, mixed: isMixed ? 1 : 0 });
  // Erased, or forgotten: no reading can be made of them any more.
  const [lead] = await all(road.store.results.leads('list'));
  await ended('list', 40);
  await road.store.erasure.erase(deliveries.find(({ n }) => n === lead!.n)!.phone!, { by: createdBy, country: 'RU' });
  expect((await all(road.store.results.leads('list'))).map(({ leadId }) => leadId)).not.toContain(lead!.leadId);
  await road.store.retention.enforce({ deliveries: 10 }, new Date());
  expect(await all(road.store.results.leads('list'))).toEqual([]);
  // One that was due before, and is read only now, is no result of zeros.
  await expect(read('list', 7)).rejects.toThrow('its leads are forgotten');
  expect(await new MockActivityEnvironment().run(results.nextReading, { campaignId: 'list' })).toBeUndefined();
  expect(await reportOf('list')).toMatchObject({ missed: [1], readings: [] });
});

test('where amoCRM does not answer at the start, the campaign goes on and its report says so', async () => {
  const deaf = { ...crm, visitLeads: () => Promise.reject(new Error('no answer for +79161234567')) };
  const before = crm;
  crm = deaf;
  try {
    const deliveries = await frozen('deaf', { audience: { kind: 'crm', ...SMALL }, results: { days: [1] } });
    expect(deliveries.some(({ state }) => state === 'queued')).toBe(true);
  } finally {
    crm = before;
  }
  await ended('deaf', 1);
  await read('deaf', 1);
  const { failed, readings } = await reportOf('deaf');
  expect(failed).toMatch(/no answer/);
  expect(failed).not.toContain('9161234567');
  expect(readings[0]!.written).toMatchObject({ people: 0, leads: { unknown: expect.any(Number) as unknown } });
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
