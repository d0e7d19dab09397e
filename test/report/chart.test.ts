/** The picture of a report: what stands in it, and that it is a PNG of the right size. */
import { imageSize } from 'image-size';
import { buildReport } from '../../report/build';
import { deliveryFunnel } from '../../domain/delivery-funnel';
import { renderChart } from '../../report/chart';
import { renderPng } from '../../report/png';
import type { ReportData } from '../../report/data';
import { createStore, type Store } from '../../store/connect';
import { testMongo } from '../support/servers';
import { storeSample } from './sample';

/** The memory of the module that draws, which Node's own figures do not show. */
let drawingMemory: { buffer: ArrayBuffer } | undefined;
const wasm = (globalThis as unknown as { WebAssembly: { instantiate: (...given: unknown[]) => Promise<unknown> } })
  .WebAssembly;
const instantiate = wasm.instantiate;
wasm.instantiate = async (...given) => {
  const made = (await instantiate(...given)) as { instance: { exports: { memory: { buffer: ArrayBuffer } } } };
  drawingMemory = made.instance.exports.memory;
  return made;
};

let store: Store;
let report: ReportData;
beforeAll(async () => {
  const mongo = await testMongo();
  store = await createStore(mongo.db, mongo.close);
  await storeSample(store, { spec: { name: 'Осень & <зима> \u0000\ud83d' } });
  report = ((await buildReport(store, 'autumn')) as { value: ReportData }).value;
});
afterAll(() => store.close());

test('it has the funnel, the rest of the audience, the timeline and the reasons, counted as everywhere', () => {
  const svg = renderChart(report, { language: 'ru', timezone: 'Europe/Moscow' });
  const shown = [...svg.matchAll(/<text [^>]*>([^<]*)</g)].map(([, text]) => text!);
  for (const [step, count] of [
    ['Отправлено', '9'],
    ['Доставлено', '3'],
    ['Прочитано', '1'],
    ['Ответили', '0'],
  ] as const) {
    expect(shown[shown.indexOf(step) + 1]).toBe(count);
  }
  expect(shown).toContain('33,3 % доставленных · 11,1 % отправленных');
  const rest = shown.find((text) => text.startsWith('В аудитории'))!;
  expect(rest).toMatch(/^В аудитории: 14 · Ещё без отчёта о доставке: 2 ·/);
  expect(svg.match(/<polyline /g)).toHaveLength(3);
  expect(svg).toContain('Не доставлено: 3');
  expect(svg).toContain('Пропущено: 4');
  expect(svg).toContain('Осень &amp; &lt;зима&gt;');
  expect(svg).toContain('Москва');
});

test('it becomes a PNG of twice the size, with letters in it', async () => {
  const png = await renderPng(renderChart(report, { language: 'ru', timezone: 'Europe/Moscow' }));
  const { type, width } = imageSize(png);
  expect({ type, width }).toEqual({ type: 'png', width: 1440 });
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
  const funnel = deliveryFunnel(ledger, 0);
  const { timeline: _, ...rest } = report;
  const svg = renderChart({ ...rest, ledger, funnel, failures: [], skips: [] }, { language: 'en', timezone: 'UTC' });
  expect(svg).not.toMatch(/NaN|Infinity/);
  expect(imageSize(await renderPng(svg)).width).toBe(1440);
});

test('a picture gives back all the memory that it took', async () => {
  const svg = renderChart(report, { language: 'ru', timezone: 'Europe/Moscow' });
  await renderPng(svg);
  const before = drawingMemory!.buffer.byteLength;
  for (let n = 0; n < 20; n++) await renderPng(svg);
  // Without giving back each picture would keep 1 to 2 MB.
  expect(drawingMemory!.buffer.byteLength - before).toBeLessThan(4_000_000);
});
