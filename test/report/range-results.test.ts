/** What several campaigns brought, over a span of dates: the figures of a plain script, in every form of the report. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createBotReports } from '../../bot/services/report';
import { WON_STATUS } from '../../domain/audience';
import { createResultCount, type Compared, type LeadFate, type ResultCell } from '../../domain/results';
import type { Chain, ChainStep } from '../../domain/follow-ups';
import { buildRangeReport, buildReport } from '../../report/build';
import { renderChart } from '../../report/chart';
import type { RangeReportData } from '../../report/data';
import { createReports } from '../../report/reports';
import { renderRangeMessage } from '../../report/message';
import type { CurrencyResults, ResultsGroup } from '../../report/range-results';
import { rangeResultsMessage } from '../../report/range-results-text';
import { renderRangeText, renderText } from '../../report/text';
import { createWords } from '../../report/words';
import { renderXlsx } from '../../report/xlsx';
import { resultLeadId } from '../../store/results';
import { runHere, settingsFor } from '../cli/harness';
import { startStore, type TestStore } from '../store/support';
import { unzip } from '../support/workbook';
import { sampleCampaign, storeSample } from './sample';

type Group = 'written' | 'control';

/** Of each group: how many people, which of them moved on and bought (every so-manyth), and for how much. */
interface Share {
  people: number;
  forward: number;
  won: number;
  price: number;
}

interface Sample {
  id: string;
  template: string;
  startedAt: string;
  /** Of one with follow-ups. */
  chain?: Chain;
  /** By mark. */
  readings: Record<number, Partial<Record<Group, Share>>>;
}

const share = (people: number, forward: number, won: number, price: number): Share => ({ people, forward, won, price });

/** A cheap campaign with a large control group and a dear one with a small one: thrown together they would mislead. */
const SAMPLES: Sample[] = [
  {
    id: 'oct-a', template: 'promo', startedAt: '2026-10-05T09:00:00Z',
    readings: {
      1: { written: share(400, 9, 40, 12_000), control: share(400, 9, 44, 12_000) },
      30: { written: share(400, 5, 3, 12_000), control: share(400, 6, 4, 12_000) },
    },
  },
  {
    // In Moscow it is November already.
    id: 'nov-a', template: 'promo', startedAt: '2026-10-31T21:30:00Z',
    readings: {
      1: { written: share(2_000, 3, 8, 90_000), control: share(150, 4, 9, 80_000) },
      7: { written: share(2_000, 2, 6, 90_000), control: share(150, 3, 8, 80_000) },
    },
  },
  {
    id: 'nov-b', template: 'news', startedAt: '2026-11-10T09:00:00Z',
    readings: { 1: { written: share(900, 4, 30, 5_000) } },
  },
]; // prettier-ignore

interface Person {
  group: Group;
  fates: { fate: LeadFate; price: number }[];
}

/** Every `won`th bought, for a price that varies; some have a second lead. */
function peopleOf(parts: Partial<Record<Group, Share>>): Person[] {
  return (Object.entries(parts) as [Group, Share][]).flatMap(([group, { people, forward, won, price }]) =>
    Array.from({ length: people }, (_, n): Person => {
      const first: LeadFate = n % won === 0 ? 'won' : n % forward === 0 ? 'forward' : 'same';
      const second = n % 10 === 0 ? [{ fate: 'won' as const, price: 700 + n }] : [];
      return { group, fates: [{ fate: first, price: price + 137 * (n % 11) }, ...(n % won === 0 ? second : [])] };
    }),
  );
}

function cellsOf(people: readonly Person[]): ResultCell[] {
  const count = createResultCount();
  people.forEach(({ group, fates }, person) => fates.forEach((lead) => count.add({ person, group, ...lead })));
  return count.cells();
}

