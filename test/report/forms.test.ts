/** The forms of a report: text in both languages, CSV, list of failures. */
import { parse } from 'papaparse';
import stringWidth from 'string-width';
import { LANGUAGES, translate, type Language } from '../../config/i18n';
import { policyFor } from '../../domain/error-policy';
import { isOwnTrouble } from '../../domain/story/trouble';
import { buildRangeReport, buildReport } from '../../report/build';
import { renderCsv } from '../../report/csv';
import { renderFailedText, renderRangeText, renderText } from '../../report/text';
import type { AudienceSource } from '../../domain/audience';
import type { DeliveryPart } from '../../report/csv';
import { createStore, type Store } from '../../store/connect';
import ruReport from '../../config/locales/ru/report.json';
import { testMongo } from '../support/servers';
import { storeSample } from './sample';

const LONG = 'Очень длинное название рассылки, которое никак не помещается в одну строку отчёта 王王王王王王 🎉🎉🎉';
const ZONE = 'Europe/Moscow';

let store: Store;
beforeAll(async () => {
  const mongo = await testMongo();
  store = await createStore(mongo.db, mongo.close);
  await storeSample(store);
  await storeSample(store, {
    _id: 'long',
    spec: { name: LONG, audienceLabel: 'x'.repeat(200), note: 'For the fair', pace: { spreadMs: 7_200_000 } },
    state: 'failed',
    stateReason: { error: { code: '1003', detail: 'wallet is empty' } },
    createdBy: { kind: 'telegram', id: 4242 },
  });
});
afterAll(() => store.close());

async function text(id: string, language: Language): Promise<string> {
  const result = await buildReport(store, id);
  if (!result.ok) throw new Error(result.refusal.code);
  return renderText(result.value, { language, timezone: ZONE });
}

async function all(pieces: AsyncIterable<string>): Promise<string> {
  let whole = '';
  for await (const piece of pieces) whole += piece;
  return whole;
}

const LIST = { kind: 'list', listId: 'l1' } as const;

function part(id: string, states?: string[], audience: AudienceSource = LIST): DeliveryPart {
  return {
    campaign: { id, name: `@${id}`, audience, sender: 'DemoApp' },
    deliveries: store.deliveries.stream(id, states ? { states } : {}),
  };
}

async function* parts(given: DeliveryPart[]): AsyncGenerator<DeliveryPart> {
  yield* given;
}

const csv = (language: Language, states?: string[]): Promise<string> =>
  all(renderCsv(parts([part('autumn', states)]), { language }));

test('the English text says who, when, how many and why not', async () => {
  const report = await text('autumn', 'en');
  expect(report).toContain('Report on campaign "Autumn "sale""');
  expect(report).toMatch(/Template +promo_autumn \(ru\)/);
  expect(report).toMatch(/Started +2026-11-20 11:59:59/);
  expect(report).toMatch(/\n  Sent +9 +64\.3 % +100 %\n/);
  expect(report).toMatch(/Delivered +3 +33\.3 % +33\.3 %\n/);
  expect(report).toMatch(/Read +1 +33\.3 % +11\.1 %\n/);
  expect(report).toMatch(/Replied +0 +0 % +0 %\n/);
  expect(report).toMatch(/No delivery receipt yet +2 +22\.2 %\n/);
  expect(report).toMatch(/2 {2}131026 undeliverable.*\[contact\]/);
  expect(report).toMatch(/1 {2}99999 .*"strange new thing" \[contact\]/);
  expect(report).toMatch(/2 {2}invalid phone: line 14 "\+7 900"; line 15 "-12"/);
  expect(report).toContain('+79000000008 no answer in 10 s');
  expect(report).toMatch(/Mean rate +0\.5 messages a second/);
});

test('the Russian text says the same in Russian', async () => {
  const report = await text('long', 'ru');
  expect(report).toMatch(/Заметка +For the fair/);
  expect(report).toMatch(/Скорость +растянуть на 2\sч/);
  expect(report).toContain('Отчёт о рассылке «Очень длинное');
  expect(report).toMatch(/Доставлено +3 +33,3 % +33,3 %/);
  expect(report).toContain('131026 номера нет в WhatsApp');
  expect(report).toMatch(/99999 неизвестная ошибка WhatsApp\s+"strange new thing"/);
  expect(report).toMatch(/Состояние +прервана \(1003: кошелёк Gupshup пуст\)/);
  expect(report).toContain('Telegram ID 4242');
});

