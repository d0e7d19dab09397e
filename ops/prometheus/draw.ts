/**
 * Draws the dashboard's panels from a Prometheus' answers, as Grafana would show them, without a Grafana:
 * `npm run ask-prometheus -- http://127.0.0.1:9090 --draw panels.png --minutes 10`.
 */
import { text, box, GREY, LINE } from '../../report/drawing';
import { PANELS, type Panel } from '../grafana/panels';

interface Series {
  name: string;
  /** Unix seconds, value. */
  points: [number, number][];
}
interface RangeAnswer {
  data?: { result: { metric: Record<string, string>; values: [number, string][] }[] };
}

const COLOURS = ['#2f6fde', '#d9534f', '#3c9d5b', '#e0a030', '#7a52b3', '#2aa5a5', '#b0447f', '#7d8794'];
const [WIDTH, HEIGHT, COLUMNS, GAP] = [420, 240, 3, 16];
/** Points of a line. */
const POINTS = 120;
/** Lines of a panel that are drawn and named. */
const MOST_LINES = 5;

/** Rejects when Prometheus does not answer. Panels without a point in these minutes are left out. */
export async function drawPanels(url: string, minutes: number): Promise<string> {
  const end = Date.now() / 1000;
  const range = { start: end - minutes * 60, end };
  const asked = await Promise.all(PANELS.map(async (panel) => ({ panel, series: await seriesOf(url, panel, range) })));
  const shown = asked.filter(({ series }) => series.some(({ points }) => points.length > 1));
  const rows = Math.ceil(shown.length / COLUMNS);
  const [width, height] = [COLUMNS * (WIDTH + GAP) + GAP, rows * (HEIGHT + GAP) + GAP];
  const drawn = shown.map(({ panel, series }, index) => {
    const [x, y] = [GAP + (index % COLUMNS) * (WIDTH + GAP), GAP + Math.floor(index / COLUMNS) * (HEIGHT + GAP)];
    return `<g transform="translate(${x} ${y})">${drawPanel(panel, series, range)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="Roboto">${box(0, 0, width, height, '#f3f5f8', 0)}${drawn.join('')}</svg>`;
}

interface Range {
  start: number;
  end: number;
}

async function seriesOf(url: string, { queries }: Panel, { start, end }: Range): Promise<Series[]> {
  const answers = await Promise.all(
    queries.map(async ({ expr, legend }) => {
      const asked = { query: expr, start: String(start), end: String(end), step: String((end - start) / POINTS) };
      const response = await fetch(`${url}/api/v1/query_range?${new URLSearchParams(asked)}`);
      const { data } = (await response.json()) as RangeAnswer;
      return (data?.result ?? []).map(({ metric, values }) => ({
        name: legend.replace(/\{\{(\w+)\}\}/g, (_all, label: string) => metric[label] ?? ''),
        points: values
          .map(([at, value]): [number, number] => [at, Number(value)])
          .filter(([, value]) => Number.isFinite(value)),
      }));
    }),
  );
  const top = ({ points }: Series): number => Math.max(...points.map(([, value]) => value));
  return answers.flat().filter(({ points }) => points.length > 0).toSorted((a, b) => top(b) - top(a)).slice(0, MOST_LINES); // prettier-ignore
}

function drawPanel({ title, unit }: Panel, series: readonly Series[], { start, end }: Range): string {
  const [left, right, above, below] = [56, 12, 40, 24 + 16 * Math.ceil(series.length / 2)];
  const [w, h] = [WIDTH - left - right, HEIGHT - above - below];
  const most = Math.max(...series.flatMap(({ points }) => points.map(([, value]) => value)), 0) || 1;
  const place = ([at, value]: [number, number]): string =>
    `${(left + ((at - start) / (end - start)) * w).toFixed(1)},${(above + h - (value / most) * h).toFixed(1)}`;
  const grid = [0, 0.5, 1].map((part) => {
    const y = above + h - part * h;
    return `<line x1="${left}" x2="${left + w}" y1="${y}" y2="${y}" stroke="${LINE}"/>${text(left - 6, y + 4, label(part * most, unit), { size: 11, colour: GREY, anchor: 'end' })}`;
  });
  const lines = series.map(
    ({ points }, index) =>
      `<polyline points="${points.map(place).join(' ')}" fill="none" stroke="${COLOURS[index]}" stroke-width="1.6"/>`,
  );
  const legend = series.map(({ name }, index) => {
    const [x, y] = [left + (index % 2) * (w / 2), above + h + 22 + 16 * Math.floor(index / 2)];
    return (
      box(x, y - 8, 10, 8, COLOURS[index]!, 2) + text(x + 14, y, name.slice(0, 30) || '–', { size: 11, colour: GREY })
    );
  });
  const head = text(12, 24, title.length > 52 ? `${title.slice(0, 51)}…` : title, { size: 14, bold: true });
  return [box(0, 0, WIDTH, HEIGHT, '#ffffff'), head, ...grid, ...lines, ...legend].join('');
}

function label(value: number, unit: string): string {
  if (unit === 'percentunit') return `${(value * 100).toFixed(value < 0.1 ? 1 : 0)} %`;
  if (unit === 'bytes') return `${(value / 1e6).toFixed(0)} MB`;
  if (unit === 's') return value < 1 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(1)} s`;
  return value >= 1000 ? `${(value / 1000).toFixed(1)}k` : Number(value.toPrecision(2)).toString();
}
