/** Planning deliveries: each person exactly once, with the number, or with the reason why not. */
import fc from 'fast-check';
import type { Exclusion } from '../../audience/exclusions';
import { metIn, planAudience, type PlannedDelivery, type PlanOptions } from '../../audience/plan';
import type { ParameterSource, Person } from '../../domain/audience';
import { bestPhone, normalisePhones } from '../../domain/phones/phone';
import { template } from '../domain/samples';

const NAME: ParameterSource = { kind: 'column', column: 'Имя' };
const person = (
  phones: string | string[],
  origin: string,
  columns: Record<string, string> = { Имя: 'Анна' },
): Person => ({
  phones: [phones].flat(),
  columns,
  origin,
});

async function* stream(people: Person[]): AsyncGenerator<Person> {
  yield* people;
}

async function planBatches(people: Person[], options: Partial<PlanOptions> = {}): Promise<PlannedDelivery[][]> {
  const batches: PlannedDelivery[][] = [];
  const all = {
    template: template({ body: '{{1}}!' }),
    parameters: [NAME],
    country: 'RU' as const,
    excluded: () => Promise.resolve(new Map<string, never>()),
  };
  for await (const batch of planAudience(stream(people), { ...all, ...options })) batches.push(batch);
  return batches;
}
const plan = async (people: Person[], options: Partial<PlanOptions> = {}): Promise<PlannedDelivery[]> =>
  (await planBatches(people, options)).flat();
const bestOf = (phones: string[]): string | undefined =>
  bestPhone(phones.flatMap((phone) => normalisePhones(phone, 'RU').valid))?.e164;
const reasons = (planned: PlannedDelivery[]): string[] =>
  planned.map((one) => (one.state === 'queued' ? 'queued' : one.reason));

test('a person with a number is queued with filled parameters, and keeps the number as written', async () => {
  await expect(plan([person('8 900 123-45-67', '2')])).resolves.toEqual([
    {
      state: 'queued',
      phone: '+79001234567',
      original: '8 900 123-45-67',
      name: 'Анна',
      origin: '2',
      params: ['Анна'],
    },
  ]);
});

test('the control group is skipped with that reason, but only people who would have got the message are in it', async () => {
  const [free, held, optedOut, unnamed] = ['+79001234560', '+79001234561', '+79001234562', '+79001234563'] as const;
  const exclusion: Exclusion = { reason: 'opted_out', detail: 'opted_out' };
  const planned = await plan(
    [person(free, '2'), person(held, '3'), person(optedOut, '4'), person(unnamed, '5', {}), person(held, '6')],
    {
      control: (phone) => phone !== free,
      excluded: () => Promise.resolve(new Map([[optedOut as string, exclusion]])),
    },
  );
  expect(planned.map(({ origin, ...one }) => [origin, one.state === 'skipped' ? one.reason : one.state])).toEqual([
    ['2', 'queued'],
    ['3', 'control'],
    ['4', 'opted_out'],
    ['6', 'duplicate'],
    ['5', 'empty_parameter'],
  ]);
});

test('each variant is filled with its own values; what one lacks leaves out only those who would get it', async () => {
  const variants: PlanOptions['variants'] = {
    of: (phone) => Number(phone.at(-1)) % 2,
    further: [{ template: template({ body: 'Долг {{1}}, {{2}}' }), parameters: [{ kind: 'column', column: 'Долг' }, NAME] }],
  };
  const rows = [
    person('+79001234560', '2', { Имя: 'Анна' }),
    person('+79001234561', '3', { Имя: 'Олег', Долг: '5' }),
    person('+79001234563', '4', { Имя: 'Пётр' }),
  ];
  const planned = await plan(rows, { variants });
  expect(planned.map((one) => (one.state === 'queued' ? [one.variant, one.params] : [one.reason, one.detail]))).toEqual([
    [0, ['Анна']],
    [1, ['5', 'Олег']],
    ['empty_parameter', 'parameter 1 {{1}}: empty'],
  ]);
}); // prettier-ignore

