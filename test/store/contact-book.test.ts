/** Contacts as they are met in files and campaigns: names, tags, where and when; finding them; their history. */
import { MongoClient } from 'mongodb';
import { searchable, searchKeysOf } from '../../store/contact-meetings';
import type { ContactDocument } from '../../store/documents';
import { campaignDocument, freeze, phoneOf, startStore, type TestStore } from './support';

let own: TestStore;
beforeAll(async () => {
  own = await startStore();
});
afterAll(() => own?.close());

const at = (day: number): Date => new Date(1_700_000_000_000 + day * 86_400_000);
const phones = (found: ContactDocument[]): string[] => found.map(({ _id }) => _id);

test('two contacts of a CRM with one number are one: both names, both sources, the newest first', async () => {
  const { contacts } = own.store;
  const phone = '+79260001001';
  await contacts.met([{ phone, name: 'Анна' }], { source: 'list:one', at: at(1) });
  await contacts.addConsents([{ phone, category: 'marketing', source: 'form', at: at(1), by: { kind: 'cli' } }]);
  await contacts.tag([phone], { add: ['vip'] });
  await contacts.met([{ phone, name: 'Анна Иванова' }, { phone, name: '$name' }], { source: 'campaign:two', at: at(5) }); // prettier-ignore
  await contacts.met([{ phone, name: 'Анна' }, { phone: '+79260001002' }], { source: 'list:one', at: at(3) });
  expect(await contacts.find(phone)).toEqual({
    _id: phone,
    consents: [expect.objectContaining({ category: 'marketing' })],
    names: ['$name', 'Анна Иванова', 'Анна'],
    search: ['$name', 'анна иванова', 'анна'],
    searchKeys: expect.arrayContaining(['анн', 'ива', 'анн ива', 'nam']),
    numberEnd: '1001',
    tags: ['vip'],
    sources: ['campaign:two', 'list:one'],
    firstSeenAt: at(1),
    lastSeenAt: at(5),
  });
  expect(await contacts.find('+79260001002')).toEqual({
    _id: '+79260001002',
    consents: [],
    numberEnd: '1002',
    sources: ['list:one'],
    firstSeenAt: at(3),
    lastSeenAt: at(3),
  });
});

test('names and sources of a number do not grow without end', async () => {
  const { contacts } = own.store;
  for (let n = 0; n < 25; n++) {
    await contacts.met([{ phone: '+79260001003', name: `Имя ${n}` }], { source: `list:${n}`, at: at(n) });
  }
  const found = await contacts.find('+79260001003');
  expect(found!.names!.slice(0, 2)).toEqual(['Имя 24', 'Имя 23']);
  expect([found!.names!.length, found!.sources!.length]).toEqual([10, 20]);
});

describe('finding contacts', () => {
  beforeAll(async () => {
    const { contacts } = own.store;
    await contacts.met([{ phone: '+79265550001', name: 'Фёдор  Петров' }, { phone: '+79265550002', name: 'Пётр (мастер)' }], { source: 'list:x', at: at(100) }); // prettier-ignore
    await contacts.met([{ phone: '+4915123456789', name: 'Petra' }], { source: 'list:y', at: at(200) });
    await contacts.tag(['+79265550001', '+4915123456789'], { add: ['шины', 'vip!'] });
  });

  test.each([
    ['фед', ['+79265550001']],
    ['ПЕТРОВ федор', ['+79265550001']],
    ['петр петров', ['+79265550001']],
    ['пётр', ['+79265550001', '+79265550002']],
    ['(мастер', ['+79265550002']],
    ['.*', []],
    ['стер', []],
    ['555-00-0', ['+79265550001', '+79265550002']],
    ['8 926 555 00 02', ['+79265550002']],
    ['926 555 00 02', ['+79265550002']],
    ['9265550002 ', ['+79265550002']],
    ['+7 (926) 555-00-01', ['+79265550001']],
    ['79265559999', []],
    ['+49', ['+4915123456789']],
    ['49', ['+4915123456789']],
    ['5551', []],
    ['+7 926 5550', ['+79265550001', '+79265550002']],
    ['6789', ['+4915123456789']],
    // Nobody's ends so.
    ['2345', ['+4915123456789']],
    ['8 (926) 555-00-01', ['+79265550001']],
  ])('by a part of a name or number: %p', async (text, expected) => {
    const { found, count } = await own.store.contacts.search({ text }, 10);
    expect(phones(found)).toEqual(expected);
    expect(count).toBe(await own.store.contacts.count({ text }));
    expect(await own.store.contacts.count({ text })).toBe(expected.length);
  });

  test('an end is meant, where somebody has it; any part where nobody does', async () => {
    const { contacts } = own.store;
    await contacts.met([{ phone: '+79261237007' }, { phone: '+79267007123' }], { source: 'list:e', at: at(150) });
    const found = async (text: string): Promise<string[]> => phones((await contacts.search({ text }, 10)).found);
    expect(await found('70 07')).toEqual(['+79261237007']);
    expect(await found('123-70-07')).toEqual(['+79261237007']);
    expect(await found('70071')).toEqual(['+79267007123']);
    const streamed: string[] = [];
    for await (const { _id } of contacts.stream({ text: '7007' })) streamed.push(_id);
    expect(streamed).toEqual(['+79261237007']);
  });

  test('whoever is called exactly so comes first', async () => {
    const { contacts } = own.store;
    await contacts.met([{ phone: '+79265557001', name: 'Иван 1' }], { source: 'list:i', at: at(300) });
    await contacts.met([{ phone: '+79265557002', name: 'Иван 12' }, { phone: '+79265557003', name: 'Иван 13' }], { source: 'list:i', at: at(301) }); // prettier-ignore
    const { found, count } = await contacts.search({ text: ' ИВАН  1' }, 3);
    expect(count).toBe(await contacts.count({ text: ' ИВАН  1' }));
    expect(phones(found)).toEqual(['+79265557001', '+79265557002', '+79265557003']);
    expect((await contacts.search({ text: 'иван 1' }, 1)).found).toHaveLength(1);
  });

  test('by tag, those met last first, no more than wanted', async () => {
    const { contacts } = own.store;
    expect(phones((await contacts.search({ tag: 'шины' }, 10)).found)).toEqual(['+4915123456789', '+79265550001']);
    expect(phones((await contacts.search({ tag: 'шины', text: 'фёдор' }, 10)).found)).toEqual(['+79265550001']);
    expect(phones((await contacts.search({}, 4)).found).at(-1)).toBe('+4915123456789');
  });

  test('tags are counted, and taken away again', async () => {
    const { contacts } = own.store;
    expect(await contacts.tag(['+79265550001', '+79990000000'], { add: ['a'], remove: ['vip!'] })).toBe(1);
    expect(await contacts.tags()).toEqual(expect.arrayContaining([{ tag: 'a', count: 1 }, { tag: 'vip!', count: 1 }, { tag: 'шины', count: 2 }])); // prettier-ignore
  });
});

