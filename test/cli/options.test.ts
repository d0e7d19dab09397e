/** What stands on the command line: parameters, times, stages, tables. */
import { CommandRefused, WrongUsage } from '../../cli/errors';
import { parseParameters } from '../../cli/parameters';
import { findPlace, findStage } from '../../cli/stages';
import { renderTable } from '../../cli/table';
import { parseFutureMoment, parseRangeEdge } from '../../cli/time';

describe('parameters on the command line', () => {
  test('come in order of position, whatever the order they are given in', () => {
    expect(parseParameters(['2=text:Hello: a=b', '1=column:first name'])).toEqual([
      { kind: 'column', column: 'first name' },
      { kind: 'text', value: 'Hello: a=b' },
    ]);
    expect(parseParameters([])).toEqual([]);
  });

  test('take what is to be made of a column, in turn, and a fallback; a text stays as it is', () => {
    expect(parseParameters(['1=column:Full name | first_name|title_case|fallback:друг', '2=text:a|upper'])).toEqual([
      {
        kind: 'column',
        column: 'Full name',
        fallback: 'друг',
        transform: [{ name: 'first_name' }, { name: 'title_case' }],
      },
      { kind: 'text', value: 'a|upper' },
    ]);
    expect(
      parseParameters([
        '1=column:price|money:rub',
        '2=column:price|money',
        '3=column:day|date',
        '4=column:day|date_short:month_first',
        '5=column:price|money:RUB:comma',
      ]),
    ).toEqual([
      { kind: 'column', column: 'price', transform: [{ name: 'money', currency: 'RUB' }] },
      { kind: 'column', column: 'price', transform: [{ name: 'money' }] },
      { kind: 'column', column: 'day', transform: [{ name: 'date' }] },
      { kind: 'column', column: 'day', transform: [{ name: 'date_short', order: 'month_first' }] },
      { kind: 'column', column: 'price', transform: [{ name: 'money', currency: 'RUB', decimal: 'comma' }] },
    ]);
  });

  test.each([
    [['1=column:name|shout'], /"shout" is not a transformation; expected one of first_name, title_case, upper, date,/],
    [['1=column:name|fallback:'], /"fallback:" is not a/],
    [['1=column:name|fallback:a|fallback:b'], /"fallback:b" is not a/],
    [['1=column:price|money:roubles'], /"roubles" is not a currency/],
    [['1=column:day|date:ru'], /"date:ru" is not a/],
    [['1=column:price|money:dot:comma'], /"comma" is not a currency.*dot or comma/],
    [['1=column:|upper'], /the name of the column is missing/],
    [['1=column:name', '3=text:x'], /position 2 is missing: got 1, 3/],
    [['2=text:x'], /position 1 is missing/],
    [['1=text:a', '1=column:b'], /position 1 is given twice, as "1=text:a" and as "1=column:b"/],
    [['name'], /--param "name": expected POSITION=column:NAME/],
    [['1=field:name'], /--param "1=field:name": expected/],
    [['0=text:x'], /"0" is not a position/],
    [['one=text:x'], /"one" is not a position/],
    [['1=column: '], /nothing follows "column:"/],
  ])('%j is refused by its own words', (given, message) => {
    expect(() => parseParameters(given)).toThrow(WrongUsage);
    expect(() => parseParameters(given)).toThrow(message);
  });
});

describe('times on the command line', () => {
  const now = new Date('2026-11-23T00:00:00Z');
  const at = (value: string): string => parseFutureMoment('--at', value, 'Europe/Moscow', now).toISOString();

  test('without a zone are in the default one, with a zone in theirs', () => {
    expect(at('2026-12-01T10:00')).toBe('2026-12-01T07:00:00.000Z');
    expect(at('2026-12-01 10:00:30')).toBe('2026-12-01T07:00:30.000Z');
    expect(at('2026-12-01T10:00Z')).toBe('2026-12-01T10:00:00.000Z');
    expect(at('2026-12-01T10:00+05:30')).toBe('2026-12-01T04:30:00.000Z');
  });

  test('that have passed are refused', () => {
    expect(() => at('2026-11-23T02:59')).toThrow(CommandRefused);
    expect(() => at('2026-11-23T02:59')).toThrow(/2026-11-23T02:59 .*has passed/);
    expect(at('2026-11-23T03:01')).toBe('2026-11-23T00:01:00.000Z');
  });

  test.each([
    'tomorrow',
    '2026-12-01',
    '10:00',
    '2026-13-01T10:00',
    '2026-02-30T10:00',
    '01.12.2026 10:00',
    '2026-12-01T25:00',
    '',
  ])('"%s" is no time', (value) => expect(() => at(value)).toThrow(WrongUsage));

  test('that the clocks skip are no times', () => {
    const skipped = (zone: string): Date => parseFutureMoment('--at', '2027-03-28T02:30', zone, now);
    expect(() => skipped('Europe/Berlin')).toThrow(WrongUsage);
    expect(() => skipped('Europe/Berlin')).toThrow(/the clocks in Europe\/Berlin skip that hour/);
    expect(skipped('Europe/Moscow').toISOString()).toBe('2027-03-27T23:30:00.000Z');
  });

  test('that come twice are asked about, unless the zone is named', () => {
    const twice = (value: string, zone = 'Europe/Berlin'): string =>
      parseFutureMoment('--at', value, zone, now).toISOString();
    expect(() => twice('2027-10-31T02:30')).toThrow('choose one: 2027-10-31T02:30+02:00 or 2027-10-31T02:30+01:00');
    expect(twice('2027-10-31T02:30+01:00')).toBe('2027-10-31T01:30:00.000Z');
    expect(twice('2027-10-31T03:00')).toBe('2027-10-31T02:00:00.000Z');
    expect(twice('2027-10-31T02:30', 'Europe/Moscow')).toBe('2027-10-30T23:30:00.000Z');
  });

  test('a range takes its last day whole', () => {
    expect(parseRangeEdge('--from', '2026-11-01', 'Europe/Moscow', 'start').toISOString()).toBe(
      '2026-10-31T21:00:00.000Z',
    );
    expect(parseRangeEdge('--to', '2026-11-30', 'Europe/Moscow', 'end').toISOString()).toBe('2026-11-30T21:00:00.000Z');
    expect(parseRangeEdge('--to', '2026-11-30T12:00Z', 'Europe/Moscow', 'end').toISOString()).toBe(
      '2026-11-30T12:00:00.000Z',
    );
    expect(() => parseRangeEdge('--to', '2026-02-30', 'Europe/Moscow', 'end')).toThrow(WrongUsage);
  });
});

