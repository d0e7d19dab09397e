/**
 * Asks a Prometheus each query of the dashboard and each alert rule, and prints what it answered:
 * `npm run ask-prometheus -- http://127.0.0.1:9090`. Exit 1 when a query is refused, or a panel shows nothing. With
 * `--draw panels.png [--minutes 10]` it draws the panels instead (draw.ts).
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { renderPng } from '../../report/png';
import { PANELS } from '../grafana/panels';
import { drawPanels } from './draw';

/** How a query was answered: so many series, with the greatest value among them; or why not. */
export interface Asked {
  panel: string;
  expr: string;
  series: number;
  most?: number;
  error?: string;
}

interface QueryAnswer {
  status: string;
  error?: string;
  data?: { result: { value: [number, string] }[] };
}

/** `url`: of Prometheus. Rejects when it does not answer. */
export async function askPanels(url: string): Promise<Asked[]> {
  const asked = PANELS.flatMap(({ title, queries }) => queries.map(({ expr }) => ({ panel: title, expr })));
  return Promise.all(asked.map((one) => ask(url, one)));
}

async function ask(url: string, one: { panel: string; expr: string }): Promise<Asked> {
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: one.expr })}`);
  const { status, error, data } = (await response.json()) as QueryAnswer;
  if (status !== 'success') return { ...one, series: 0, error: error ?? `HTTP ${response.status}` };
  const values = (data?.result ?? []).map(({ value }) => Number(value[1])).filter(Number.isFinite);
  return { ...one, series: data?.result.length ?? 0, ...(values.length > 0 && { most: Math.max(...values) }) };
}

async function main(): Promise<void> {
  const options = { draw: { type: 'string' }, minutes: { type: 'string', default: '10' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [url = 'http://127.0.0.1:9090'] = positionals;
  if (values.draw) {
    writeFileSync(values.draw, await renderPng(await drawPanels(url, Number(values.minutes))));
    return;
  }
  const asked = await askPanels(url);
  for (const { panel, expr, series, most, error } of asked)
    process.stdout.write(
      `${error ? 'REFUSED' : series === 0 ? 'EMPTY' : 'ok'}\t${panel}\t${series}\t${most ?? ''}\t${error ?? expr}\n`,
    );
  if (asked.some(({ series, error }) => error !== undefined || series === 0)) process.exitCode = 1;
}

if (require.main === module) void main();