test('people without a number, with none that is one, and with the same one are skipped with the reason', async () => {
  const planned = await plan([
    person('89001234567', '2'),
    person([], '3'),
    person(['', ' '], '4'),
    person('8900', '5'),
    person('+7 (900) 123-45-67', '6'),
  ]);
  expect(planned.slice(1)).toEqual([
    { state: 'skipped', reason: 'no_phone', name: 'Анна', origin: '3', params: [] },
    { state: 'skipped', reason: 'no_phone', name: 'Анна', origin: '4', params: [] },
    { state: 'skipped', reason: 'invalid_phone', original: '8900', name: 'Анна', origin: '5', params: [] },
    {
      state: 'skipped',
      reason: 'duplicate',
      detail: '2',
      original: '+7 (900) 123-45-67',
      name: 'Анна',
      origin: '6',
      params: [],
    },
  ]);
});

test('of several numbers the first mobile one is taken, a landline only without any', async () => {
  const planned = await plan([
    person(['8 495 123-45-67', '8 900 111-11-11, 8 900 222-22-22'], '2'),
    person('8 495 123-45-68', '3'),
    person('bad, 8 900 333-33-33', '4'),
  ]);
  expect(planned.map((one) => one.phone)).toEqual(['+79001111111', '+74951234568', '+79003333333']);
  expect(planned[0]!.original).toBe('8 900 111-11-11, 8 900 222-22-22');
});

test('excluded numbers are skipped with the reason and keep the phone; asked once a batch', async () => {
  const asked: string[][] = [];
  const excluded: PlanOptions['excluded'] = (phones) => {
    asked.push(phones);
    const found: [string, Exclusion][] = [
      ['+79001111111', { reason: 'opted_out', detail: 'opted_out' }],
      ['+79002222222', { reason: 'suppressed', detail: 'manual' }],
      ['+79003333333', { reason: 'frequency_cap', detail: '2 in 7 d' }],
    ];
    return Promise.resolve(new Map(found));
  };
  const people = ['89001111111', '89002222222', '89003333333', '89004444444'].map((phone, at) =>
    person(phone, String(at)),
  );
  const planned = await plan([...people, person('89001111111', '9')], { excluded });
  expect(reasons(planned)).toEqual(['opted_out', 'suppressed', 'frequency_cap', 'queued', 'duplicate']);
  expect(planned[1]).toMatchObject({ phone: '+79002222222', detail: 'manual', params: [] });
  expect(asked).toEqual([['+79001111111', '+79002222222', '+79003333333', '+79004444444']]);
});

test('whoever has a number of somebody to leave out is skipped as excluded, with all of theirs, and is not asked about', async () => {
  const asked: string[][] = [];
  const planned = await plan(
    [
      person('89001111111', '1'),
      person(['89002222222', '89009999999'], '2'),
      person('89003333333', '3'),
      person('8 900 111-11-11', '4'),
    ],
    {
      without: stream([person('+7 900 111 11 11', 'a'), person(['bad', '8 900 999-99-99'], 'b')]),
      excluded: (phones) => (asked.push(phones), Promise.resolve(new Map())),
    },
  );
  expect(reasons(planned)).toEqual(['excluded', 'excluded', 'queued', 'duplicate']);
  expect(planned[0]).toEqual({ state: 'skipped', reason: 'excluded', phone: '+79001111111', original: '89001111111', name: 'Анна', origin: '1', params: [] }); // prettier-ignore
  expect(asked).toEqual([['+79003333333']]);
});

test('a missing or impossible parameter is a reason, and says which', async () => {
  const planned = await plan([person('89001111111', '2', { Имя: '' }), person('89002222222', '3', { Имя: 'a\nb' })]);
  expect(planned).toMatchObject([
    { reason: 'empty_parameter', detail: 'parameter 1 {{1}}: empty', phone: '+79001111111' },
    { reason: 'bad_parameter', detail: 'parameter 1 {{1}}: newline', phone: '+79002222222' },
  ]);
});

test('duplicates are found over batches', async () => {
  const people = ['89001111111', '89002222222', '89003333333', '89001111111'].map((phone, at) =>
    person(phone, String(at)),
  );
  const batches = await planBatches(people, { batchSize: 3 });
  expect(batches.map((batch) => batch.length)).toEqual([3, 1]);
  expect(reasons(batches.flat())).toEqual(['queued', 'queued', 'queued', 'duplicate']);
});

