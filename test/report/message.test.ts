/** The report as Telegram's message: complete, short enough, readable without columns. */
import { LANGUAGES, type Language } from '../../config/i18n';
import type { ReportData } from '../../report/data';
import { buildReport } from '../../report/build';
import { renderMessage } from '../../report/message';
import { renderText } from '../../report/text';
import { emptyLedger } from '../../domain/story/ledger';
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
  renderMessage(report, { language, timezone: 'Europe/Moscow' });

/** As Telegram counts: after the markup is read. */
const shownLength = (html: string): number =>
  html.replace(/<\/?(b|i|code)>/g, '').replace(/&(lt|gt|amp);/g, '.').length;

test('says who, when, how many and why not, and balances', async () => {
  const html = message(await data());
  expect(html).toContain('✅ <b>Report on campaign "Autumn "sale""</b>\n<i>promo_autumn (ru) · clients.csv</i>');
  expect(html).toContain('2026-11-20 11:59:59 → 2026-11-20 12:10:00');
  expect(html).toContain(
    'In the audience: <b>14</b>\nSent: <b>9</b> · 64.3 % of the audience\n▸ Delivered: <b>3</b> · 33.3 % of sent\n▸ Read: <b>1</b> · 33.3 % of delivered · 11.1 % of sent\n▸ Replied: <b>0</b> · 0 % of read · 0 % of sent\n',
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
