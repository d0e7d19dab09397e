/** Makes ops/grafana/bobcofer.json, a dashboard for Grafana 10 or newer: `npm run dashboard`. A test holds that it is up to date. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Panel, ROWS } from './panels';

const [COLUMNS, WIDTH, HEIGHT] = [24, 8, 8];
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

export const DASHBOARD_FILE = join(__dirname, 'bobcofer.json');

/** The file's text. */
export function dashboard(): string {
  const panels: object[] = [];
  let [x, y, id] = [0, 0, 1];
  for (const { title, panels: ofRow } of ROWS) {
    panels.push({ id: id++, type: 'row', title, collapsed: false, gridPos: { x: 0, y, w: COLUMNS, h: 1 }, panels: [] });
    [x, y] = [0, y + 1];
    for (const panel of ofRow) {
      if (x + WIDTH > COLUMNS) [x, y] = [0, y + HEIGHT];
      panels.push(panelOf(panel, id++, { x, y, w: WIDTH, h: HEIGHT }));
      x += WIDTH;
    }
    y += HEIGHT;
  }
  const whole = {
    uid: 'bobcofer',
    title: 'Bobcofer',
    tags: ['bobcofer'],
    timezone: 'browser',
    schemaVersion: 39,
    refresh: '10s',
    time: { from: 'now-1h', to: 'now' },
    templating: {
      list: [{ name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus', hide: 0 }],
    },
    panels,
  };
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}

function panelOf({ title, unit, queries, stat, help }: Panel, id: number, gridPos: object): object {
  return {
    id,
    type: stat ? 'stat' : 'timeseries',
    title,
    ...(help && { description: help }),
    datasource: DATASOURCE,
    gridPos,
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    options: stat
      ? { reduceOptions: { calcs: ['lastNotNull'] } }
      : { legend: { displayMode: 'list', placement: 'bottom' } },
    targets: queries.map(({ expr, legend }, at) => ({
      refId: String.fromCharCode(65 + at),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
    })),
  };
}

if (require.main === module) writeFileSync(DASHBOARD_FILE, dashboard());
