/** The firing of a series: what it takes from the campaign that it repeats, and what it does not. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { createCampaignActivities } from '../../activities/campaign';
import type { CampaignActivities, SeriesActivities } from '../../activities/contract';
import { createSeriesActivities } from '../../activities/series';
import type { Person } from '../../domain/audience';
import { template } from '../domain/samples';
import { campaignDocument, phoneOf, startStore, type TestStore } from '../store/support';
import { startGupshup, type GupshupStandIn } from './stand-ins';
import { oneSender } from '../support/senders';

const HOUR_MS = 3_600_000;
const TEMPLATE = template({ body: 'Здравствуйте!' });
const notifier = { campaignChanged: () => Promise.resolve(), seriesLeftOut: () => Promise.resolve() };

let own: TestStore;
let gupshup: GupshupStandIn;
/** How many leads stand in the stage now. */
let leads = 0;
let campaign: CampaignActivities;
let series: SeriesActivities;
beforeAll(async () => {
  own = await startStore();
  gupshup = await startGupshup();
  gupshup.templates = [
    {
      id: TEMPLATE.id, elementName: TEMPLATE.name, languageCode: 'ru', category: 'UTILITY', templateType: 'TEXT', status: 'APPROVED',
      data: TEMPLATE.body, containerMeta: JSON.stringify({ data: TEMPLATE.body }),
    },
  ]; // prettier-ignore
  const { store } = own;
  campaign = createCampaignActivities({
    store,
    senders: oneSender(gupshup.client),
    audience: {
      crm: { people: () => peopleOfStage() },
      lists: store.lists,
      deliveries: store.deliveries,
      replies: store.replies,
    },
    country: 'RU',
    contactRules: { requireConsent: 'none' },
    notifier,
  });
  series = createSeriesActivities({
    store,
    senders: oneSender(gupshup.client),
    settle: { quietMs: 1_000, maxMs: 2_000 },
    notifier,
  });
});
afterAll(async () => {
  await gupshup?.stop();
  await own?.close();
});

async function* peopleOfStage(): AsyncGenerator<Person> {
  for (let n = 0; n < leads; n++) yield { phones: [phoneOf(n)], columns: {}, origin: String(n) };
}

/** Its audience is frozen; answers with the rate that it then has. */
async function prepared(id: string, people: number): Promise<number | undefined> {
  leads = people;
  await own.store.campaigns.move(id, 'preparing');
  const frozen = await (new MockActivityEnvironment().run(campaign.prepareAudience, { campaignId: id }) as ReturnType<
    CampaignActivities['prepareAudience']
  >);
  if ('problem' in frozen) throw new Error(frozen.problem.detail);
  return frozen.ratePerSecond;
}

async function firing(original: string, at: number): Promise<string> {
  const made = await series.createFromSeries({
    ...{
      seriesId: `of-${original}`,
      name: 'Weekly',
      campaignId: original,
      overlap: 'allow',
      timezone: 'Europe/Moscow',
    },
    ...{ by: { kind: 'cli' }, byName: 'cli', at },
  });
  if (!('campaignId' in made)) throw new Error(JSON.stringify(made));
  return made.campaignId;
}

test('each firing that is spread over a time has the rate of its own audience', async () => {
  await own.store.campaigns.insert(
    campaignDocument('spread', {
      template: TEMPLATE,
      spec: { audience: { kind: 'crm', pipelineId: 1 }, pace: { spreadMs: HOUR_MS } },
    }),
  );
  expect(await prepared('spread', 36)).toBeCloseTo(0.01);
  const busier = await firing('spread', Date.now());
  expect(await prepared(busier, 360)).toBeCloseTo(0.1);
  // Nor does a firing that has few people slow the next one.
  const next = await firing('spread', Date.now() + HOUR_MS);
  expect(await prepared(next, 3_600)).toBeCloseTo(1);
});

test('a firing asks for all that the campaign it repeats was asked for, whatever came of that one', async () => {
  const spec = {
    ...{ audience: { kind: 'list' as const, listId: 'guests' }, parameters: [{ kind: 'text' as const, value: 'Hi' }] },
    ...{ hours: 'any' as const, pace: { ratePerSecond: 3 }, note: 'For the fair' },
    laterWaves: { max: 2, until: '2030-01-01T00:00:00.000Z' },
    lateStart: { policy: 'skip' as const, afterMs: 1 },
  };
  await own.store.campaigns.insert(campaignDocument('all', { template: TEMPLATE, spec }));
  await own.store.campaigns.setRate('all', 1);
  const made = await own.store.campaigns.find(await firing('all', Date.UTC(2026, 10, 30, 9)));
  const original = (await own.store.campaigns.find('all'))!;
  expect(made).toMatchObject({ seriesId: 'of-all', state: 'draft', template: TEMPLATE });
  expect(made!.spec).toEqual({ ...original.spec, name: 'Weekly · 30.11', laterWaves: { max: 2 } });
  // An admin's rate was that run's own.
  expect(made).not.toHaveProperty('rate');
});
