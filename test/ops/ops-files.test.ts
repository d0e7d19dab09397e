/** Dashboard, alert rules and runbook as files: made as their sources say, right by promtool, and their links lead somewhere. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { RUNBOOK_OF_ALERT, withRunbook } from '../../activities/alerts/runbook';
import { RUNBOOK_OF_CHECK, runbookOf } from '../../cli/doctor/runbook';
import { codeLabel } from '../../config/metrics';
import { DASHBOARD_FILE, dashboard } from '../../ops/grafana/build';
import { PANELS } from '../../ops/grafana/panels';
import { prometheusPrograms, runPromtool } from '../support/prometheus';

const ROOT = resolve(__dirname, '../..');
const FOLDER = join(ROOT, 'ops/prometheus');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Rules {
  groups: { rules: { alert: string; expr: string; annotations: { runbook: string } }[] }[];
}
const rules = (parse(read('ops/prometheus/alerts.yml')) as Rules).groups.flatMap((group) => group.rules);

/** As GitHub makes them. */
const slugs = [...read('docs/runbook.md').matchAll(/^## (.+)$/gm)].map(([, heading = '']) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-'),
);

test('the dashboard is as its panels say; `npm run dashboard` writes it', () => {
  expect(readFileSync(DASHBOARD_FILE, 'utf8')).toBe(dashboard());
});

test('each panel of the dashboard has a place of its own', () => {
  const { panels } = JSON.parse(dashboard()) as {
    panels: { id: number; type: string; gridPos: { x: number; y: number; w: number } }[];
  };
  expect(panels.filter(({ type }) => type !== 'row')).toHaveLength(PANELS.length);
  expect(new Set(panels.map(({ gridPos: { x, y } }) => `${x} ${y}`)).size).toBe(panels.length);
  expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
});

describe('alert rules', () => {
  const programs = prometheusPrograms();
  const check = programs ? test : test.skip;

  check('are right for promtool', () => {
    expect(runPromtool(programs!, ['check', 'rules', 'alerts.yml'], FOLDER)).toContain(`${rules.length} rules found`);
  });

  check('fire when they should, and not on the case beside it', () => {
    expect(runPromtool(programs!, ['test', 'rules', 'alerts.test.yml'], FOLDER)).toContain('SUCCESS');
  });

  test('each has a test of its own', () => {
    const tests = read('ops/prometheus/alerts.test.yml');
    expect(rules.map(({ alert }) => alert).filter((alert) => !tests.includes(`alertname: ${alert}`))).toEqual([]);
  });
});

describe('the runbook', () => {
  test.each(rules.map(({ alert, annotations: { runbook } }) => [alert, runbook]))(
    'has the entry that the alert %s names: %s',
    (_alert, runbook) => {
      const [file, slug] = runbook.split('#');
      expect(file).toBe('docs/runbook.md');
      expect(slugs).toContain(slug);
    },
  );

  test.each(Object.entries(RUNBOOK_OF_CHECK))('has the entry that the check %s of doctor names: %s', (_check, slug) => {
    expect(slugs).toContain(slug);
  });

  test('has an entry for each check of doctor, or its advice says all', () => {
    const files = ['machinery', 'services', 'settings', 'diagnose'].map((file) => read(`cli/doctor/${file}.ts`));
    const checks = [...files.join('\n').matchAll(/check: ['`]([\w-]+(?: \w+)*)/g)].map(([, check]) => check!);
    expect(checks.length).toBeGreaterThan(12);
    expect(checks.filter((check) => !runbookOf(check)).toSorted()).toEqual(['Opt-outs', 'Versions']);
  });

  test.each(Object.entries(RUNBOOK_OF_ALERT))('has the entry that the alert %s of the bot names: %s', (kind, slug) => {
    if (slug === undefined)
      expect(['campaignEnded', 'campaignResults', 'chainEnded', 'testFailed', 'digest']).toContain(kind);
    else expect(slugs).toContain(slug);
  });

  test('an alert names its entry while something is wrong, and no longer when it is over', () => {
    expect(withRunbook('Low', 'wallet', 'low', 'en')).toContain('docs/runbook.md#the-wallet-is-low');
    expect(withRunbook('Мало', 'wallet', 'empty', 'ru')).toMatch(/Что делать.*docs\/runbook\.md#the-wallet-is-low/);
    expect(withRunbook('Approved again', 'template', 'APPROVED', 'en')).toBe('Approved again');
    expect(withRunbook('Ended', 'campaignEnded', 'now', 'en')).toBe('Ended');
  });

  test('has what an entry of the bot names', () => {
    for (const language of ['en', 'ru']) {
      const texts = ['bot', 'alerts'].map((file) => read(`config/locales/${language}/${file}.json`)).join('\n');
      const named = [...texts.matchAll(/docs\/runbook\.md#([\w-]+)/g)].map(([, slug]) => slug);
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((slug) => !slugs.includes(slug!))).toEqual([]);
    }
  });
});

test.each([
  ['1003', '1003'],
  ['http_429', 'http_429'],
  ['no_answer', 'no_answer'],
  ['suppressed', 'suppressed'],
  ['opted_out', 'opted_out'],
  ['79261234567', 'other'],
  ['http_79261234567', 'other'],
  ['Анна', 'other'],
  ['987654', 'other'],
  [undefined, ''],
])('a code is a label only if it is on the list: %s is %s', (code, label) => {
  expect(codeLabel(code)).toBe(label);
});
