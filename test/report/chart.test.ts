/** The picture of a report: what stands in it, and that it is a PNG of the right size. */
import { imageSize } from 'image-size';
import { buildReport } from '../../report/build';
import { renderChart, renderPng } from '../../report/chart';
import type { ReportData } from '../../report/data';
import { createStore, type Store } from '../../store/connect';
import { testMongo } from '../support/servers';
import { storeSample } from './sample';

let store: Store;
let report: ReportData;
beforeAll(async () => {
  const mongo = await testMongo();
  store = await createStore(mongo.db, mongo.close);
  await storeSample(store, { spec: { name: 'Осень & <зима> \u0000\ud83d' } });
  report = ((await buildReport(store, 'autumn')) as { value: ReportData }).value;
});
afterAll(() => store.close());

test('every count has a bar, and they add up to the audience', () => {
  const svg = renderChart(report, { language: 'ru', timezone: 'Europe/Moscow' });
  const counts = [...svg.matchAll(/>(\d+) {2}\(/g)].map(([, count]) => Number(count));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(report.ledger.total);
  expect(svg).toContain('Осень &amp; &lt;зима&gt;');
  expect(svg).toContain('Europe/Moscow');
});

test('it becomes a PNG of twice the size, with letters in it', async () => {
  const png = await renderPng(renderChart(report, { language: 'ru', timezone: 'Europe/Moscow' }));
  const { type, width } = imageSize(png);
  expect({ type, width }).toEqual({ type: 'png', width: 1800 });
  // Without its letters the picture is a fraction of this.
  const bare = await renderPng(
    renderChart(report, { language: 'ru', timezone: 'Europe/Moscow' }).replace(/<text[^]*?<\/text>/g, ''),
  );
  expect(png.length).toBeGreaterThan(2 * bare.length);
});

test('a campaign without anybody is a picture too', async () => {
  const ledger = Object.fromEntries(
    Object.keys(report.ledger).map((key) => [key, 0]),
  ) as unknown as ReportData['ledger'];
  const svg = renderChart({ ...report, ledger }, { language: 'en', timezone: 'UTC' });
  expect(svg).not.toMatch(/NaN|Infinity/);
  expect(imageSize(await renderPng(svg)).width).toBe(1800);
});