test('the history of a number: deliveries over all campaigns and replies', async () => {
  const { store } = own;
  await store.campaigns.insert(campaignDocument('h1', { spec: { name: 'Осень' } }));
  await freeze(store, 'h1', 3);
  const phone = phoneOf(1);
  await store.replies.save({ _id: 'r1', phone, at: at(3), text: 'да', campaignId: 'h1' });
  expect(await store.history.of(phone, 5)).toEqual({
    deliveries: [{ campaignId: 'h1', campaignName: 'Осень', template: expect.any(String), n: 1, state: 'queued' }],
    deliveryCount: 1,
    replies: [{ _id: 'r1', phone, at: at(3), text: 'да', campaignId: 'h1' }],
    replyCount: 1,
  });
});

test('an audience makes contacts of those that are none, and of the others notes another name only', async () => {
  const { contacts } = own.store;
  const known = await contacts.find('+79265550001');
  const people = [{ phone: '+79265550001', name: 'Другой' }, { phone: '+79265559999', name: 'Новый' }]; // prettier-ignore
  await contacts.met(people, { source: 'campaign:c', at: at(900), namesOnly: true });
  const names = ['Другой', ...known!.names!];
  expect(await contacts.find('+79265550001')).toEqual({
    ...known,
    names,
    search: ['другой', ...known!.search!],
    searchKeys: [...known!.searchKeys!, 'дру'],
  });
  expect(await contacts.find('+79265559999')).toMatchObject({ names: ['Новый'], sources: ['campaign:c'] });
});

test('many at once, from several processes: each is one contact', async () => {
  const people = Array.from({ length: 1_200 }, (_, n) => ({ phone: phoneOf(n), name: `Клиент ${n}` }));
  await Promise.all(['a', 'b'].map((source) => own.store.contacts.met(people, { source, at: at(1) })));
  expect(await own.store.contacts.count({ text: 'клиент' })).toBe(1_200);
});

test('a name among many is found without reading them all', async () => {
  const { store } = own;
  const client = await MongoClient.connect(own.uri);
  const many = client.db().collection<ContactDocument>('contacts');
  await many.insertMany(
    Array.from({ length: 10_000 }, (_, n) => {
      const names = [n % 2 ? `Сергей Кузнецов${n}` : `Ольга Петрова${n}`];
      return {
        ...{ _id: `+7999${String(n).padStart(7, '0')}`, consents: [], names, search: names.map(searchable) },
        ...{ searchKeys: searchKeysOf(names), lastSeenAt: at(n / 1000) },
      };
    }),
    { ordered: false },
  );
  await store.contacts.met([{ phone: '+79265554321', name: 'Ярослав Щербатых' }, { phone: '+79265554322', name: 'Ольга Кузнецова' }], { source: 'list:z', at: at(1) }); // prettier-ignore
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const startedAt = performance.now();
    await work();
    return performance.now() - startedAt;
  };
  const search = async (text: string): Promise<ContactDocument[]> => (await store.contacts.search({ text }, 50)).found;
  expect(phones(await search('щерба яро'))).toEqual(['+79265554321']);
  expect(phones(await search('кузнец ольга'))).toEqual(['+79265554322']);
  const scan = await timed(() => many.find({ search: { $regex: 'щерба' } }).toArray());
  const [one, none, whole, both] = [
    await timed(() => search('щерба яро')),
    await timed(() => search('эдуард')),
    await timed(() => search('щербатых')),
    // Half of all have the first name, the others the last one.
    await timed(() => search('Ольга Кузнецова')),
  ];
  await client.close();
  // A ratio: the machine may be busy. A search is two statements.
  expect(Math.max(one, none, whole, both)).toBeLessThan(scan / 2);
});
