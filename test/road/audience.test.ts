/** The whole road of a combined audience: several sources, less others, with parameters made of columns. */
import { nanoid } from 'nanoid';
import { controlOf } from '../../domain/control-group';
import { outcomeSource, type Person } from '../../domain/audience';
import { ordinaryPhones, startRoad, type Road } from '../support/road';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(60_000);
let road: Road;
beforeAll(async () => {
  quietRuntime();
  road = await startRoad();
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
  const control = { controlPercent: 30, controlKey: 'held' };
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
