/** Lists, templates, sessions and users, as the bot and the console keep them. */
import type { Person } from '../../domain/audience';
import type { ListDocument } from '../../store/documents';
import { template } from '../domain/samples';
import { startStore, type TestStore } from './support';

let own: TestStore;
beforeAll(async () => {
  own = await startStore();
});
afterAll(() => own?.close());

const at = (second: number): Date => new Date(1_700_000_000_000 + second * 1000);

describe('a saved list', () => {
  const head = (id: string, name: string, second: number): ListDocument => ({
    _id: id, name, columns: ['phone', 'Имя'], phoneColumn: 'phone', count: 1, createdAt: at(second), createdBy: { kind: 'cli' },
  }); // prettier-ignore

  async function rowsOf(id: string): Promise<Person[]> {
    const people: Person[] = [];
    for await (const person of own.store.lists.rows(id)) people.push(person);
    return people;
  }

  test('gives its people in the order of the file, also over many documents', async () => {
    const people = Array.from({ length: 1203 }, (_, n): Person => ({ phones: [`8900${n}`], columns: { Имя: `И${n}` }, origin: String(n + 2) }));
    await own.store.lists.create(head('long', 'long', 1), people);
    expect(await rowsOf('long')).toEqual(people);
    expect(await rowsOf('nobody')).toEqual([]);
  }); // prettier-ignore

  test('keeps columns whatever their names', async () => {
    const columns = { 'Тел.': '1', $price: '2', 'a.b.c': '3', '': '4', 'с пробелом ': '5' };
    await own.store.lists.create(head('odd', 'odd', 1), [{ phones: [], columns, origin: '2' }]);
    expect(await rowsOf('odd')).toEqual([{ phones: [], columns, origin: '2' }]);
  });

  test('of very long rows is kept in documents that MongoDB takes', async () => {
    const people = Array.from({ length: 200 }, (_, n): Person => ({ phones: [], columns: { note: 'я'.repeat(60_000) }, origin: String(n) })); // prettier-ignore
    await own.store.lists.create(head('wide', 'wide', 1), people);
    expect((await rowsOf('wide')).map(({ origin }) => origin)).toEqual(people.map(({ origin }) => origin));
  });

  test('that is written in batches cannot be found before its end, and leaves nothing when it is discarded', async () => {
    const writer = own.store.lists.writer('slow');
    await writer.add(Array.from({ length: 300 }, (_, n): Person => ({ phones: [], columns: {}, origin: String(n) })));
    expect(await own.store.lists.find('slow')).toBeUndefined();
    expect(await rowsOf('slow')).toHaveLength(250);
    await writer.discard();
    expect(await rowsOf('slow')).toEqual([]);
  });

  test('is found by its id or name, the newest of a name', async () => {
    const { lists } = own.store;
    await lists.create(head('old', 'clients', 10), []);
    await lists.create(head('new', 'clients', 12), []);
    await lists.create(head('other', 'else', 11), []);
    expect((await lists.find('clients'))!._id).toBe('new');
    expect((await lists.find('old'))!._id).toBe('old');
    expect(await lists.find('nobody')).toBeUndefined();
    expect((await lists.all(3)).map(({ _id }) => _id)).toEqual(['new', 'other', 'old']);
  });
});