/** The script's answer: the figures of each key. */
function plainly(campaigns: { keys: string[]; people: Person[] }[]): Record<string, Plain> {
  const input = campaigns.map(({ keys, people }) => ({
    keys,
    people: people.map(({ group, fates }) => ({
      group,
      forward: fates.some(({ fate }) => fate !== 'same') ? 1 : 0,
      won: fates.some(({ fate }) => fate === 'won') ? 1 : 0,
      sum: fates.reduce((sum, { fate, price }) => sum + (fate === 'won' ? price : 0), 0),
    })),
  }));
  const script = join(__dirname, 'plain-results.py');
  return JSON.parse(execFileSync('python3', [script], { input: JSON.stringify(input), encoding: 'utf8' })) as never;
}

type Counts = Pick<ResultCell, 'people' | 'forward' | 'won' | 'sum'>;
type Span = [difference: number, from: number, to: number];
interface Plain {
  campaigns: number;
  withControl: number;
  written: Counts;
  control: Counts;
  forward?: Span;
  won?: Span;
  brought?: Span;
}

const PRICES = [{ validFrom: '2026-04-01', source: 'test', gupshupFee: 0, countries: { RU: { MARKETING: 0.1 } } }];
const ZONE = 'Europe/Moscow';
const ru = { language: 'ru' as const, timezone: ZONE };
const en = { language: 'en' as const, timezone: ZONE };

let own: TestStore;
let report: RangeReportData;

async function keep({ id, template, startedAt, readings, chain }: Sample): Promise<void> {
  const endedAt = new Date(Date.parse(startedAt) + 3_600_000);
  await storeSample(own.store, {
    ...{ _id: id, startedAt: new Date(startedAt), endedAt, spec: { name: id } },
    template: { ...sampleCampaign().template, name: template },
    ...(chain && { chain }),
  });
  const { results } = own.store;
  await results.begin({ _id: id, days: [1, 7, 30], frozenAt: new Date(startedAt), leads: 10, mixed: 1 });
  for (const [day, parts] of Object.entries(readings)) {
    const readAt = new Date(endedAt.getTime() + Number(day) * 86_400_000);
    await results.keep({ campaignId: id, day: Number(day), readAt, currency: 'RUB', cells: cellsOf(peopleOf(parts)) });
  }
}

const span = { from: new Date('2026-10-01T00:00:00+03:00'), to: new Date('2026-12-01T00:00:00+03:00'), timezone: ZONE };

beforeAll(async () => {
  own = await startStore();
  for (const sample of SAMPLES) await keep(sample);
  // Asks for results and has none yet; and one that does not ask.
  await storeSample(own.store, { _id: 'nov-c', startedAt: new Date('2026-11-20T09:00:00Z'), spec: { name: 'nov-c' } });
  await own.store.results.begin({ _id: 'nov-c', days: [1], frozenAt: new Date(), leads: 3, mixed: 0 });
  await storeSample(own.store, {
    _id: 'silent',
    startedAt: new Date('2026-11-21T09:00:00Z'),
    spec: { name: 'silent' },
  });
  const lead = (campaignId: string, leadId: number, statusId?: number) => ({
    ...{ _id: resultLeadId(campaignId, leadId), campaignId, leadId, n: leadId, group: 'written' as const },
    ...(statusId !== undefined && { before: { pipelineId: 1, statusId, price: 0 } }),
  });
  await own.store.results.keepLeads([
    ...[lead('oct-a', 1, 10), lead('nov-a', 1, 11), lead('nov-b', 1, 11)],
    ...[lead('nov-b', 2, 10), lead('nov-c', 2, 10)],
    // Counted in one of its campaigns only: won before the other, or its stage not known there.
    ...[lead('oct-a', 3, 10), lead('nov-a', 3, WON_STATUS)],
    ...[lead('oct-a', 4, 10), lead('nov-a', 4)],
  ]);
  report = await buildRangeReport(own.store, span, { prices: PRICES });
});
afterAll(() => own.close());

/** Each table of the report by its name, and its groups by the keys that the script was given. */
function groups({ latest, marks }: CurrencyResults): Record<string, ResultsGroup> {
  const named = [['latest', latest] as const, ...marks.map(({ day, ...table }) => [`day ${day}`, table] as const)];
  return Object.fromEntries(
    named.flatMap(([name, { total, byTemplate, byMonth }]) => [
      [`${name} all`, total],
      ...[...byTemplate, ...byMonth].map((group) => [`${name} ${group.key}`, group] as const),
    ]),
  );
}