describe('stages of the CRM', () => {
  const pipelines = [
    { id: 1, name: 'Sales: new', statuses: [{ id: 10, name: 'First: call' }, { id: 142, name: 'Won' }] },
    { id: 2, name: 'Service', statuses: [{ id: 20, name: 'Open' }, { id: 142, name: 'Won' }] },
    { id: 3, name: 'service', statuses: [{ id: 30, name: 'Won' }] },
  ]; // prettier-ignore
  const find = (given: string): string => {
    const { pipeline, status } = findStage(pipelines, given);
    return `${pipeline.id}:${status.id}`;
  };

  test('are found by ids and by names, case and blanks aside, colons in names too', () => {
    expect(find('1:10')).toBe('1:10');
    expect(find('2:Won')).toBe('2:142');
    expect(find('sales: new:first: call')).toBe('1:10');
    expect(find('Service:Open')).toBe('2:20');
  });

  test.each([
    ['Shop:Won', /amoCRM has no pipeline "Shop"\. Available: 1 Sales: new; 2 Service; 3 service/],
    ['1:Lost', /pipeline 1 Sales: new has no stage "Lost"\. Available: 10 First: call; 142 Won/],
    ['service:won', /matches several stages: 2:142, 3:30/],
  ])('%s is refused with what there is', (given, message) => expect(() => find(given)).toThrow(message));
});

describe('a stage or a whole pipeline', () => {
  const pipelines = [
    { id: 1, name: 'Sales', statuses: [{ id: 10, name: 'new' }] },
    { id: 2, name: 'Sales: new', statuses: [{ id: 20, name: 'Open' }] },
    { id: 3, name: 'Service', statuses: [] },
    { id: 4, name: 'service', statuses: [] },
  ];
  const find = (given: string): string => {
    const { pipeline, status } = findPlace(pipelines, given);
    return status ? `${pipeline.id}:${status.id}` : String(pipeline.id);
  };

  test('is found by id or name; what fits as a stage is one', () => {
    expect([find('1'), find('sales'), find('1:10'), find('Sales: new:Open')]).toEqual(['1', '1', '1:10', '2:20']);
    expect([find('Sales:new'), find('Sales: new')]).toEqual(['1:10', '2']);
  });

  test.each([
    ['Shop', /amoCRM has no pipeline "Shop"\. Available: 1 Sales; 2 Sales: new;/],
    ['Sales:old', /pipeline 1 Sales has no stage "old"/],
    ['SERVICE', /amoCRM has several pipelines "SERVICE": 3 Service; 4 service\. Use the id/],
  ])('%s is refused with what there is', (given, message) => expect(() => find(given)).toThrow(message));
});

describe('tables of the console tool', () => {
  const columns = [
    { head: 'ID', cell: ({ id }: { id: string; words: string; n: number }) => id },
    { head: 'WORDS', cell: ({ words }: { words: string }) => words, flexible: true as const },
    { head: 'N', cell: ({ n }: { n: number }) => n },
  ];
  const rows = [
    { id: 'a1', words: 'немного', n: 5 },
    { id: 'b2', words: 'so many words that they do not fit into a narrow screen', n: 1234 },
  ];

  test('take the width they need where there is no screen, and have no colours', () => {
    const lines = renderTable(columns, rows, { width: undefined, colours: false, empty: '' }).split('\n');
    expect(lines).toEqual(
      [
        'ID  WORDS                                                    N',
        'a1  немного                                                     5',
        'b2  so many words that they do not fit into a narrow screen  1234',
      ].map((line, at) => (at === 0 ? expect.stringMatching(/^ID {2}WORDS +N$/) : line)),
    );
  });

  test('fit the screen: long texts wrap, ids and numbers do not', () => {
    const table = renderTable(columns, rows, { width: 40, colours: false, empty: '' });
    for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
    expect(table).toMatch(/^b2 {2}so many/m);
    expect(table).toContain('1234');
    expect(table.split('\n').length).toBeGreaterThan(3);
  });

  test('without rows say so', () => {
    expect(renderTable(columns, [], { width: 80, colours: false, empty: 'Nothing.' })).toBe('Nothing.');
  });
});
