/**
 * The roles as processes, asked by a real Prometheus while a campaign runs: every series that dashboard and rules name is
 * there, every panel's query is answered, every rule can be evaluated, and no label holds anything of a person.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { startStack, type Stack } from '../../local/stack';
import { PANELS } from '../../ops/grafana/panels';
import { askPanels } from '../../ops/prometheus/ask';
import { drawPanels } from '../../ops/prometheus/draw';
import { renderPng } from '../../report/png';
import { ordinaryPhones } from '../../sandbox/ordinary-phones';
import { freePort } from '../support/health';
import { prometheusPrograms } from '../support/prometheus';
import { testMongo, testTemporalAddress, waitFor } from '../support/servers';
import { newNamespace } from './namespace';

const ROOT = resolve(__dirname, '../..');
const RULES = join(ROOT, 'ops/prometheus/alerts.yml');
const PEOPLE = 120;

const home = mkdtempSync(join(tmpdir(), 'bobcofer-observed-'));
const closers: (() => Promise<unknown>)[] = [];
let stack: Stack;
let prometheus: ChildProcess | undefined;
let url = '';
let namespace = '';

beforeAll(async () => {
  const mongo = await testMongo();
  namespace = await newNamespace();
  closers.push(() => mongo.close());
  const settings = {
    TEMPORAL_ADDRESS: testTemporalAddress(),
    TEMPORAL_NAMESPACE: namespace,
    MONGODB_URI: mongo.uri,
  };
  stack = await startStack({ home, env: settings, report: () => undefined, sandboxSpeed: 100 });
  const programs = prometheusPrograms();
  if (programs) {
    url = `http://127.0.0.1:${await freePort()}`;
    writeFileSync(join(home, 'prometheus.yml'), prometheusFile());
    prometheus = spawn(
      programs.prometheus,
      [
        ...[`--config.file=${join(home, 'prometheus.yml')}`, `--storage.tsdb.path=${join(home, 'prometheus')}`],
        ...[`--web.listen-address=${new URL(url).host}`, '--log.level=error'],
      ],
      { stdio: 'ignore' },
    );
  }
  writeFileSync(join(home, 'people.csv'), ['phone', ...ordinaryPhones(PEOPLE)].join('\n'));
  const create = ['campaign', 'create', '--name', 'Observed', '--template', 'showroom_invitation'];
  await cli(...create, '--contacts', join(home, 'people.csv'), '--start', '--json');
  await waitFor(async () => (await series('worker')).includes(`outcome="accepted",code=""} ${PEOPLE}`), {
    what: 'all to be sent',
    limitMs: 60_000,
  });
}, 150_000);

afterAll(async () => {
  if (prometheus) {
    prometheus.kill('SIGTERM');
    await once(prometheus, 'exit');
  }
  await stack?.stop();
  for (const close of closers) await close();
  rmSync(home, { recursive: true, force: true });
}, 90_000);

const series = async (role: string): Promise<string> => (await fetch(`${stack.file.health[role]}/metrics`)).text();

async function cli(...words: string[]): Promise<string> {
  const { PATH = '' } = process.env;
  const args = ['--import', 'tsx', 'cli/main.ts', ...words];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: ROOT,
    env: { PATH, BOBCOFER_HOME: home, TEMPORAL_NAMESPACE: namespace },
  });
  return stdout;
}

test('every series that a panel or a rule names is there', async () => {
  const roles = await Promise.all(['worker', 'bot', 'webhooks'].map(series));
  const there = new Set(roles.flatMap((text) => [...text.matchAll(/^(\w+)[{ ]/gm)].map(([, name]) => name!)));
  const rules = (parse(readFileSync(RULES, 'utf8')) as { groups: { rules: { expr: string }[] }[] }).groups[0]!.rules;
  const asked = [...rules, ...PANELS.flatMap(({ queries }) => queries)].map(({ expr }) => expr).join('\n');
  const named = new Set(asked.match(/\b(?:bobcofer|temporal|process|nodejs)_\w+/g));
  expect(named.size).toBeGreaterThan(25);
  // Temporal counts its failures from the first one on.
  expect([...named].filter((name) => !there.has(name) && name !== 'temporal_request_failure_total')).toEqual([]);
});

test('each role tells the same of campaigns and queues, and what it did itself', async () => {
  for (const role of ['worker', 'bot', 'webhooks']) {
    const text = await series(role);
    expect(text).toContain('bobcofer_dependency_up{dependency="temporal"} 1');
    expect(text).toContain('bobcofer_dependency_up{dependency="mongodb"} 1');
    expect(text).toMatch(/bobcofer_queue_pollers\{queue="campaigns"\} [1-9]/);
  }
  expect(await series('worker')).toMatch(/bobcofer_calls_total\{service="gupshup",outcome="ok"\} 1[2-9]\d/);
  expect(await series('worker')).toMatch(/temporal_activity_execution_latency_seconds_count\{/);
  expect(await series('bot')).toMatch(/bobcofer_calls_total\{service="telegram",outcome="ok"\} [1-9]/);
  expect(await series('webhooks')).toMatch(/bobcofer_webhook_answers_total\{status="200"\} [1-9]/);
  await waitFor(async () => (await series('bot')).includes('bobcofer_deliveries{state="queued"} 0'), {
    what: 'the ledger to be counted',
  });
});

test('labels are few, and hold nothing of a person', async () => {
  const phones = ordinaryPhones(PEOPLE).map((phone) => phone.replace('+', ''));
  for (const role of ['worker', 'bot', 'webhooks']) {
    const text = await series(role);
    const ours = text.split('\n').filter((line) => line.startsWith('bobcofer_'));
    expect(ours.length).toBeLessThan(300);
    expect(phones.filter((phone) => text.includes(phone.slice(-10)))).toEqual([]);
    expect(text).not.toMatch(/Observed|showroom/);
  }
});

(prometheusPrograms() ? describe : describe.skip)('asked by Prometheus', () => {
  test('each panel of the dashboard shows something', async () => {
    const asked = await waitFor(
      async () => {
        const answers = await askPanels(url);
        return answers.every(({ series: count }) => count > 0) ? answers : Promise.reject(new Error(JSON.stringify(answers.filter((one) => one.series === 0)))); // prettier-ignore
      },
      { what: 'every panel to be answered', limitMs: 30_000 },
    );
    expect(asked.filter(({ error }) => error !== undefined)).toEqual([]);
    const most = (panel: string): number =>
      Math.max(...asked.filter((one) => one.panel === panel).map((one) => one.most ?? 0));
    expect(most('Messages a second against the cap')).toBeGreaterThan(0);
    expect(most('From slot to answer')).toBeGreaterThan(0);
    expect(most('Roles and what they need')).toBe(1);
  }, 40_000);

  test('the panels are drawn from the answers', async () => {
    const svg = await drawPanels(url, 2);
    for (const title of ['Messages a second against the cap', 'From slot to answer']) expect(svg).toContain(title);
    expect(svg.match(/<polyline points="[\d.]+,[\d.]+ /g)?.length).toBeGreaterThan(20);
    expect(svg).not.toContain('NaN');
    expect((await renderPng(svg)).subarray(1, 4).toString()).toBe('PNG');
  });

  test('each rule is evaluated, and none fires on a campaign that goes well', async () => {
    const response = await fetch(`${url}/api/v1/rules`);
    const { data } = (await response.json()) as {
      data: { groups: { rules: { name: string; health: string; state: string }[] }[] };
    };
    const rules = data.groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(10);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(rules.filter(({ state }) => state === 'firing').map(({ name }) => name)).toEqual([]);
  });
});

function prometheusFile(): string {
  const configs = Object.entries(stack.file.health).map(([role, health]) => ({
    targets: [new URL(health).host],
    labels: { role },
  }));
  return JSON.stringify({
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [RULES],
    scrape_configs: [{ job_name: 'bobcofer', static_configs: configs }],
  });
}
