/**
 * A media link that does not last as long as its campaign: refused wherever a campaign is made, started, moved or
 * repeated.
 */
import { translate } from '../../config/i18n';
import { explain, type Refusal, type Result } from '../../config/errors';
import type { CampaignDraft } from '../../campaigns/contract';
import { ordinaryPhones, startRoad, type Road } from '../support/road';
import { CAMPAIGNS_QUEUE } from '../../workflows/messages';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(60_000);
let road: Road;
beforeAll(async () => {
  quietRuntime();
  road = await startRoad();
});
afterAll(() => road?.close());

const HOUR = 3_600_000;
const inHours = (hours: number): Date => new Date(Date.now() + hours * HOUR);
/** As storages sign it. */
const signed = (end: Date): string =>
  `https://nobody.invalid/tour.mp4?Expires=${Math.floor(end.getTime() / 1000)}&Signature=3f2a9c0e`;

const draft = (mediaUrl: string, changes: Partial<CampaignDraft> = {}): CampaignDraft => ({
  name: 'Tour',
  template: 'video_tour',
  audience: { kind: 'phones', phones: ordinaryPhones(2) },
  audienceLabel: 'typed in',
  parameters: [{ kind: 'text', value: 'Anna' }],
  mediaUrl,
  createdBy: { kind: 'cli' },
  ...changes,
});

const made = async (mediaUrl: string, changes: Partial<CampaignDraft> = {}): Promise<string> => {
  const created = await road.campaigns.create(draft(mediaUrl, changes));
  if (!created.ok) throw new Error(JSON.stringify(created.refusal));
  return created.value.id;
};
const refusalOf = (result: Result<unknown>): Refusal => {
  if (result.ok) throw new Error('expected a refusal');
  return result.refusal;
};

test.each<[string, string, Partial<CampaignDraft>]>([
  ['media_link_of_meta', 'https://scontent.whatsapp.net/v/a.mp4?oh=1&oe=7FFFFFFF', {}],
  ['media_link_received', 'https://filemanager.gupshup.io/fm/wamedia/DemoApp/546af999', {}],
  ['media_link_temporary', 'https://uc1.dl.dropboxusercontent.com/cd/0/get/A/file', {}],
  ['media_link_expired', signed(inHours(-1)), {}],
  ['media_link_expires', signed(inHours(3)), {}],
  ['media_link_expires', signed(inHours(20)), { pace: { spreadMs: 24 * HOUR } }],
  ['media_link_expires', signed(inHours(20)), { laterWaves: { max: 1 } }],
  ['media_link_expires', signed(inHours(40)), { laterWaves: { max: 3, until: inHours(48).toISOString() } }],
  // A day of sending in hours that are open one hour a day.
  ['media_link_expires', signed(inHours(24 * 7)), { pace: { spreadMs: 24 * HOUR }, hours: { from: '10:00', to: '11:00', days: [1, 2, 3, 4, 5, 6, 7], holidays: [], zone: 'campaign', timezone: 'Europe/Moscow' } }],
])('a campaign is refused for its media link with %s: %s', async (code, link, changes) => {
  expect(refusalOf(await road.campaigns.create(draft(link, changes))).code).toBe(code);
  const preflight = await road.campaigns.preflight(draft(link, changes));
  expect(preflight.ok && preflight.value.blocking.map((one) => one.code)).toEqual([code]);
}); // prettier-ignore

test('the sentence says when it ends and until when it is needed, in both languages', async () => {
  const refusal = refusalOf(await road.campaigns.create(draft(signed(inHours(3)))));
  expect(explain(refusal, 'en')).toMatch(
    /expires at \d{4}-\d\d-\d\d \d\d:\d\d \(.+\), but .* until \d{4}-\d\d-\d\d \d\d:\d\d/,
  );
  expect(explain(refusal, 'ru')).toMatch(/действует до \d{4}-\d\d-\d\d \d\d:\d\d .* до \d{4}-\d\d-\d\d \d\d:\d\d/);
  expect(explain(refusal, 'en')).not.toContain('Signature');
});

test('one that lasts passes, and one that a template has no place for is no matter', async () => {
  await made(signed(inHours(5)));
  await made(signed(inHours(40)), { pace: { spreadMs: 24 * HOUR } });
  await made(signed(inHours(-1)), { template: 'showroom_invitation', parameters: [] });
});

