/** A campaign with follow-ups is reported as one thing: each step, and everybody once, alike in every form. */
import type { Db } from 'mongodb';
import { buffer } from 'node:stream/consumers';
import type { ChainStep } from '../../domain/follow-ups';
import { buildRangeReport, buildReport } from '../../report/build';
import { renderChart } from '../../report/chart';
import type { ReportData } from '../../report/data';
import { renderMessage } from '../../report/message';
import { renderText } from '../../report/text';
import { renderXlsx } from '../../report/xlsx';
import type { DeliveryDocument } from '../../store/documents';
import { createStore, type Store } from '../../store/connect';
import { testMongo } from '../support/servers';
import { unzip } from '../support/workbook';
import { sampleCampaign, SENT_AT, storeSample } from './sample';

const ru = { language: 'ru' as const, timezone: 'Europe/Moscow' };
const en = { language: 'en' as const, timezone: 'Europe/Moscow' };
const phone = (n: number): string => `+7900000000${n}`;

const step: ChainStep = {
  ...{ to: 'not_read', afterMs: 3 * 86_400_000, template: 'again/ru', parameters: [], copies: [], hours: 'any' },
  content: { ...sampleCampaign().template, name: 'again' },
};

let store: Store;
let db: Db;
beforeAll(async () => {
  const mongo = await testMongo();
  db = mongo.db;
  store = await createStore(db, mongo.close);
  // Delivered to 0 and 1, read by 2.
  await storeSample(store, {
    chain: { steps: [{ ...step, campaignId: 'first' }, step], state: 'counting', step: 1, dueAt: SENT_AT },
  });
  const made = sampleCampaign();
  await store.campaigns.insert({
    ...{ ...made, _id: 'first', followUpOf: { campaignId: 'autumn', step: 0 }, template: step.content },
    spec: { ...made.spec, audience: { kind: 'follow_up', campaignId: 'autumn', to: 'not_read', earlier: [] } },
  });
  const sent = { messageId: 'x', claimedAt: SENT_AT } as const;
  const people: (Partial<DeliveryDocument> & Pick<DeliveryDocument, 'state'>)[] = [
    { state: 'read', phone: phone(0), ...sent },
    { state: 'delivered', phone: phone(1), ...sent },
    { state: 'skipped', skipReason: 'acted', phone: phone(2) },
  ];
  await store.deliveries.freeze(
    'first',
    people.map((one, n) => ({ origin: String(n), params: [], ...one, n })),
  );
  for (const [id, campaignId, n] of [
    ['r1', 'autumn', 1],
    ['r2', 'first', 1],
    ['r3', 'first', 0],
  ] as const)
    await store.replies.save({ _id: id, campaignId, phone: phone(n), at: SENT_AT, text: 'Да' });
});
afterAll(() => store.close());

async function report(): Promise<ReportData> {
  const built = await buildReport(store, 'autumn');
  if (!built.ok) throw new Error(built.refusal.code);
  return built.value;
}

test('each step with who left it and why; everybody once, however many messages they got or answered', async () => {
  expect((await report()).chain).toEqual({
    state: 'counting',
    dueAt: SENT_AT,
    campaign: {
      ...{ people: 14, left: { replied: 0, leadMoved: 0, acted: 0 }, skipped: 4 },
      ...{ sent: 9, delivered: 3, read: 1, replied: 1 },
    },
    steps: [
      {
        ...{ step: 1, template: 'again', afterMs: step.afterMs, to: 'not_read' },
        campaign: { id: 'first', state: 'completed' },
        counts: {
          ...{ people: 3, left: { replied: 0, leadMoved: 0, acted: 1 }, skipped: 0 },
          ...{ sent: 2, delivered: 2, read: 1, replied: 2 },
        },
      },
      { step: 2, template: 'again', afterMs: step.afterMs, to: 'not_read' },
    ],
    people: { sent: 9, delivered: 3, read: 2, replied: 2 },
    messages: { sent: 11, delivered: 5, read: 2, replied: 3 },
  });
});

test('at the end of the campaign its follow-ups have not yet said that their time runs, and nothing else is to be said', async () => {
  const waits = { steps: [step, step], state: 'waiting', step: 0 };
  const chains = db.collection<{ _id: string }>('campaigns');
  const { chain } = (await chains.findOne({ _id: 'autumn' })) as unknown as { chain: object };
  await chains.updateOne({ _id: 'autumn' }, { $set: { chain: waits } });
  const text = renderText(await report(), en).replace(/\s+/g, ' ');
  await chains.updateOne({ _id: 'autumn' }, { $set: { chain } });
  expect(text).toMatch(
    /Follow-ups: counting down 1\. after 3 days [^:]*: due 20[^,]*? 2\. after 3 days [^:]*: not begun/,
  );
  expect(text).not.toContain('All messages');
});

test('a step that has begun is no thing of its own here, nor does the report of days count it twice', async () => {
  const first = await buildReport(store, 'first');
  expect(first.ok && first.value).not.toHaveProperty('chain');
  const days = await buildRangeReport(store, { from: new Date(0), to: new Date(), timezone: 'UTC' });
  expect(days.campaigns.map(({ chain }) => chain)).toEqual([undefined, undefined]);
  expect(days.tried).toBe(11);
});

test('text, message, picture and workbook say the same', async () => {
  const found = await report();
  const text = renderText(found, en).replace(/\s+/g, ' ');
  expect(text).toContain('Follow-ups: counting down Campaign: people 14, skipped 4, sent 9, delivered 3, read 1');
  expect(text).toContain(
    '1. after 3 days to those who have not read (again): people 3, left (have read 1), sent 2, delivered 2, read 1, answered 2',
  );
  expect(text).toMatch(/2\. after 3 days [^:]*: due 2026-11-20 12:00:00/);
  expect(text).toContain('Everybody, once: sent 9, delivered 3, read 2, answered 2');
  expect(text).toContain('All messages: sent 11, delivered 5, read 2, answered 3');
  for (const line of renderText(found, en).split('\n')) expect(line.length).toBeLessThanOrEqual(80);

  const message = renderMessage(found, ru);
  expect(message).toContain('<b>Догоны: идёт отсчёт</b>');
  expect(message).toContain('• Всего, каждый один раз: отправлено 9, доставлено 3, прочитано 2, ответили 2');

  const picture = renderChart(found, ru);
  expect(picture.match(/>[\d]+<\/text>/g)?.join()).toContain('>9</text>,>3</text>,>2</text>,>2</text>');
  expect(picture).toContain('1. again');

  const made = renderXlsx(found, async function* () {}, ru);
  if (!made.ok) throw new Error('refused');
  const files = unzip(await buffer(made.value));
  expect(files['xl/workbook.xml']).toMatch(/name="Итоги"[^]*name="Рассылки"[^]*name="Догоны"[^]*name="Получатели"/);
  const sheet = files['xl/worksheets/sheet3.xml']!;
  expect(sheet.match(/<row /g)).toHaveLength(1 + 1 + 2 + 2);
  expect(sheet).toContain('Всего, каждый один раз');
});

test('where nobody is known any more only messages are counted', async () => {
  await db.collection<{ _id: string }>('campaigns').updateOne({ _id: 'first' }, { $set: { forgottenAt: SENT_AT } });
  const { chain } = await report();
  expect(chain).not.toHaveProperty('people');
  expect(chain!.messages.sent).toBe(11);
});