/** The same of the samples: at each mark, and by the latest. */
function plainGroups(): Record<string, Plain> {
  const months: Record<string, string> = { 'oct-a': '2026-10', 'nov-a': '2026-11', 'nov-b': '2026-11' };
  const tables = ['latest', 'day 1', 'day 7', 'day 30'].map((name) => {
    const campaigns = SAMPLES.flatMap(({ id, template, readings }) => {
      const day = name === 'latest' ? Math.max(...Object.keys(readings).map(Number)) : Number(name.slice(4));
      const parts = readings[day];
      return parts ? [{ keys: ['all', template, months[id]!], people: peopleOf(parts) }] : [];
    });
    return Object.entries(plainly(campaigns)).map(([key, found]) => [`${name} ${key}`, found] as const);
  });
  return Object.fromEntries(tables.flat());
}

test('every figure is that of a plain script over the same people: whole, by template, by month, at each mark', () => {
  const [one, ...others] = report.results!.currencies;
  expect(others).toEqual([]);
  const [ours, plain] = [groups(one!), plainGroups()];
  expect(Object.keys(ours).sort()).toEqual(Object.keys(plain).sort());
  const counts = ({ people, forward, won, sum }: Counts): Counts => ({ people, forward, won, sum });
  const none = { people: 0, forward: 0, won: 0, sum: 0 };
  for (const [key, { written, control, campaigns, withControl, comparison }] of Object.entries(ours)) {
    const expected = plain[key]!;
    const found = { campaigns, withControl, written: counts(written), control: control ? counts(control) : none };
    expect([key, found]).toEqual([key, pick(expected)]);
    for (const measure of ['forward', 'won', 'brought'] as const) {
      expect([key, measure, comparison?.[measure] !== undefined]).toEqual([
        key,
        measure,
        expected[measure] !== undefined,
      ]);
      if (comparison) near(comparison[measure]!, expected[measure]!);
    }
  }
});

const pick = ({ campaigns, withControl, written, control }: Plain) => ({ campaigns, withControl, written, control });

/** To a thousandth of the interval: Student's t is a series here, an integral there. */
function near({ difference, from, to }: Compared, expected: Span): void {
  const width = expected[2] - expected[1];
  [difference, from, to].forEach((value, at) => expect(Math.abs(value - expected[at]!)).toBeLessThan(width / 1_000));
}

test('small control groups are not thrown together with large ones', () => {
  const { total } = report.results!.currencies[0]!.latest;
  const { written, control, comparison } = total;
  const naive = written.won / written.people - control!.won / control!.people;
  // More of October's people bought anyway, and half of all control people are October's.
  expect(Math.sign(naive)).not.toBe(Math.sign(comparison!.won.difference));
});

test('what is asked, what is open, and what stands in several campaigns', () => {
  expect(report.results).toMatchObject({ asked: 4, unread: 1, mixed: 3, sharedLeads: 1 });
  expect(report.results!.currencies[0]!.latest.total).toMatchObject({ days: { from: 1, to: 30 }, campaigns: 3 });
});

test('leads are looked for in several campaigns only where the form says how many there are', async () => {
  let looked = 0;
  const { results } = own.store;
  const sharedLeads: typeof results.sharedLeads = (ids) => ((looked += 1), results.sharedLeads(ids));
  const store = { ...own.store, results: { ...results, sharedLeads } };
  const reports = createReports({ store, timezone: ZONE, prices: async () => PRICES });
  const bot = createBotReports({ reports, store, timezone: ZONE });
  const promo = { template: (await bot.templates()).find(({ name }) => name === 'promo')!.key };
  for (const file of ['csv', 'failed'] as const) expect(await bot.file(promo, file, 'en')).toMatchObject({ ok: true });
  expect(looked).toBe(0);
  expect(await bot.file(promo, 'xlsx', 'en')).toMatchObject({ ok: true });
  expect(await bot.message(promo, 'en')).toMatchObject({ ok: true, value: expect.stringContaining('several of these campaigns: 1') }); // prettier-ignore
  expect(looked).toBe(2);
});