test('what takes many people longer than the link lasts is refused by their number', async () => {
  const link = signed(inHours(4));
  const many = draft(link, { pace: { ratePerSecond: 1 / 3600 } });
  const preflight = await road.campaigns.preflight(many);
  expect(preflight.ok && preflight.value.blocking.map((one) => one.code)).toEqual(['media_link_expires']);
  const id = await made(link, { pace: { ratePerSecond: 1 / 3600 } });
  expect(refusalOf(await road.campaigns.start(id)).code).toBe('media_link_expires');
  expect((await road.store.campaigns.find(id))?.state).toBe('draft');
});

test('a later start and a move are refused when the link ends before they are over', async () => {
  const id = await made(signed(inHours(8)));
  expect(refusalOf(await road.campaigns.start(id, { at: inHours(5) })).code).toBe('media_link_expires');
  expect(await road.campaigns.start(id, { at: inHours(2) })).toMatchObject({ ok: true });
  const by = { kind: 'cli' } as const;
  expect(refusalOf(await road.campaigns.command(id, { command: 'reschedule', at: inHours(6), by })).code).toBe('media_link_expires'); // prettier-ignore
  expect(await road.campaigns.command(id, { command: 'reschedule', at: inHours(3), by })).toMatchObject({ ok: true });
  expect(await road.campaigns.command(id, { command: 'cancel', by })).toMatchObject({ ok: true });
});

test('a resume, and a retry, is refused once the link has ended', async () => {
  const id = await made(signed(inHours(8)));
  const by = { kind: 'cli' } as const;
  expect(await road.campaigns.start(id, { at: inHours(2) })).toMatchObject({ ok: true });
  // As a campaign is that stood still for long: its people are there, and its link is over.
  const campaign = await road.store.campaigns.find(id);
  const paused = {
    ...campaign!,
    _id: 'stood',
    state: 'paused' as const,
    spec: { ...campaign!.spec, mediaUrl: signed(inHours(-1)) },
  };
  await road.store.campaigns.insert(paused);
  await road.store.deliveries.freeze('stood', [
    { n: 0, state: 'queued', origin: '1', phone: ordinaryPhones(1)[0]!, params: ['Anna'] },
  ]);
  expect(refusalOf(await road.campaigns.command('stood', { command: 'resume', by })).code).toBe('media_link_expired');
  expect(refusalOf(await road.campaigns.retryFailed('stood', { by })).code).toBe('media_link_expired');
  await road.campaigns.command(id, { command: 'cancel', by });
});

test('a series is refused when its next firing comes too late for the link, and leaves no schedule', async () => {
  const campaignId = await made(signed(inHours(24)));
  const by = { kind: 'telegram', id: 7 } as const;
  const daily = new Date(Date.now() - 60_000);
  const cron = `${daily.getUTCMinutes()} ${daily.getUTCHours()} * * *`;
  const refusal = refusalOf(await road.series.create({ campaignId, cron, timezone: 'UTC', by }));
  expect(refusal).toMatchObject({ code: 'media_link_expires', values: { needed: expect.stringContaining('(UTC)') } });
  await expect(road.series.list()).resolves.toEqual({ ok: true, value: [] });
});

test('a firing whose link has ended makes no campaign and tells the admins', async () => {
  const original = await road.store.campaigns.find(await made(signed(inHours(24))));
  await road.store.campaigns.insert({
    ...original!,
    _id: 'ended',
    spec: { ...original!.spec, mediaUrl: signed(inHours(-1)) },
  });
  const by = { kind: 'telegram', id: 7 } as const;
  const input = { seriesId: 'tours', name: 'Tour', campaignId: 'ended', overlap: 'skip', timezone: 'UTC', by };
  const result = await road.temporal.workflow.execute('fireSeries', {
    workflowId: 'series/tours',
    taskQueue: CAMPAIGNS_QUEUE,
    args: [{ ...input, byName: 'telegram:7' }],
  });
  expect(result).toEqual({ leftOut: 'media_link' });
  expect(road.leftOut).toEqual([{ seriesId: 'tours', name: 'Tour', by, why: 'media_link' }]);
  const campaigns = await road.store.campaigns.list({ limit: 100 });
  expect(campaigns.filter(({ seriesId }) => seriesId === 'tours')).toEqual([]);
  for (const language of ['en', 'ru'] as const) {
    expect(translate(language, 'report.seriesLeftOut.media_link', { name: 'Tour' })).toContain('Tour');
  }
});
