/** How far leads have come, and what may be concluded from it. */
import {
  areResultDays,
  compareResults,
  createResultCount,
  groupTogether,
  leadFate,
  readResultDays,
  resultsInput,
  studentsT,
  type ResultCell,
} from '../../domain/results';

const stages = [10, 20, 30, 142, 143];
const order = (pipelineId: number): number[] | undefined => (pipelineId === 1 ? stages : undefined);
const at = (statusId: number, pipelineId = 1) => ({ pipelineId, statusId });

test.each([
  ['won', at(10), at(142), 'won'],
  ['won in another pipeline', at(10), at(142, 2), 'won'],
  ['won by a lead that was lost', at(143), at(142), 'won'],
  ['one stage on', at(10), at(20), 'forward'],
  ['lost, and open again', at(143), at(10), 'forward'],
  ['one stage back', at(20), at(10), 'same'],
  ['where it was', at(20), at(20), 'same'],
  ['lost', at(20), at(143), 'lost'],
  ['lost before', at(143), at(143), 'same'],
  ['another pipeline', at(20), at(20, 2), 'elsewhere'],
  ['a lost one in another pipeline', at(143), at(20, 2), 'elsewhere'],
  ['an order that is not known', at(20, 2), at(30, 2), 'elsewhere'],
  ['a stage that is gone', at(15), at(20), 'elsewhere'],
  ['deleted', at(20), undefined, 'gone'],
  ['won before, wherever it is', at(142), at(10), 'won_before'],
  ['where it was is not known', undefined, at(142), 'unknown'],
] as const)('%s', (_what, before, now, fate) => {
  expect(leadFate(before, now, order)).toBe(fate);
});

test('people count once, however many leads they have, and not at all if all are left out', () => {
  const count = createResultCount();
  count.add({ person: 1, group: 'written', fate: 'won', price: 1000 });
  count.add({ person: 2, group: 'control', fate: 'same', price: 5 });
  count.add({ person: 1, group: 'written', fate: 'won', price: 500 });
  count.add({ person: 3, group: 'written', fate: 'won_before', price: 900 });
  count.add({ person: 4, group: 'written', variant: 1, fate: 'forward', price: 70 });
  const cells = count.cells();
  expect(cells).toEqual([
    expect.objectContaining({ group: 'written', people: 1, forward: 1, won: 1, sum: 1500, squares: 1500 ** 2 }),
    expect.objectContaining({ group: 'written', variant: 1, people: 1, forward: 1, won: 0, sum: 0 }),
    expect.objectContaining({ group: 'control', people: 1, forward: 0, won: 0, sum: 0 }),
  ]);
  expect(cells[0]!.leads).toMatchObject({ won: 2, won_before: 1 });
  expect(count.cells()).toEqual(cells);
  expect(groupTogether(cells, 'written')).toMatchObject({ people: 2, forward: 2, won: 1, sum: 1500 });
});

function cell(group: 'written' | 'control', changes: Partial<ResultCell>): ResultCell {
  return { ...groupTogether([], group), ...changes };
}

/** People who all bought for the same. */
const buyers = (group: 'written' | 'control', people: number, won: number, price: number): ResultCell =>
  cell(group, { people, forward: won, won, sum: won * price, squares: won * price ** 2 });

test('shares by Newcombe: his own example', () => {
  // Statistics in Medicine 17 (1998), table II (a), method 10: 56/70 less 48/80 is 0.2000 (0.0524 to 0.3339).
  const found = compareResults([{ written: buyers('written', 70, 56, 1), control: buyers('control', 80, 48, 1) }])!;
  expect(found.won.difference).toBeCloseTo(0.2, 4);
  expect(found.won.from).toBeCloseTo(0.0524, 4);
  expect(found.won.to).toBeCloseTo(0.3339, 4);
  expect(found.won.verdict).toBe('higher');
});

test('sums by Welch, as reckoned by hand', () => {
  const written = buyers('written', 1000, 50, 10_000);
  const control = buyers('control', 200, 10, 5_000);
  const { sum, brought } = compareResults([{ written, control }])!;
  // Variances p(1-p)·price²·n/(n-1): 4 754 755 and 1 193 467.
  const error = Math.sqrt(4_754_754.75 / 1000 + 1_193_467.34 / 200);
  expect(sum!.difference).toBe(250);
  expect((sum!.to - sum!.from) / 2).toBeCloseTo(error * 1.9637, 0);
  expect(sum!.verdict).toBe('higher');
  expect(brought!.difference).toBe(250_000);
  expect(brought!.from).toBeCloseTo(1000 * sum!.from, 6);
});

test.each([
  [10, 2.2281],
  [30, 2.0423],
  [100, 1.984],
  [1000, 1.9623],
])("Student's t with %d degrees of freedom", (freedom, t) => {
  expect(studentsT(freedom)).toBeCloseTo(t, 3);
});

test.each([
  ['few people', buyers('written', 29, 20, 100), buyers('control', 400, 10, 100), 'few', 'few'],
  ['few buyers', buyers('written', 1000, 90, 100), buyers('control', 500, 9, 100), 'higher', 'few'],
  ['no difference', buyers('written', 1000, 50, 100), buyers('control', 500, 25, 100), 'chance', 'chance'],
  ['worse than nothing', buyers('written', 1000, 20, 100), buyers('control', 500, 50, 100), 'lower', 'lower'],
])('%s', (_what, written, control, won, sum) => {
  const found = compareResults([{ written, control }])!;
  expect([found.won.verdict, found.sum!.verdict]).toEqual([won, sum]);
});

test('several campaigns: each within itself, weighed by those written to, and no stranger stands in for a control group', () => {
  // Of each campaign alone nothing came; thrown together, the share of control groups would make a difference.
  const cheap = { written: buyers('written', 1000, 10, 100), control: buyers('control', 1000, 10, 100) };
  const dear = { written: buyers('written', 9000, 4500, 100), control: buyers('control', 1000, 500, 100) };
  const alone = { written: buyers('written', 5000, 5000, 100), control: cell('control', {}) };
  const found = compareResults([cheap, dear, alone])!;
  expect(found.won.difference).toBeCloseTo(0, 12);
  expect(found.won.verdict).toBe('chance');
  expect(found.brought!.difference).toBeCloseTo(0, 6);
  expect(compareResults([alone])).toBeUndefined();
});

test.each([
  ['1,7,30', [1, 7, 30]],
  [' 3 ', [3]],
  ['7,1', undefined],
  ['1,1', undefined],
  ['0', undefined],
  ['366', undefined],
  ['1,,7', undefined],
  ['1,2,3,4,5,6,7', undefined],
  ['week', undefined],
])('days as typed: %s', (text, days) => {
  expect(readResultDays(text)).toEqual(days);
});

test('no day is an answer too, and tests have no results', () => {
  expect(areResultDays([])).toBe(true);
  expect(resultsInput({ spec: { results: { days: [] } }, test: false })).toEqual({});
  expect(resultsInput({ spec: { results: { days: [1] } }, test: true })).toEqual({});
  expect(resultsInput({ spec: { results: { days: [1] } }, test: false })).toEqual({ results: true });
});