test('a buyer costs what the campaigns cost that were read, not those that nobody read', () => {
  const { total, byMonth } = report.results!.currencies[0]!.latest;
  // Three messages of each sample arrived.
  expect(report.cost!.spent.to).toBeCloseTo(5 * 0.3, 9);
  expect(total.cost).toMatchObject({ from: 0.9, to: 0.9 });
  expect(byMonth.map(({ key, cost }) => [key, cost!.to])).toEqual([['2026-10', 0.3], ['2026-11', 0.6]]); // prettier-ignore
  const won = { step: 'won', count: total.written.won, from: 0.9 / total.written.won, to: 0.9 / total.written.won };
  expect(total.costPer).toEqual([won]);
  expect(report.costPer!.find(({ step }) => step === 'won')).toEqual(won);
});

test('as text: the table, the marks, by month and by template, and what the figures hold', () => {
  const text = renderRangeText(report, en);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  const flat = text.replace(/\s+/g, ' ');
  const { written, control, comparison } = report.results!.currencies[0]!.latest.total;
  const number = new Intl.NumberFormat('en');
  expect(flat).toContain('What came of it: campaigns 3, each by its latest reading, 1–30 days after its end');
  expect(flat).toContain(
    `Bought ${written.won} (${((100 * written.won) / written.people).toFixed(1)} %) ${control!.won} `,
  );
  expect(flat).toContain(`Sum RUB ${number.format(written.sum)} RUB ${number.format(control!.sum)}`);
  expect(flat).toContain('Cost $0.90');
  expect(flat).toMatch(
    /After 1 day, campaigns 3: moved forward [\d,]+, bought [\d,]+, RUB [\d,]+\. Against control: bought /,
  );
  expect(flat).toMatch(/By month camp\. people forward bought October 2026 1 400 .* November 2026 2 2,900 /);
  expect(flat).toMatch(/By template camp\. people forward bought promo 2 2,400 .* news 1 900 /);
  expect(flat).toContain(
    `brought ${sign(comparison!.brought!.difference)}RUB ${number.format(Math.abs(Math.round(comparison!.brought!.difference)))} (`,
  );
  expect(flat).toContain('Campaigns with a control group: 2 of 3.');
  expect(flat).toContain('Leads that stand in several of these campaigns: 1.');
  expect(flat).toContain('Without a reading so far: campaigns 1.');
});

const sign = (value: number): string => (value > 0 ? '+' : '-');

test('for the chat and as a picture, with the same figures', () => {
  const { written } = report.results!.currencies[0]!.latest.total;
  const html = renderRangeMessage(report, ru).replace(/\u00a0/g, ' ');
  const [flat, picture] = [html, renderChart(report, ru)].map((one) => one.replace(/\u00a0|\u202f/g, ' '));
  const sum = new Intl.NumberFormat('ru').format(written.sum).replace(/\u00a0|\u202f/g, ' ');
  expect(flat).toContain('💰 <b>Что принесли рассылки</b>');
  expect(flat).toContain(`• Сумма: ${sum} ₽, контроль`);
  expect(flat).toMatch(/<b>По месяцам<\/b>\n• октябрь 2026: расс\. 1, купили \d+, сумма .* ₽, потрачено 0,30 \$/);
  expect(flat).toMatch(/<b>По шаблонам<\/b>\n• promo: расс\. 2, купили/);
  expect(html.replace(/<\/?(b|i|code)>/g, '')).not.toMatch(/[<>]|&(?!(lt|gt|amp);)/);
  expect(picture).toContain('Что принесли рассылки');
  expect(picture).toContain(`${sum} ₽`);
  expect(picture).toContain('октябрь 2026');
});

