/** Draws a report as a picture: a bar for each outcome. */
import { readFile } from 'node:fs/promises';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { escapeHtml, shorten } from '../config/text';
import type { DeliveryState } from '../domain/story/delivery';
import type { RangeReportData, ReportData } from './data';
import { createWords, type TextOptions } from './words';

/** Best outcome first. */
const ORDER: DeliveryState[] = [
  'read',
  'delivered',
  'sent',
  'accepted',
  'unknown',
  'failed',
  'sending',
  'queued',
  'skipped',
];
/** Also distinguishable by lightness. */
const COLOURS: Record<DeliveryState, string> = {
  ...{ read: '#1b7f4d', delivered: '#3fae72', sent: '#8fd0ad', accepted: '#c7e6d3', unknown: '#e3b341' },
  ...{ failed: '#c5383c', sending: '#9aa7b8', queued: '#c3ccd8', skipped: '#dfe3e8' },
};

const WIDTH = 900;
const MARGIN = 32;
const LABELS = 200;
const BAR = 30;
const STEP = 46;
const TOP = 124;
/** Room for the count and the share after a bar. */
const BEHIND = 150;
const TITLE_LENGTH = 52;

/** An SVG of the counts. Like in every report, they add up to the audience. */
export function renderChart(report: ReportData | RangeReportData, options: TextOptions): string {
  const { t, word, time, number } = createWords(options);
  const { ledger, countedAt } = report;
  const shown = ORDER.filter((state) => ledger[state] > 0);
  const most = Math.max(1, ...shown.map((state) => ledger[state]));
  const height = TOP + shown.length * STEP + 56;
  const title =
    'campaigns' in report
      ? t('rangeTitle', { from: time(report.from), to: time(report.to), n: report.campaigns.length })
      : report.campaign.name;
  const bars = shown.map((state, at) => {
    const count = ledger[state];
    const [y, width] = [TOP + at * STEP, Math.max(2, ((WIDTH - 2 * MARGIN - LABELS - BEHIND) * count) / most)];
    const middle = y + BAR / 2 + 6;
    const share = `${number(count)}  (${number((count / ledger.total) * 100, 1)} %)`;
    return [
      text(MARGIN, middle, word('deliveryStates', state)),
      `<rect x="${MARGIN + LABELS}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="3" fill="${COLOURS[state]}"/>`,
      text(MARGIN + LABELS + width + 10, middle, share),
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="Roboto" font-size="18" fill="#20262e">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(MARGIN, 48, shorten(title, TITLE_LENGTH), 'font-size="26"'),
    text(MARGIN, 82, `${t('audienceSize')}: ${number(ledger.total)}`, 'fill="#5b6673"'),
    ...bars,
    text(
      MARGIN,
      height - 22,
      t('countedAt', { time: time(countedAt), zone: options.timezone }),
      'font-size="14" fill="#5b6673"',
    ),
    '</svg>',
  ].join('\n');
}

function text(x: number, y: number, content: string, style = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y}" ${style}>${escapeXml(content)}</text>`;
}

/** Removes characters that XML does not allow. */
const escapeXml = (content: string): string =>
  escapeHtml(content.replace(/[\u0000-\u001f\ufffe\uffff]|\p{Surrogate}/gu, ' '));

const FONT = require.resolve('@expo-google-fonts/roboto/400Regular/Roboto_400Regular.ttf');
/** Also sharp on phones. */
const SCALE = 2;

/** Loaded once per process: the module cannot be loaded twice. */
let loaded: Promise<Uint8Array> | undefined;

/** The picture at twice the size of the drawing. Letters missing in Roboto (Chinese, emoji) show as boxes. */
export async function renderPng(svg: string): Promise<Buffer> {
  const font = await (loaded ??= load());
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: SCALE },
    font: { fontBuffers: [font], defaultFontFamily: 'Roboto', loadSystemFonts: false },
  });
  return Buffer.from(picture.render().asPng());
}

async function load(): Promise<Uint8Array> {
  const [program, font] = await Promise.all([
    readFile(require.resolve('@resvg/resvg-wasm/index_bg.wasm')),
    readFile(FONT),
  ]);
  await initWasm(program);
  return font;
}