describe('stored templates', () => {
  const named = (...names: string[]): ReturnType<typeof template>[] =>
    names.map((name) => template({ id: name, name }));
  const namesOf = async (sender: string): Promise<string[]> =>
    (await own.store.templates.list(sender)).templates.map(({ name }) => name);

  test('are replaced as a whole, each sender’s alone, and come back as they were', async () => {
    const { templates } = own.store;
    await templates.replace('one', named('a', 'b'), at(1));
    await templates.replace('two', named('z'), at(1));
    await templates.replace('one', named('c', 'b'), at(2));
    expect(await templates.list('one')).toEqual({ templates: named('b', 'c'), syncedAt: at(2) });
    expect(await namesOf('two')).toEqual(['z']);
    await templates.replace('one', [], at(3));
    expect(await templates.list('one')).toEqual({ templates: [] });
  });

  test('stay whole when two readings come at once, in whatever order they end', async () => {
    const { templates } = own.store;
    const list = named(...Array.from({ length: 30 }, (_, n) => `t${String(n).padStart(2, '0')}`));
    for (let round = 0; round < 5; round++) {
      await Promise.all([2, 1, 3].map((second) => templates.replace('busy', list, at(round * 10 + second))));
      expect(await namesOf('busy')).toEqual(list.map(({ name }) => name));
    }
    // The same, with the older reading's writes between the newer one's writes and its clearing away.
    await templates.replace('busy', list, at(100));
    await templates.replace('busy', list, at(99));
    await templates.replace('busy', list, at(100));
    expect(await namesOf('busy')).toEqual(list.map(({ name }) => name));
  });

  test('take what an event says, by Gupshup’s id or by name and language, and tell which they are', async () => {
    const { templates } = own.store;
    await templates.replace('events', named('a', 'b'), at(10));
    expect(await templates.change('events', { id: 'a' }, { status: 'REJECTED', reason: 'Spam' }, at(11))).toEqual(['a']);
    expect(await templates.change('events', { id: 'metas', name: 'b', language: 'ru' }, { quality: 'RED' }, at(11))).toEqual(['b']);
    expect(await templates.list('events')).toEqual({
      templates: [template({ id: 'a', name: 'a', status: 'REJECTED', reason: 'Spam' }), template({ id: 'b', name: 'b', quality: 'RED' })],
      syncedAt: at(10),
    });
    await templates.change('events', { id: 'a' }, { status: 'APPROVED' }, at(12));
    expect((await templates.list('events')).templates[0]).toEqual(template({ id: 'a', name: 'a' }));
  }); // prettier-ignore

  test('do not go back to what an older event or one from before the last reading says', async () => {
    const { templates } = own.store;
    const status = async (): Promise<string> => (await templates.list('late')).templates[0]!.status;
    await templates.replace('late', named('a'), at(10));
    await templates.change('late', { id: 'a' }, { status: 'PAUSED' }, at(5));
    expect(await status()).toBe('APPROVED');
    await templates.change('late', { id: 'a' }, { status: 'DISABLED' }, at(20));
    await templates.change('late', { id: 'a' }, { status: 'PAUSED' }, at(19));
    expect(await status()).toBe('DISABLED');
    await templates.replace('late', named('a'), at(30));
    expect(await status()).toBe('APPROVED');
  });

  test('are stale once an event names one that is not there, until they are read again', async () => {
    const { templates } = own.store;
    await templates.replace('new', named('a'), at(10));
    expect(await templates.change('new', { id: 'b', name: 'b', language: 'ru' }, { status: 'APPROVED' }, at(11))).toEqual([]);
    expect(await templates.list('new')).toEqual({ templates: named('a'), syncedAt: at(10), stale: true });
    await templates.replace('new', named('a', 'b'), at(12));
    expect(await templates.list('new')).toEqual({ templates: named('a', 'b'), syncedAt: at(12) });
    expect(await templates.change('new', {}, { status: 'APPROVED' }, at(12))).toEqual([]);
  }); // prettier-ignore
});

test('a session is kept, replaced, forgotten', async () => {
  const { sessions } = own.store;
  expect(await sessions.get('1:1')).toBeUndefined();
  await sessions.set('1:1', { step: 'audience', draft: { params: ['{{1}}', '$x'] } });
  await sessions.set('1:1', { step: 'time' });
  await sessions.set('2:2', { step: 'name' });
  expect(await sessions.get('1:1')).toEqual({ step: 'time' });
  await sessions.delete('1:1');
  expect(await sessions.get('1:1')).toBeUndefined();
  expect(await sessions.get('2:2')).toEqual({ step: 'name' });
});

describe('a user of the bot', () => {
  test('keeps what is set, one thing at a time', async () => {
    const { users } = own.store;
    await users.update(5, { language: 'en' });
    await users.update(5, { testPhone: '+79260000000', unreachableSince: at(1) });
    expect(await users.find(5)).toEqual({ _id: 5, language: 'en', testPhone: '+79260000000', unreachableSince: at(1) });
    await users.markReachable(5);
    await users.markReachable(404);
    expect(await users.find(5)).toEqual({ _id: 5, language: 'en', testPhone: '+79260000000' });
    expect(await users.find(404)).toBeUndefined();
  });

  test('is turned away once, however many ask at once', async () => {
    const { users } = own.store;
    const first = await Promise.all(Array.from({ length: 10 }, () => users.turnAway(6666, at(1))));
    expect(first.filter(Boolean)).toHaveLength(1);
    expect(await users.turnAway(6666, at(2))).toBe(false);
    await users.update(7, { language: 'ru' });
    expect(await users.turnAway(7, at(2))).toBe(true);
  });
});