test('the chat names the largest templates and the latest months, and says how many more there are', () => {
  const [one] = report.results!.currencies;
  const { byTemplate, byMonth } = one!.latest;
  const latest = {
    ...one!.latest,
    byTemplate: Array.from({ length: 7 }, (_, n) => ({ ...byTemplate[0]!, key: `t${n + 1}` })),
    byMonth: Array.from({ length: 13 }, (_, n) => ({ ...byMonth[0]!, key: `${n < 12 ? 2025 : 2026}-${String((n % 12) + 1).padStart(2, '0')}` })),
  }; // prettier-ignore
  const html = rangeResultsMessage({ ...report.results!, currencies: [{ ...one!, latest }] }, createWords(en));
  const [, months = '', templates = ''] = html.split(/<b>By (?:month|template)<\/b>\n/);
  const named = (part: string): string[] => [...part.matchAll(/^• ([^:]+):|^….*/gm)].map(([all, key]) => key ?? all);
  expect(named(templates)).toEqual(['t1', 't2', 't3', 't4', 't5', 't6', '… and 1 more']);
  const names = named(months);
  expect([names.length, names[0], ...names.slice(-2)]).toEqual([13, 'February 2025', 'January 2026', '… and 1 more']);
});

test('as a sheet: a row for all, each month and each template, by the latest readings and at each mark', async () => {
  const none = async function* (): AsyncGenerator<never> {};
  const made = renderXlsx(report, none, en);
  if (!made.ok) throw new Error('refused');
  const files = unzip(await buffer(made.value));
  const names = [...files['xl/workbook.xml']!.matchAll(/sheet name="([^"]*)"/g)].map(([, name]) => name);
  const rows = [...files[`xl/worksheets/sheet${names.indexOf('Results') + 1}.xml`]!.matchAll(/<row .*?<\/row>/g)].map(
    ([row]) => [...row.matchAll(/<c\/>|<c .*?<\/c>/g)].map(([cell]) => cell.replace(/<[^>]*>/g, '')),
  );
  // Latest: all, 2 months, 2 templates; day 1 the same; day 7 and day 30: all, one month, one template.
  expect(rows).toHaveLength(1 + 5 + 5 + 3 + 3);
  const [head, ...data] = rows as [string[], ...string[][]];
  const row = (what: string, key: string, mark: string) =>
    Object.fromEntries(
      head.map((name, at) => [name, data.find((one) => one[0] === what && one[1] === key && one[2] === mark)?.[at]]),
    );
  const { byMonth } = report.results!.currencies[0]!.latest;
  const november = row('By month', 'November 2026', 'latest');
  const { written, control, comparison, cost } = byMonth[1]!;
  expect(november).toMatchObject({
    ...{ campaigns: '2', people: String(written.people), bought: String(written.won), sum: String(written.sum) },
    ...{ 'campaigns with control': '1', 'control: sum': String(control!.sum), 'spent, to': String(cost!.to) },
    ...{ 'bought: difference': String(comparison!.won.difference) },
  });
  expect(row('All', '', '1')).toMatchObject({ campaigns: '3' });
  expect(row('By template', 'promo', '30')).toMatchObject({ campaigns: '1', people: '400' });
});

test('from the console, as text and as JSON', async () => {
  const words = ['report', '--from', '2026-10-01', '--to', '2026-11-30'];
  const environment = settingsFor(own.uri);
  const { stdout, exitCode } = await runHere([...words, '--json'], environment);
  expect(exitCode).toBe(0);
  const { results } = JSON.parse(stdout) as RangeReportData;
  const { cost: _cost, costPer: _per, ...total } = report.results!.currencies[0]!.latest.total;
  expect(results).toMatchObject({ asked: 4, unread: 1, mixed: 3, sharedLeads: 1 });
  expect(results!.currencies[0]!.latest.total).toMatchObject(total);
  expect(results!.currencies[0]!.marks.map(({ day }) => day)).toEqual([1, 7, 30]);
  expect((await runHere(words, environment)).stdout).toContain('What came of it: campaigns 3, each by its latest');
});