const DATE: ParameterSource = { kind: 'column', column: 'Дата', transform: [{ name: 'date_short' }] };

test.each<[string, Record<string, string>[], (string | number)[]]>([
  ['the name is missing in the first', [{ Имя: '' }, { Имя: 'Анна' }], ['duplicate', 'queued']],
  ['the first can be sent', [{ Имя: 'Анна' }, { Имя: '' }], ['queued', 'duplicate']],
  ['a better one comes third', [{ Имя: '' }, { Имя: 'a\nb' }, { Имя: 'Анна' }], ['duplicate', 'duplicate', 'queued']],
  ['none can be sent', [{ Имя: '' }, { Имя: 'a\nb' }], ['empty_parameter', 'duplicate']],
  ['two can be sent', [{ Имя: '' }, { Имя: 'Анна' }, { Имя: 'Вера' }], ['duplicate', 'queued', 'duplicate']],
])('of several rows of one person the one that can be sent wins: %s', async (_what, rows, expected) => {
  for (const batchSize of [1, 2, 10]) {
    const people = rows.map((columns, at) => person(at % 2 ? '8 (900) 123-45-67' : '89001234567', String(at), columns));
    const planned = await plan([...people, person('89009999999', 'z')], { batchSize });
    const byOrigin = new Map(planned.map((one) => [one.origin, one]));
    expect(planned).toHaveLength(rows.length + 1);
    expect(rows.map((_, at) => reasons([byOrigin.get(String(at))!])[0])).toEqual(expected);
    expect(planned.filter(({ phone }) => phone === '+79001234567')).toHaveLength(1);
    expect(byOrigin.get('z')!.state).toBe('queued');
  }
});

test('a row whose date cannot be read yields to one whose date can', async () => {
  const rows = [
    person('89001234567', '2', { Дата: 'скоро' }),
    person('8 (900) 123-45-67', '3', { Дата: '01.12.2026' }),
  ];
  await expect(plan(rows, { parameters: [DATE] })).resolves.toMatchObject([
    { state: 'skipped', reason: 'duplicate', detail: '3', origin: '2', params: [] },
    { state: 'queued', phone: '+79001234567', origin: '3', params: ['01.12.2026'] },
  ]);
});

test('a row of somebody who must not be written to never yields to a better one', async () => {
  const rows = [person('89001234567', '2', { Имя: '' }), person('89001234567', '3')];
  const excluded = (): Promise<Map<string, Exclusion>> =>
    Promise.resolve(new Map([['+79001234567', { reason: 'opted_out', detail: 'opted_out' } as Exclusion]]));
  expect(reasons(await plan(rows, { excluded }))).toEqual(['opted_out', 'duplicate']);
});

test('nobody is planned as nothing', async () => {
  await expect(planBatches([])).resolves.toEqual([]);
});

