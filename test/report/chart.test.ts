/** The picture of a report: what stands in it, and that it is a PNG of the right size. */
import { imageSize } from 'image-size';
import { buildReport } from '../../report/build';
import { LANGUAGES } from '../../config/i18n';
import { deliveryFunnel } from '../../domain/delivery-funnel';
import { emptyLedger, type Ledger } from '../../domain/story/ledger';
import { renderChart } from '../../report/chart';
import { renderMessage } from '../../report/message';
import { renderPng } from '../../report/png';
import { renderText } from '../../report/text';
import type { Cell } from '../../report/workbook';
import { createWords } from '../../report/words';
import { summarySheet } from '../../report/xlsx-summary';
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
  expect(rest).toMatch(/^В аудитории: 14 · Ещё без отчёта о доставке: 2$/);
  expect(svg.match(/<polyline /g)).toHaveLength(3);
  expect(svg).toContain('Не доставлено: 3');
  expect(svg).toContain('Пропущено: 4');
  expect(svg).toContain('Осень &amp; &lt;зима&gt;');
  expect(svg).toContain('Москва');
});

const ledgerOf = (parts: Partial<Ledger>): Ledger => {
  const ledger = { ...emptyLedger(), ...parts };
  return { ...ledger, total: Object.values(parts).reduce((sum, count) => sum + count, 0) };
};

test.each<[what: string, ledger: Ledger, replied: number]>([
  [
    'of every kind',
    ledgerOf({ delivered: 61, read: 37, failed: 23, unknown: 2, skipped: 11, accepted: 3, sent: 4, queued: 5 }),
    7,
  ],
  ['all read, all answered', ledgerOf({ read: 12 }), 12],
  ['nobody reached', ledgerOf({ failed: 19 }), 0],
  ['nobody sent to', ledgerOf({ skipped: 8 }), 0],
  ['answers of people who hide that they read', ledgerOf({ delivered: 9, read: 1 }), 4],
  ['of thousands', ledgerOf({ delivered: 61_000, read: 37_123, skipped: 1_100 }), 7_001],
])('text, message, picture and workbook say the same numbers: %s', (_what, ledger, replied) => {
  const tried = ledger.total - ledger.skipped - ledger.queued - ledger.sending;
  const counted: ReportData = {
    ...report,
    ledger,
    tried,
    replied,
    funnel: deliveryFunnel(ledger, replied),
    failures: [],
    skips: [],
  };
  for (const language of LANGUAGES) {
    const words = createWords({ language, timezone: 'UTC' });
    const plain = (text: string): string => text.replace(/<\/?\w+>/g, '').replace(/[\u00a0\u202f]/g, ' ');
    const [text, message] = [renderText, renderMessage].map((render) => plain(render(counted, words)));
    const drawn = [...renderChart(counted, words).matchAll(/<text [^>]*>([^<]*)</g)].map(([, one]) => plain(one!));
    const rows = [...(summarySheet(counted, words).rows() as Iterable<readonly Cell[]>)];
    for (const { step, count } of counted.funnel) {
      const label = words.t(`funnel.${step}`);
      const number = words.number(count);
      expect(text).toMatch(new RegExp(`\\n +${label} +${number}(?: |\\n)`));
      if (tried > 0) expect(message).toMatch(new RegExp(`${label}: ${number}(?: ·|\\n|$)`));
      expect(drawn[drawn.indexOf(label) + 1]).toBe(number);
      const row = rows.find(([head]) => typeof head === 'object' && 'label' in head && head.label === label);
      expect(row?.[1]).toBe(count);
    }
    // What is a share in one is the same in the others.
    const shown = counted.funnel.filter(({ count, ofBefore }) => count > 0 && ofBefore !== undefined && ofBefore < 1);
    for (const { step, ofBefore } of shown) {
      const share = words.t(`share.${step}`, { share: words.number(ofBefore! * 100, 1) });
      expect(message).toContain(share);
      expect(drawn.some((one) => one.startsWith(share))).toBe(true);
    }
  }
});

test("a vendor's words of an unknown code do not stand in a picture in another language", () => {
  const failures = [{ ...report.failures[0]!, code: '999999', detail: 'a code nobody documents' }];
  const svg = renderChart({ ...report, failures }, { language: 'ru', timezone: 'UTC' });
  expect(svg).toContain('неизвестная ошибка WhatsApp (999999)');
  expect(svg).not.toContain('nobody documents');
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
