/** The report as Telegram's message: complete, short enough, readable without columns. */
import { LANGUAGES, type Language } from '../../config/i18n';
import type { ReportData } from '../../report/data';
import { buildReport } from '../../report/build';
import { renderMessage } from '../../report/message';
import { renderText } from '../../report/text';
import type { CostEstimate } from '../../domain/cost';
import { deliveryFunnel } from '../../domain/delivery-funnel';
import { emptyLedger, type Ledger } from '../../domain/story/ledger';
import { createStore, type Store } from '../../store/connect';
import { testMongo } from '../support/servers';
import { storeSample } from './sample';

let store: Store;
beforeAll(async () => {
  const mongo = await testMongo();
  store = await createStore(mongo.db, mongo.close);
  await storeSample(store);
});
afterAll(() => store.close());

async function data(): Promise<ReportData> {
  const report = await buildReport(store, 'autumn');
  if (!report.ok) throw new Error(report.refusal.code);
  return report.value;
}

const message = (report: ReportData, language: Language = 'en'): string =>
  renderMessage(report, { language, timezone: 'Europe/Moscow' }).replaceAll('\u00a0', ' ');

/** As Telegram counts: after the markup is read. */
const shownLength = (html: string): number =>
  html.replace(/<\/?(b|i|code)>/g, '').replace(/&(lt|gt|amp);/g, '.').length;

test('says who, when, how many and why not, and balances', async () => {
  const html = message(await data());
  expect(html).toContain('✅ <b>Report on campaign "Autumn "sale""</b>\n<i>promo_autumn (ru) · clients.csv</i>');
  expect(html).toContain('2026-11-20 11:59:59 → 12:10:00\n16 s, 0.5 messages a second');
  expect(html).toContain(
    'In the audience: <b>14</b>\nSent: <b>9</b> · 64.3 % of the audience\n▸ Delivered: <b>3</b> · 33.3 % of sent\n▸ Read: <b>1</b> · 33.3 % of delivered · 11.1 % of sent\n▸ Replied: <b>0</b>\n',
  );
  expect(html).toContain('No delivery receipt yet: <b>2</b> · 22.2 % of sent\nFailed: <b>3</b> · 33.3 % of sent\n');
  expect(html).toContain(
    'No answer from Gupshup: <b>1</b> · 11.1 % of sent\nSkipped: <b>4</b>\nNot sent yet: <b>1</b>',
  );
  expect(html).toMatch(/• 2 × undeliverable.* \(<code>131026<\/code>\)/);
  expect(html).toContain('• 1 × unknown WhatsApp error (<code>99999</code>)');
  expect(html).toContain('• 2 × invalid phone (for example line 14)');
  expect(html).toContain('These are never resent automatically');
});

test.each<[what: string, change: (report: ReportData) => Partial<ReportData>, expected: RegExp | string]>([
  [
    'ends another day',
    ({ campaign }) => ({ campaign: { ...campaign, endedAt: new Date('2026-11-21T09:00:00Z') } }),
    '2026-11-20 11:59:59 → 2026-11-21 12:00:00',
  ],
  ['goes on', ({ campaign }) => ({ campaign: { ...campaign, endedAt: undefined as never } }), /11:59:59\n/],
  [
    'was too short for a rate',
    () => ({ durationSeconds: 0.4, meanRatePerSecond: undefined as never }),
    /12:10:00\n0\.4 s\n/,
  ],
  [
    'delivered all: the share of what was read is said once',
    () => ({ funnel: deliveryFunnel({ ...emptyLedger(), total: 4, delivered: 3, read: 1 }, 0) }),
    '▸ Read: <b>1</b> · 25 % of delivered\n▸ Replied: <b>0</b>\n',
  ],
])('a campaign that %s', async (_what, change, expected) => {
  const report = await data();
  expect(message({ ...report, ...change(report) })).toMatch(expected);
});

const usd = (from: number, to = from): CostEstimate => ({
  currency: 'USD', from, to, pricesOf: '2026-04-01', unpriced: from === to ? [] : [{ country: 'RU', people: 9 }],
}); // prettier-ignore
const over = { ...emptyLedger(), total: 9, failed: 9 };