test('every person comes out once, those who wait for a better row last, and no phone twice', async () => {
  const phone = fc.oneof(
    fc.constantFrom('', 'bad', '8 495 123-45-67', '+79001234567', '8 (900) 123-45-67'),
    fc.integer({ min: 9000000000, max: 9009999999 }).map(String),
  );
  const somebody = fc.record({
    phones: fc.array(phone, { maxLength: 3 }),
    columns: fc.record({ Имя: fc.constantFrom('Анна', '', 'a\tb') }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(somebody, { maxLength: 30 }), fc.integer({ min: 1, max: 7 }), async (some, batchSize) => {
      const people = some.map((one, at) => ({ ...one, origin: String(at) }));
      const planned = await plan(people, { batchSize });
      const inOrder = (origins: string[]): string[] => origins.toSorted((a, b) => Number(a) - Number(b));
      expect(inOrder(planned.map(({ origin }) => origin))).toEqual(people.map(({ origin }) => origin));
      const sent = planned.flatMap((one) => (one.state === 'queued' ? [one.origin] : []));
      expect(sent).toEqual(inOrder(sent));
      const sendable = people.flatMap((one) => (one.columns.Имя === 'Анна' ? (bestOf(one.phones) ?? []) : []));
      expect(sent).toHaveLength(new Set(sendable).size);
      const phones = planned.flatMap((one) => one.phone ?? []);
      expect(new Set(phones).size).toBe(phones.length);
      for (const one of planned) if (one.state === 'queued') expect(one.params).toEqual(['Анна']);
    }),
  );
});

test('what is sent to is the set of numbers included minus the set excluded, and everybody is accounted for once', async () => {
  const numbers = fc.array(
    fc.record({ digits: fc.integer({ min: 9000000000, max: 9000000020 }), plus: fc.boolean() }),
    { maxLength: 25 },
  );
  const written = ({ digits, plus }: { digits: number; plus: boolean }): string => `${plus ? '+7' : '8 '}${digits}`;
  const setOf = (some: { digits: number }[]): Set<string> => new Set(some.map(({ digits }) => `+7${digits}`));
  await fc.assert(
    fc.asyncProperty(numbers, numbers, fc.integer({ min: 1, max: 7 }), async (included, left, batchSize) => {
      const people = included.map((one, at) => person(written(one), String(at)));
      const without = stream(left.map((one, at) => person(written(one), String(at))));
      const planned = await plan(people, { without, batchSize });
      expect(planned.map(({ origin }) => origin)).toEqual(people.map(({ origin }) => origin));
      const sendable = planned.flatMap((one) => (one.state === 'queued' ? [one.phone] : []));
      const remaining = [...setOf(included)].filter((phone) => !setOf(left).has(phone));
      expect(sendable).toEqual(remaining);
      const count = (reason: string): number => reasons(planned).filter((one) => one === reason).length;
      expect(count('excluded')).toBe(setOf(included).size - remaining.length);
      expect(count('duplicate')).toBe(included.length - setOf(included).size);
    }),
  );
});

test('an audience tells whose its numbers are: of two contacts with one number both names', () => {
  const base = { origin: '1', params: [] as [] };
  expect(
    metIn(
      [
        { ...base, state: 'queued', phone: '+79001234567', name: 'Анна' },
        {
          ...base,
          state: 'skipped',
          reason: 'duplicate',
          original: '8 495 123-45-67, 8 900 123-45-67',
          name: 'Анна И.',
        },
        { ...base, state: 'skipped', reason: 'opted_out', phone: '+79001234568' },
        { ...base, state: 'skipped', reason: 'invalid_phone', original: '12', name: 'Никто' },
      ],
      'RU',
    ),
  ).toEqual([
    { phone: '+79001234567', name: 'Анна' },
    { phone: '+79001234567', name: 'Анна И.' },
    { phone: '+79001234568' },
  ]);
});

describe('one person, whatever the spelling', () => {
  test.each([
    ['Brazil', ['+55 51 9 9123-4567', '555191234567', '+5551991234567'], '+5551991234567'],
    ['Brazil, without the 9 first', ['5551 9123-4567', '+55 51 99123-4567', '0055 51 9123 4567'], '+5551991234567'],
    ['Mexico', ['+521 55 1234 5678', '525512345678', '+52 044 55 1234 5678'], '+525512345678'],
    ['Argentina, without the 9 first', ['+54 11 2345-6789', '+54 9 11 2345-6789', '5491123456789'], '+5491123456789'],
    ['Argentina, never with the 9', ['+54 11 2345-6789', '541123456789', '+541123456789'], '+541123456789'],
    ['Argentina', ['+54 9 11 2345-6789', '+54 11 15 2345-6789', '541123456789'], '+5491123456789'],
  ])('%s: one delivery, to the number of the country’s plan', async (_country, phones, written) => {
    const planned = await plan(phones.map((phone, index) => person(phone, String(index + 2))));
    expect(reasons(planned)).toEqual(['queued', 'duplicate', 'duplicate']);
    expect(planned[0]).toMatchObject({ phone: written, original: phones[0] });
  });

  test('who is left out is left out by any spelling', async () => {
    const without = stream([person(['+541123456789', '555191234567'], '1')]);
    const planned = await plan([person('+54 9 11 2345-6789', '2'), person('+55 51 9 9123-4567', '3')], { without });
    expect(reasons(planned)).toEqual(['excluded', 'excluded']);
  });
});