test.each(LANGUAGES.flatMap((language) => ['autumn', 'long'].map((id) => [id, language] as const)))(
  'no line of report %s in %s is wider than 80 columns, and none has a missing text',
  async (id, language) => {
    const range = await buildRangeReport(store, { from: new Date(0), to: new Date(), timezone: ZONE });
    const report = (await text(id, language)) + renderRangeText(range, { language, timezone: ZONE });
    for (const line of report.split('\n')) expect([line, stringWidth(line) <= 80]).toEqual([line, true]);
    expect(report).not.toMatch(/report\.|words\.|\{\{/);
  },
);

test('a range names each campaign with its id, then all together', async () => {
  const range = await buildRangeReport(store, {
    from: new Date('2026-11-01'),
    to: new Date('2026-12-01'),
    timezone: ZONE,
  });
  const report = renderRangeText(range, { language: 'en', timezone: ZONE });
  expect(report).toMatch(/\nautumn {2}Autumn "sale"\n {2}2026-11-20 11:59 +9 +3 +1 +0 +3 +1\n/);
  expect(report).toMatch(/In the audience +28/);
});

test('CSV has a row for each delivery in order, and reads back as it was', async () => {
  const file = await csv('en');
  expect(file.startsWith('\uFEFFn,phone,name,from,state,')).toBe(true);
  const { data } = parse<Record<string, string>>(file.slice(1), { header: true, skipEmptyLines: true });
  expect(data.map((row) => row['n'])).toEqual([...Array(14).keys()].map(String));
  expect(data[1]).toMatchObject({ name: 'Ёлка; "Ко"', state: 'delivered', 'message id': 'm1' });
  expect(data[2]).toMatchObject({ name: '王小明', state: 'read', 'read at': '2026-11-20T09:00:09.000Z' });
  expect(data[5]).toMatchObject({ state: 'failed', code: '131026', meaning: policyFor('131026').meaning });
  expect(data[7]).toMatchObject({ code: '99999', meaning: 'strange new thing' });
  expect(data[8]).toMatchObject({ state: 'unknown', code: 'timeout', meaning: 'no answer in 10 s' });
  expect(data[10]).toMatchObject({
    phone: '8 900 000-00-00',
    state: 'skipped',
    'skip reason': 'duplicate',
    sender: '',
  });
  expect(data[1]).toMatchObject({ sender: 'DemoApp' });
});

test('CSV cells that a spreadsheet would run are defused, phones stay as they are', async () => {
  const { data } = parse<Record<string, string>>((await csv('en')).slice(1), { header: true });
  expect(data[0]).toMatchObject({ phone: '+79000000000', name: '\'=HYPERLINK("http://evil")' });
  expect(data[12]).toMatchObject({ phone: '+7 900' }); // it computes nothing, and is kept as it stood
  expect(data[13]).toMatchObject({ phone: "'-12" });
});

test('rows without a number name the lead, with a link to it', async () => {
  const crm = { kind: 'crm' } as const;
  const options = { language: 'en', crmUrl: 'https://shop.amocrm.ru/' } as const;
  const file = await all(renderCsv(parts([part('autumn', ['skipped'], crm)]), options));
  const { data } = parse<Record<string, string>>(file.slice(1), { header: true, skipEmptyLines: true });
  expect(data[1]).toMatchObject({
    phone: '',
    from: 'lead 13',
    'lead in the CRM': 'https://shop.amocrm.ru/leads/detail/13',
  });
  const list = await all(renderFailedText(parts([part('autumn', ['skipped'], crm)]), 'en'));
  expect(list).toMatch(/\n  lead 13 +none/);
});

test('CSV of the failed holds the failed alone; in Russian it has semicolons and Russian headings', async () => {
  const file = await csv('ru', ['failed']);
  const { data } = parse<Record<string, string>>(file.slice(1), { header: true, delimiter: ';', skipEmptyLines: true });
  expect(data.map((row) => row['телефон'])).toEqual(['+79000000005', '+79000000006', '+79000000007']);
  expect(data[0]).toMatchObject({
    состояние: 'не доставлено',
    'что значит': expect.stringContaining('нет в WhatsApp'),
  });
});

test('CSV of several campaigns names the campaign in each row', async () => {
  const both = parts([part('autumn', ['read']), part('long', ['read'])]);
  const file = await all(renderCsv(both, { language: 'en', withCampaign: true }));
  expect(file.split('\r\n').slice(1, 3)).toEqual([
    expect.stringMatching(/^autumn,"'@autumn",2,\+79000000002,/),
    expect.stringMatching(/^long,"'@long",2,\+79000000002,/),
  ]);
});

test('the list of failed deliveries names phone, code and meaning', async () => {
  const list = await all(renderFailedText(parts([part('autumn', ['failed'])]), 'en'));
  expect(list.split('\n').slice(0, 2)).toEqual([
    'Failed deliveries of campaign "@autumn" (autumn)',
    expect.stringMatching(/^ {2}\+79000000005 {5}131026 {2}undeliverable/),
  ]);
});

test('every Russian meaning belongs to a code that the error policy knows', () => {
  const unknown = policyFor('none');
  const keys = Object.keys(ruReport.meanings).filter((key) => key !== 'none' && !isOwnTrouble(key));
  const codes = keys.flatMap((key) => key.split('-'));
  expect(codes.filter((code) => policyFor(code) === unknown)).toEqual([]);
  expect(translate('ru', 'report.meanings.131026')).toContain('WhatsApp');
});