test('two currencies are never added up', async () => {
  const { results } = own.store;
  await keep({ ...SAMPLES[2]!, id: 'euro' });
  const [reading] = await results.readings('euro');
  await results.keep({ ...reading!, currency: 'EUR' });
  const mixed = await buildRangeReport(own.store, span, { prices: PRICES });
  expect(mixed.results!.currencies.map(({ currency, latest }) => [currency, latest.total.campaigns])).toEqual([['RUB', 3], ['EUR', 1]]); // prettier-ignore
  expect(renderRangeText(mixed, en)).toContain('What came of it, deals in EUR: campaigns 1');
  expect(mixed.results!.currencies[0]!.latest).toEqual(report.results!.currencies[0]!.latest);
});

test('a buyer costs what the follow-ups cost too that had begun when the leads were read', async () => {
  const step: ChainStep = {
    ...{ to: 'not_read', afterMs: 3 * 86_400_000, template: 'again/ru', parameters: [], copies: [], hours: 'any' },
    content: { ...sampleCampaign().template, name: 'again' },
  };
  const steps = [
    { ...step, campaignId: 'dec-1', startedAt: new Date('2026-12-08T09:00:00Z') },
    // After the range; and after the reading.
    { ...step, campaignId: 'dec-2', startedAt: new Date('2027-01-02T09:00:00Z') },
    { ...step, campaignId: 'dec-3', startedAt: new Date('2027-01-08T09:00:00Z') },
  ];
  await keep({
    ...{ id: 'dec', template: 'chained', startedAt: '2026-12-05T09:00:00Z' },
    chain: { steps: steps.map(({ startedAt: _startedAt, ...one }) => one), state: 'completed', step: 3 },
    readings: { 1: { written: share(400, 9, 40, 1_000) }, 30: { written: share(400, 9, 40, 1_000) } },
  });
  for (const [at, { campaignId, startedAt }] of steps.entries())
    await storeSample(own.store, { _id: campaignId, startedAt, followUpOf: { campaignId: 'dec', step: at } });

  const december = { from: new Date('2026-12-01T00:00:00Z'), to: new Date('2027-01-01T00:00:00Z'), timezone: ZONE };
  const ranges = [december, { from: new Date(0), to: new Date('2028-01-01'), timezone: ZONE, template: 'chained' }];
  for (const range of ranges) {
    const found = await buildRangeReport(own.store, range, { prices: PRICES });
    const [{ latest, marks }] = found.results!.currencies as [CurrencyResults];
    const { won } = latest.total.written;
    const [from, to] = [0.9 / won, 0.9 / won];
    expect(latest.total).toMatchObject({
      cost: { from: 0.9, to: 0.9 },
      costPer: [{ step: 'won', count: won, from, to }],
    });
    expect(marks.map(({ day, total: { cost } }) => [day, cost!.to])).toEqual([[1, 0.3], [30, 0.9]]); // prettier-ignore
    expect(found.costPer!.find((one) => one.step === 'won')).toMatchObject({ count: won, from, to });
    expect(renderRangeText(found, en).replace(/\s+/g, ' ')).toContain(
      'The cost holds follow-ups that had begun by then: 2.',
    );
  }

  const one = await buildReport(own.store, 'dec', { prices: PRICES });
  if (!one.ok) throw new Error(one.refusal.code);
  const won = one.value.results!.readings.at(-1)!.written.won;
  expect(one.value.costPer!.find((per) => per.step === 'won')).toMatchObject({ count: won, from: 0.9 / won, to: 0.9 / won }); // prettier-ignore
  // The campaign's own message, as before.
  expect(one.value.costPer!.find((per) => per.step === 'delivered')).toMatchObject({ count: 3, to: 0.3 / 3 });
  expect(renderText(one.value, en).replace(/\s+/g, ' ')).toContain('bought (with follow-ups) $');
});

test('nothing is said where no campaign asks for results', async () => {
  const silent = await buildRangeReport(
    own.store,
    { ...span, from: new Date('2026-11-21T00:00:00Z') },
    { prices: PRICES },
  );
  expect(silent).not.toHaveProperty('results');
  expect(renderRangeText(silent, en)).not.toContain('What came of it');
});