test.each<[what: string, ledger: Ledger, spent: CostEstimate, en: string, ru: string]>([
  [
    'may still cost',
    { ...emptyLedger(), total: 9, accepted: 9 },
    usd(0),
    'Spent $0.00; $3.02–$40.82 if all are delivered',
    'Потрачено 0,00 $; если доставят всем, выйдет 3,02–40,82 $',
  ],
  [
    'has a queue',
    { ...emptyLedger(), total: 9, delivered: 8, queued: 1 },
    usd(1),
    'Spent $1.00; $3.02–$40.82 if all are delivered',
    'Потрачено 1,00 $; если доставят всем',
  ],
  [
    'reached nobody',
    over,
    usd(0),
    'Spent $0.00; the forecast was $3.02–$40.82',
    'Потрачено 0,00 $, прогноз был 3,02–40,82 $',
  ],
  [
    'came to the forecast',
    { ...over, failed: 0, delivered: 9 },
    usd(3.02, 40.82),
    'Spent $3.02–$40.82, as forecast',
    'Потрачено 3,02–40,82 $, как в прогнозе',
  ],
])('what one that %s has cost', async (_what, ledger, spent, en, ru) => {
  const report = { ...(await data()), ledger, cost: { spent, estimated: usd(3.02, 40.82) } };
  const html = message(report);
  expect(html).toContain(en);
  expect(message(report, 'ru')).toContain(ru);
  // Why a sum is wide is said of the sum that counts.
  const counts = /if all are/.test(en) ? report.cost.estimated : spent;
  expect(/Wide because/.test(html)).toBe(counts.from < counts.to);
});

test('a number and its sign stay on one line', async () => {
  expect(renderMessage(await data(), { language: 'ru', timezone: 'UTC' })).not.toMatch(/\d %/);
});

test('the Russian one is Russian throughout', async () => {
  const html = message(await data(), 'ru');
  expect(html).toContain('Состояние: <b>завершена</b>');
  expect(html).toContain('• 2 × неверный телефон (например, строка 14)');
  expect(html).toContain(
    '• 2 × номера нет в WhatsApp, старое приложение или нас заблокировали (<code>131026</code>)\n  → исключите эти номера: сообщения на них не доходят',
  );
});

test('no phone number is in it', async () => {
  const report = await data();
  for (const language of LANGUAGES) expect(message(report, language)).not.toMatch(/900000|8 900|\+7/);
});

test('the longest one fits a Telegram message, and its markup stays whole', async () => {
  const report = await data();
  const long = '<&> '.repeat(200);
  const failures = Array.from({ length: 60 }, (_, n) => ({
    code: `9${n}`,
    count: 1_000_000,
    meaning: long,
    family: 'contact',
    advice: 'account' as const,
    detail: long,
  }));
  const longest: ReportData = {
    ...report,
    campaign: {
      ...report.campaign,
      name: long,
      audienceLabel: long,
      state: 'failed',
      stateReason: { error: { code: '1003', detail: long } },
    },
    failures,
    skips: [{ reason: 'invalid_phone', count: 9, examples: [{ source: 'list', origin: long, value: long }] }],
  };
  for (const language of LANGUAGES) {
    const html = message(longest, language);
    expect(shownLength(html)).toBeLessThan(4096);
    expect(html.replace(/<\/?(b|i|code)>/g, '')).not.toMatch(/[<>]|&(?!(lt|gt|amp);)/);
    expect(html).toContain(language === 'ru' ? '… и ещё 54' : '… and 54 more');
  }
});

test('of several senders it says what each had', async () => {
  const ledger = { ...emptyLedger(), total: 7, delivered: 4, read: 1, accepted: 2 };
  const report = { ...(await data()), bySender: [{ key: 'ShopOne', ledger, tried: 7 }] };
  expect(message(report)).toContain('<b>By sender</b>\n• ShopOne: ');
  expect(message(report, 'ru')).toContain('<b>По отправителям</b>\n• ShopOne: ');
  const text = renderText(report, { language: 'en', timezone: 'UTC' });
  expect(text).toMatch(/By sender.*\n +ShopOne +7 +5 +1/);
});
