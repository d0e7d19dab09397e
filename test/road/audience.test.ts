/** The whole road of a combined audience: several sources, less others, with parameters made of columns. */
import { nanoid } from 'nanoid';
import { controlOf } from '../../domain/control-group';
import { numbersOf } from '../../campaigns/relatives';
import { createLinkCodes } from '../../domain/link-code';
import { outcomeSource, type Person } from '../../domain/audience';
import { variantOf } from '../../domain/variants';
import { testOf } from '../../domain/winner';
import { buildReport } from '../../report/build';
import { renderText } from '../../report/text';
import { ordinaryPhones, SENDER, startRoad, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(60_000);
let road: Road;
beforeAll(async () => {
  quietRuntime();
  road = await startRoad({ linksUrl: 'https://svetly-dom.example/c' });
});
afterAll(() => road?.close());

async function saveList(people: Person[]): Promise<string> {
  const _id = nanoid(12);
  const head = { _id, name: _id, columns: ['phone', 'ФИО', 'Долг'], phoneColumn: 'phone', count: people.length };
  await road.store.lists.create({ ...head, createdAt: new Date(), createdBy: { kind: 'cli' } }, people);
  return _id;
}

test('a control group gets nothing: not now, not by a campaign to the rest of the list, and not of those who were not sent to', async () => {
  const phones = ordinaryPhones(30);
  const control = { controlPercent: 30, splitKey: 'held' };
  const heldBack = phones.filter((phone) => controlOf({ ...control, name: '' })!(phone)).sort();
  expect(heldBack.length).toBeGreaterThan(2);
  const id = await road.startTo(phones, control);
  const ended = await road.campaigns.wait(id);
  expect(ended).toMatchObject({
    value: { state: 'completed', ledger: { total: 30, skipped: heldBack.length }, skips: { control: heldBack.length } },
  });
  const skipped = await road.store.deliveries.stream(id, { states: ['skipped'] }).toArray();
  expect(skipped.map(({ phone }) => phone).sort()).toEqual(heldBack);

  const rest = await road.startTo([], {
    audience: { kind: 'combined', include: [{ kind: 'phones', phones }], exclude: [outcomeSource(id, 'reached')] },
  });
  await expect(road.campaigns.wait(rest)).resolves.toMatchObject({ value: { skips: { excluded: 30 } } });
  const again = await road.startTo([], {
    ...control,
    audience: { kind: 'outcome', campaignId: id, states: ['skipped', 'accepted', 'sent', 'delivered', 'read'] },
  });
  const gotTwo = await road.campaigns.wait(again);
  expect(gotTwo).toMatchObject({ value: { ledger: { total: 30 - heldBack.length, skipped: 0 } } });
});

test('variants: each person gets the one that the number says, with its values; the report tells them apart; a retry keeps them', async () => {
  const phones = ordinaryPhones(12);
  const guests = await saveList(
    phones.map((phone, row) => ({
      phones: [phone],
      columns: { ФИО: `Гость ${row}`, Долг: String(row) },
      origin: String(row + 2),
    })),
  );
  const [name, debt] = ['ФИО', 'Долг'].map((column) => ({ kind: 'column' as const, column }));
  const spec = {
    template: 'order_ready',
    audience: { kind: 'list' as const, listId: guests },
    parameters: [name!, debt!],
    variants: [
      { template: 'visit_reminder', parameters: [debt!, name!] },
      { template: 'delivery_update', parameters: [name!, debt!] },
    ],
    splitKey: 'three',
  };
  const of = variantOf({ variants: [{}, {}], splitKey: spec.splitKey, name: '' })!;
  const expected = phones.map((phone, row) => {
    const variant = of(phone);
    return [
      phone,
      variant,
      [
        [`Гость ${row}`, String(row)],
        [String(row), `Гость ${row}`],
        [`Гость ${row}`, String(row)],
      ][variant!],
    ];
  });
  expect(new Set(expected.map(([, variant]) => variant))).toEqual(new Set([0, 1, 2]));
  const id = await road.startTo([], spec);
  await expect(road.campaigns.wait(id)).resolves.toMatchObject({
    value: { state: 'completed', ledger: { total: 12, failed: 0 } },
  });
  const deliveries = await road.store.deliveries.stream(id).toArray();
  expect(deliveries.map(({ phone, variant, params }) => [phone, variant, params])).toEqual(expected);
  const { templates } = await road.store.templates.list(SENDER);
  const names = new Map(templates.map((one) => [one.id, one.name]));
  const messages = (await road.control('GET', '/sandbox/gupshup/messages')) as {
    destination: string;
    templateId: string;
  }[];
  const got = new Map(messages.map(({ destination, templateId }) => [`+${destination}`, names.get(templateId)]));
  const wanted = ['order_ready', 'visit_reminder', 'delivery_update'];
  for (const phone of phones) expect([phone, got.get(phone)]).toEqual([phone, wanted[of(phone)!]]);

  const [first] = deliveries.filter(({ variant }) => variant === 1);
  await road.store.replies.save({ _id: `reply-${id}`, phone: first!.phone!, at: new Date(), campaignId: id });
  const report = await buildReport(road.store, id);
  const counts = [0, 1, 2].map((variant) => expected.filter(([, one]) => one === variant).length);
  expect(report).toMatchObject({
    value: {
      byVariant: [
        { key: 'A order_ready', tried: counts[0], replied: 0 },
        { key: 'B visit_reminder', tried: counts[1], replied: 1 },
        { key: 'C delivery_update', tried: counts[2], replied: 0 },
      ],
      leads: expect.arrayContaining([expect.objectContaining({ measure: 'replied', best: 1, mayBeChance: true })]),
    },
  });
  if (!report.ok) throw new Error('no report');
  expect(renderText(report.value, { language: 'en', timezone: 'UTC' })).toMatch(/By variant.*\n.*A order_ready/);

  const again = await road.startTo([], {
    ...spec,
    audience: { kind: 'outcome', campaignId: id, states: ['accepted', 'sent', 'delivered', 'read'] },
    parameters: [
      { kind: 'column', column: 'p1' },
      { kind: 'column', column: 'p2' },
    ],
    variants: spec.variants.map(({ template, parameters }) => ({
      template,
      parameters: parameters.map((_, at) => ({ kind: 'column' as const, column: `p${at + 1}` })),
    })),
  });
  await road.campaigns.wait(again);
  const second = await road.store.deliveries.stream(again).toArray();
  expect(second.map(({ phone, variant, params }) => [phone, variant, params])).toEqual(expected);
});

test('counted links: each person gets a code of their own, a click is counted, and those who have not clicked can be written to', async () => {
  const phones = ordinaryPhones(4);
  const parameters = [
    { kind: 'text' as const, value: 'Анна' },
    { kind: 'link' as const, target: 'https://shop.example/sale' },
  ];
  const spec = { template: 'new_catalog', mediaUrl: 'https://example.com/a.png', parameters };
  const id = await road.startTo(phones, spec);
  await expect(road.campaigns.wait(id)).resolves.toMatchObject({ value: { state: 'completed', countsClicks: true } });
  const deliveries = await road.store.deliveries.stream(id).toArray();
  const { read } = createLinkCodes(await road.store.clicks.key());
  expect(deliveries.map(({ params }) => read(params[1]!))).toEqual(
    [0, 1, 2, 3].map((n) => ({ campaignId: id, n, variant: 0, position: 2 })),
  );
  await road.store.clicks.add([1, 1, 3].map((n) => ({ campaignId: id, n, at: new Date() })));
  const clicked = outcomeSource(id, 'clicked');
  const services = { ...road.store, crm: { people: () => noOne() }, lists: { rows: () => noOne() } };
  expect([...(await numbersOf(clicked, services))].sort()).toEqual([deliveries[1]!.phone, deliveries[3]!.phone].sort());
  expect([...(await numbersOf(outcomeSource(id, 'not_clicked'), services))].sort()).toEqual(
    [deliveries[0]!.phone, deliveries[2]!.phone].sort(),
  );
  const report = await buildReport(road.store, id);
  expect(report).toMatchObject({ value: { clicked: { people: 2, clicks: 3 } } });
  if (!report.ok) throw new Error('no report');
  expect(renderText(report.value, { language: 'ru', timezone: 'UTC' })).toMatch(
    /Перешли по ссылке +людей 2, раз 3 \(50 %\)/,
  );

  const elsewhere = await road.campaigns.create({
    ...{ name: 'elsewhere', audienceLabel: '1', createdBy: { kind: 'cli' as const } },
    ...{ template: 'order_ready', audience: { kind: 'phones' as const, phones }, parameters },
  });
  expect(elsewhere.ok ? [] : elsewhere.refusal.code).toBe('link_place');
});

async function* noOne(): AsyncGenerator<Person> {}

test.each<[string, object, string]>([
  ['of another category', { variants: [{ template: 'new_catalog', parameters: [] }] }, 'variant_category'],
  ['that is the same', { variants: [{ template: 'order_ready/ru', parameters: [] }] }, 'variants_alike'],
  [
    'that needs other parameters',
    { variants: [{ template: 'delivery_update', parameters: [] }] },
    'variant_parameters',
  ],
  ['that does not exist', { variants: [{ template: 'nothing', parameters: [] }] }, 'template_not_found'],
])('a variant %s is refused before anything is stored', async (_what, variants, code) => {
  const text = { kind: 'text' as const, value: 'x' };
  const made = await road.campaigns.create({
    ...{
      name: 'refused',
      template: 'order_ready',
      audienceLabel: '1',
      parameters: [text, text],
      createdBy: { kind: 'cli' },
    },
    audience: { kind: 'phones', phones: ordinaryPhones(1) },
    ...variants,
  });
  expect(made.ok ? [] : [made.refusal.code]).toEqual([code]);
});

test('exactly those who are included and not excluded get the message, everybody is accounted for, and the report says from where', async () => {
  const phones = ordinaryPhones(8);
  const earlier = await road.startTo(phones.slice(0, 2));
  await road.campaigns.wait(earlier);
  const names = ['Иванова Анна Петровна', 'ПЕТРОВ ИВАН', '', 'Мария'];
  const guests = await saveList(
    names.map((name, row) => ({
      phones: [phones[row + 1]!],
      columns: { ФИО: name, Долг: '1500,5' },
      origin: String(row + 2),
    })),
  );
  const staff = await saveList([{ phones: [phones[4]!], columns: {}, origin: '2' }]);

  const id = await road.startTo([], {
    template: 'order_ready',
    audience: {
      kind: 'combined',
      include: [
        { kind: 'list', listId: guests },
        { kind: 'phones', phones: [phones[2]!, phones[6]!, 'нет'] },
      ],
      exclude: [{ kind: 'list', listId: staff }, outcomeSource(earlier, 'reached')],
    },
    parameters: [
      {
        kind: 'column',
        column: 'ФИО',
        fallback: 'друг',
        transform: [{ name: 'first_name' }, { name: 'title_case' }],
      },
      { kind: 'column', column: 'Долг', fallback: '—', transform: [{ name: 'money', currency: 'RUB' }] },
    ],
  });
  const ended = await road.campaigns.wait(id);
  expect(ended).toMatchObject({
    ok: true,
    value: { state: 'completed', ledger: { total: 7, skipped: 4 }, skips: { excluded: 2, duplicate: 1, invalid_phone: 1 } },
  });
  const deliveries = await road.store.deliveries.stream(id).toArray();
  const sent = deliveries.filter(({ messageId }) => messageId !== undefined);
  expect(sent.map(({ phone, origin, params }) => [phone, origin, params.map((value) => value.replace(/\s/g, ' '))])).toEqual([
    [phones[2], '1:3', ['Иван', '1 500,50 ₽']],
    [phones[3], '1:4', ['друг', '1 500,50 ₽']],
    [phones[6], '2:2', ['друг', '—']],
  ]);
}); // prettier-ignore

test('a test of variants: its people first; asked by chance, an admin chooses, and the rest gets that one with its values, each once', async () => {
  const phones = ordinaryPhones(40);
  const guests = await saveList(
    phones.map((phone, row) => ({
      phones: [phone],
      // The last one lacks a value of variant B: whichever wins, they could not all be written to alike.
      columns: { ФИО: `Гость ${row}`, ...(row < 39 && { Долг: String(row) }) },
      origin: String(row + 2),
    })),
  );
  const [name, debt] = ['ФИО', 'Долг'].map((column) => ({ kind: 'column' as const, column }));
  const winner = { testPercent: 50, by: 'replies' as const, waitMs: 1_500, ifChance: 'ask' as const };
  const spec = {
    template: 'order_ready',
    audience: { kind: 'list' as const, listId: guests },
    parameters: [name!, { kind: 'text' as const, value: '7' }],
    variants: [{ template: 'visit_reminder', parameters: [debt!, name!] }],
    splitKey: 'winner',
    winner,
  };
  const isInTest = testOf({ winner, splitKey: 'winner', name: '' });
  const of = variantOf({ variants: [{}], splitKey: 'winner', name: '', winner })!;
  const inTest = phones.filter((phone, row) => isInTest(phone) && (row < 39 || of(phone) === 0));
  const before = await road.accepted();
  const id = await road.startTo([], spec);
  await waitFor(async () => (await road.store.campaigns.find(id))?.state === 'paused', {
    what: 'the question',
    limitMs: 60_000,
  });
  const asked = (await road.store.campaigns.find(id))!;
  expect(asked.stateReason).toMatchObject({ error: { code: 'winner_chance', values: { people: inTest.length } } });
  expect((await road.accepted()).accepted - before.accepted).toBe(inTest.length);
  expect(asked.winner).toMatchObject({ test: inTest.length, judged: { mayBeChance: true } });

  const by = { kind: 'cli' as const };
  await expect(road.campaigns.command(id, { command: 'chooseWinner', variant: 2, by })).resolves.toMatchObject({
    refusal: { code: 'winner_unknown' },
  });
  const chosen = await road.campaigns.command(id, { command: 'chooseWinner', variant: 1, by });
  expect(chosen).toMatchObject({ ok: true });
  await expect(road.campaigns.command(id, { command: 'chooseWinner', variant: 0, by })).resolves.toMatchObject({
    refusal: { code: 'winner_settled' },
  });
  const ended = await road.campaigns.wait(id);
  expect(ended).toMatchObject({ value: { state: 'completed', winnerTest: { settled: { variant: 1, by: 'cli' } } } });
  const deliveries = await road.store.deliveries.stream(id).toArray();
  const sent = deliveries.filter(({ state }) => state !== 'skipped');
  expect(sent.slice(0, inTest.length).map(({ phone, variant }) => [phone, variant])).toEqual(
    inTest.map((phone) => [phone, of(phone)]),
  );
  for (const { phone, variant, params, otherParams } of sent.slice(inTest.length)) {
    const row = phones.indexOf(phone!);
    expect([isInTest(phone!), variant, params, otherParams]).toEqual([
      false,
      1,
      [String(row), `Гость ${row}`],
      undefined,
    ]);
  }
  expect(await road.accepted()).toMatchObject({ accepted: before.accepted + sent.length });
  const report = await buildReport(road.store, id);
  if (!report.ok) throw new Error('no report');
  const { byVariant = [] } = report.value;
  expect(byVariant.reduce((sum, { tried }) => sum + tried, 0)).toBe(sent.length);
  expect(renderText(report.value, { language: 'en', timezone: 'UTC' })).toMatch(
    /To the rest went B visit_reminder,\s+chosen from the console/,
  );
});
