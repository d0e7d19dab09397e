/** The workbook, opened again: its sheets, what stands in them, and that no content breaks it. */
import { buildRangeReport, buildReport } from '../../report/build';
import type { CsvPart } from '../../report/csv';
import type { ReportData } from '../../report/data';
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

function parts(ids: string[], states?: string[]): CsvPart[] {
  return ids.map((id) => ({
    campaign: { id, name: id },
    deliveries: store.deliveries.stream(id, states ? { states } : {}),
  }));
}

async function workbook(states?: string[]): Promise<Record<string, string>> {
  const report = await buildReport(store, 'autumn');
  if (!report.ok) throw new Error('refused');
  const made = await renderXlsx(report.value, parts(['autumn'], states), OPTIONS);
  if (!made.ok) throw new Error('refused');
  return unzip(made.value);
}

const rowsOf = (sheet: string): number => sheet.match(/<row /g)?.length ?? 0;

test('has the counts and every delivery, a header that stays, columns with widths', async () => {
  const files = await workbook();
  expect(files['xl/workbook.xml']).toMatch(/name="Итоги"[^]*name="Получатели"/);
  const [summary, deliveries] = [files['xl/worksheets/sheet1.xml']!, files['xl/worksheets/sheet2.xml']!];
  expect(rowsOf(deliveries)).toBe(1 + 14);
  expect(deliveries).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/);
  expect(deliveries.match(/<col /g)).toHaveLength(14);
  const texts = `${files['xl/sharedStrings.xml'] ?? ''}${summary}${deliveries}`;
  for (const text of ['Осень &amp; &lt;зима&gt;', 'Доставлено', '+79000000000', '131026', 'телефон']) {
    expect(texts).toContain(text);
  }
});

test('what looks like a formula is text', async () => {
  const files = await workbook();
  expect(files['xl/worksheets/sheet2.xml']).not.toContain('<f>');
  expect(Object.values(files).join('')).toContain('=HYPERLINK(');
});

test('times are those of the clock in the zone', async () => {
  const { 'xl/worksheets/sheet2.xml': sheet = '' } = await workbook();
  // 2026-11-20 12:00 in Moscow, counted in days from 1899-12-30: 46346.5.
  expect(sheet).toContain('<v>46346.5</v>');
});

test('only the failed ones, if so wanted', async () => {
  expect(rowsOf((await workbook(['failed']))['xl/worksheets/sheet2.xml']!)).toBe(1 + 3);
});

test('several campaigns stand in one sheet, each row with its own', async () => {
  await storeSample(store, { _id: 'winter', spec: { name: 'Winter' } });
  const report = await buildRangeReport(store, { from: new Date('2026-11-20'), to: new Date('2026-11-21') });
  const made = await renderXlsx(report, parts(['autumn', 'winter']), OPTIONS);
  const files = unzip((made as { value: Buffer }).value);
  expect(rowsOf(files['xl/worksheets/sheet2.xml']!)).toBe(1 + 28);
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
  const report = await buildReport(store, 'odd');
  const made = await renderXlsx((report as { value: ReportData }).value, parts(['odd']), OPTIONS);
  const all = Object.values(unzip((made as { value: Buffer }).value)).join('');
  expect(all).toContain('>ABя');
  expect(all).not.toMatch(/[\u0000\u000b\ufffd]/);
  expect(Math.max(...(all.match(/я+/g) ?? []).map((text) => text.length))).toBeLessThan(32_768);
});
