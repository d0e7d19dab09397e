/** The workbook, opened again: its sheets, what stands in them, and that no content breaks it. */
import { buildRangeReport, buildReport } from '../../report/build';
import { buffer } from 'node:stream/consumers';
import type { RangeReportData, ReportData } from '../../report/data';
import { deliveryParts } from '../../report/parts';
import { renderXlsx } from '../../report/xlsx';
import { createStore, type Store } from '../../store/connect';
import { testMongo } from '../support/servers';
import { unzip } from '../support/workbook';
import { sampleCampaign, storeSample } from './sample';

let store: Store;
beforeAll(async () => {
  const mongo = await testMongo();
  store = await createStore(mongo.db, mongo.close);
  await storeSample(store, { spec: { name: 'Осень & <зима>' } });
});
afterAll(() => store.close());

const OPTIONS = { language: 'ru', timezone: 'Europe/Moscow' } as const;

async function bytes(
  report: ReportData | RangeReportData,
  options: Partial<Parameters<typeof renderXlsx>[2]> = {},
): Promise<Buffer> {
  const made = renderXlsx(report, (which) => deliveryParts(store, report, which), { ...OPTIONS, ...options });
  if (!made.ok) throw new Error('refused');
  return buffer(made.value);
}

async function reportOf(id: string): Promise<ReportData> {
  const report = await buildReport(store, id);
  if (!report.ok) throw new Error('refused');
  return report.value;
}

const workbook = async (options: Parameters<typeof bytes>[1] = {}): Promise<Record<string, string>> =>
  unzip(await bytes(await reportOf('autumn'), options));

const sheet = (files: Record<string, string>, at: number): string => files[`xl/worksheets/sheet${at}.xml`]!;

const rowsOf = (sheet: string): number => sheet.match(/<row /g)?.length ?? 0;

test('has the counts and every delivery, a header that stays, columns with widths', async () => {
  const files = await workbook();
  expect(files['xl/workbook.xml']).toMatch(
    /name="Итоги"[^]*name="Рассылки"[^]*name="Получатели"[^]*name="Не доставлено"/,
  );
  const [summary, deliveries] = [sheet(files, 1), sheet(files, 3)];
  expect(rowsOf(sheet(files, 2))).toBe(1 + 1);
  expect(rowsOf(sheet(files, 4))).toBe(1 + 3);
  expect(sheet(files, 4)).toContain('исключите эти номера');
  expect(deliveries).toContain('<autoFilter ref="A1:P15"/>');
  expect(rowsOf(deliveries)).toBe(1 + 14);
  expect(deliveries).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/);
  expect(deliveries.match(/<col /g)).toHaveLength(16);
  const texts = `${summary}${deliveries}`;
  for (const text of ['Осень &amp; &lt;зима&gt;', 'Доставлено', '+79000000000', '131026', 'телефон']) {
    expect(texts).toContain(text);
  }
});

test('what looks like a formula is text', async () => {
  const files = await workbook();
  expect(Object.values(files).join('')).not.toContain('<f>');
  expect(Object.values(files).join('')).toContain('=HYPERLINK(');
});

test('times are those of the clock in the zone', async () => {
  const deliveries = sheet(await workbook(), 3);
  // 2026-11-20 12:00 in Moscow, counted in days from 1899-12-30: 46346.5.
  expect(deliveries).toContain('<v>46346.5</v>');
});

test('only the failed ones, if so wanted', async () => {
  const files = await workbook({ failed: true });
  expect(files['xl/workbook.xml']).not.toContain('Получатели');
  expect(rowsOf(sheet(files, 3))).toBe(1 + 3);
});

test('several campaigns stand in one sheet, each row with its own', async () => {
  await storeSample(store, { _id: 'winter', spec: { name: 'Winter' } });
  const report = await buildRangeReport(store, {
    from: new Date('2026-11-20'),
    to: new Date('2026-11-21'),
    timezone: 'UTC',
  });
  const files = unzip(await bytes(report));
  // Counts, campaigns, days, templates, deliveries, failed.
  expect([1, 2, 3, 4, 5, 6].map((at) => rowsOf(sheet(files, at))).slice(1)).toEqual([
    1 + 2,
    1 + 1,
    1 + 1,
    1 + 28,
    1 + 6,
  ]);
  expect(Object.values(files).join('')).toContain('Winter');
});

test('control characters and half an emoji do not break the file', async () => {
  await store.campaigns.insert(sampleCampaign({ _id: 'odd', spec: { name: 'odd' } }));
  await store.deliveries.freeze('odd', [
    {
      n: 0,
      state: 'queued',
      phone: '+79000000001',
      name: `A\u0000\u000b\ud83dB${'я'.repeat(40_000)}`,
      origin: '1',
      params: [],
    },
  ]);
  const all = Object.values(unzip(await bytes(await reportOf('odd')))).join('');
  expect(all).toContain('>ABя');
  expect(all).not.toMatch(/[\u0000\u000b\ufffd]/);
  expect(Math.max(...(all.match(/я+/g) ?? []).map((text) => text.length))).toBeLessThan(32_768);
});

test('a lead is a link to it; what is none stays text', async () => {
  await storeSample(store, { _id: 'leads', spec: { audience: { kind: 'crm', pipelineId: 1 } } });
  const files = unzip(await bytes(await reportOf('leads'), { crmUrl: 'https://shop.amocrm.ru' }));
  expect(sheet(files, 3)).toContain(
    '<f>HYPERLINK(&quot;https://shop.amocrm.ru/leads/detail/2&quot;,&quot;сделка 2&quot;)</f><v>сделка 2</v>',
  );
  expect(Object.values(await workbook({ crmUrl: 'https://shop.amocrm.ru' })).join('')).not.toContain('<f>');
});

test('more than fits a sheet is refused by the count', async () => {
  const report = await reportOf('autumn');
  const huge = { ...report, ledger: { ...report.ledger, total: 1_048_576 } };
  const none = async function* (): AsyncGenerator<never> {};
  expect(renderXlsx(huge, none, OPTIONS)).toEqual({
    ok: false,
    refusal: { code: 'report_too_large', values: { limit: 1_048_575 } },
  });
});

test('an error of the rows is an error of the stream', async () => {
  const made = renderXlsx(await reportOf('autumn'), () => broken(), OPTIONS);
  if (!made.ok) throw new Error('refused');
  await expect(buffer(made.value)).rejects.toThrow('the database went away');

  async function* broken(): AsyncGenerator<never> {
    throw new Error('the database went away');
  }
});
