/** Erasing a person: nothing that tells who they are is left in any collection, and every count stays. */
import { MongoClient, type Db } from 'mongodb';
import type { Person } from '../../domain/audience';
import { buildReport } from '../../report/build';
import { documentsOf } from '../../receipts/receipt-document';
import { accept, campaignDocument, queued, startStore, type TestStore } from './support';

const PHONE = '+79001234567';
const OTHER = '+79007654321';
/** Every spelling of the number that is put anywhere below, and the name. */
const TRACES =
  /900\D{0,3}123\D{0,3}45\D{0,3}67|９００１２３|Анна|Иванова|wamid\.(?:x|HBgLNzkwMDEyMzQ1Njc)|RU\.1349(?!0)|NzkwMDEyMzQ1Njc/i;
/** WhatsApp's id of a message to PHONE. */
const WAMID = `HBgL${Buffer.from('79001234567\x15').toString('base64')}AgARGBI5`;
const USER = 'RU.1349';
/** Begins as the other's. */
const OTHER_USER = 'RU.13490';
const at = new Date('2026-11-01T10:00:00Z');
const by = { kind: 'cli' as const };

let own: TestStore;
let client: MongoClient;
let db: Db;
beforeEach(async () => {
  own = await startStore();
  client = await MongoClient.connect(own.uri);
  db = client.db();
  await fill();
});
afterEach(async () => {
  await client?.close();
  await own?.close();
});

async function fill(): Promise<void> {
  const { store } = own;
  await store.campaigns.insert(campaignDocument('done', { state: 'completed', spec: { name: 'Осень' } }));
  await store.deliveries.freeze('done', [
    queued(0, { phone: PHONE, original: '8 900 123-45-67', name: 'Анна', params: ['Анна'] }),
    queued(1, { phone: OTHER, name: 'Пётр', params: ['Пётр'] }),
    queued(2, { state: 'skipped', skipReason: 'duplicate', original: '＋7 ９００１２３ 45 67', name: 'Анна Иванова' }),
    queued(3, { state: 'skipped', skipReason: 'duplicate', original: '8 900 765-43-21', name: 'Пётр' }),
  ].map(({ phone, ...rest }) => ({ ...rest, ...(rest.state === 'queued' && phone ? { phone } : {}) }))); // prettier-ignore
  await accept(store, 'done', 0, 'm0');
  await accept(store, 'done', 1, 'm1');
  await db.collection('deliveries').updateOne({ n: 0 }, { $set: { whatsappId: 'wamid.x', detail: 'to 79001234567' } });
  await store.contacts.met([{ phone: PHONE, name: 'Анна' }, { phone: OTHER, name: 'Пётр' }], { source: 'list:a', at }); // prettier-ignore
  await store.contacts.addConsents([{ phone: PHONE, category: 'marketing', source: 'Анна сама', at, by }]);
  await store.contacts.removeConsents(PHONE, by);
  for (const [_id, phone] of [['wamid.1', PHONE], ['r2', OTHER]] as const) {
    await store.replies.save({ _id, phone, at, text: 'это Анна', campaignId: 'done' });
  } // prettier-ignore
  await store.possibleOptOuts.add({
    _id: 'unsure:wamid.x',
    at,
    by: 'reply',
    clear: false,
    phone: PHONE,
    name: 'Анна',
    text: 'стоп?',
  });
  await store.possibleOptOuts.addMessage('unsure:wamid.x', { chatId: 5, messageId: 9 });
  await db.collection('replies').updateOne({ phone: OTHER }, { $set: { text: 'да' } });
  const receipt = (id: string, event: object): { _id: string; receivedAt: Date; event: object; raw: string; tries: 0 } => ({ _id: id, receivedAt: at, event, raw: JSON.stringify(event), tries: 0 }); // prettier-ignore
  await store.receipts.save([
    receipt('1', { kind: 'receipt', messageId: 'm0', whatsappId: 'wamid.x' }),
    receipt('2', { kind: 'inbound', phone: PHONE, text: 'Анна' }),
    receipt('3', { kind: 'receipt', messageId: 'm1', destination: OTHER }),
  ]);
  await store.userIds.learn([
    { userId: USER, phone: PHONE, at },
    { userId: OTHER_USER, phone: OTHER, at },
  ]);
  await store.possibleOptOuts.add({
    _id: 's1',
    at,
    by: 'reply',
    clear: true,
    userId: USER,
    name: 'Анна',
    text: 'стоп',
  });
  await store.possibleOptOuts.add({
    _id: 's2',
    at,
    by: 'reply',
    clear: true,
    userId: OTHER_USER,
    name: 'Пётр',
    text: 'и 8(900)123-45-67 тоже',
  });
  await store.replies.save({ _id: 'r3', phone: OTHER, at, text: 'лучше звоните на +7 (900) 123-45-67 доб. 5' });
  const status = (gs_id: string, fields: object): object => ({
    id: `wamid.${gs_id}`,
    gs_id,
    status: 'delivered',
    timestamp: '1700000000',
    ...fields,
  });
  const batch = {
    object: 'whatsapp_business_account',
    entry: [
      {
        changes: [
          {
            field: 'messages',
            value: {
              contacts: [
                { wa_id: '79001234567', profile: { name: 'Анна' } },
                { wa_id: '79007654321', profile: { name: 'Пётр' } },
              ],
              statuses: [
                status('m0', { recipient_id: '79001234567', errors: [{ code: 1 }] }),
                status('m9', { recipient_id: '', recipient_user_id: USER }),
                { id: `wamid.${WAMID}`, gs_id: 'm8', status: 'read' },
                status('m1', { recipient_id: '79007654321' }),
                status('m7', { recipient_id: '', recipient_user_id: OTHER_USER }),
              ],
            },
          },
        ],
      },
    ],
  };
  await store.receipts.save([
    receipt('by-user-id', { kind: 'inbound', userId: USER, name: 'Анна' }),
    receipt('by-quote', { kind: 'inbound', contextMessageId: 'm0', name: 'Анна' }),
    receipt('new-number', { kind: 'identity', userId: 'RU.777', newPhone: PHONE }),
    ...[
      '{"type":"новость","who":{"phone":"79001234567","name":"Анна"}}',
      `{"type":"news","who":"${USER}"}`,
      `{"of":"wamid.${WAMID}=="}`,
      'tel=8 900 123-45-67&name=Анна',
    ].map((raw, n) => ({ ...receipt(`unknown-${n}`, { kind: 'other', type: 'news' }), raw })),
    {
      ...receipt('others-stop', { kind: 'inbound', userId: 'RU.555', text: 'СТОП, и 89001234567 уберите' }),
      nextTryAt: at,
      waitsFor: ['user:RU.555'],
    },
    { ...receipt('body:taken-apart', { kind: 'body' }), raw: JSON.stringify(batch) },
    { ...receipt('body:waits', { kind: 'body' }), raw: JSON.stringify({ ...batch, again: 1 }), nextTryAt: at },
    { ...receipt('body:broken', { kind: 'body' }), raw: '{"phone":"79001234567", "name":"Анна' },
  ]);
  const person = (phone: string, name: string): Person => ({ phones: [phone], columns: { name, phone }, origin: '2' });
  const head = { _id: 'l', name: 'l', columns: ['name', 'phone'], phoneColumn: 'phone', count: 3, createdAt: at, createdBy: by }; // prettier-ignore
  await store.lists.create(head, [person('8 (900) 123 45 67', 'Анна'), person('8 900 765 43 21', 'Пётр'), person('x', 'Олег')]); // prettier-ignore
  await store.campaigns.insert(
    campaignDocument('typed', {
      spec: {
        audience: { kind: 'combined', include: [{ kind: 'phones', phones: ['89001234567', OTHER] }], exclude: [] },
      },
    }),
  );
  await store.campaigns.insert(
    campaignDocument('single', {
      test: true,
      state: 'completed',
      spec: {
        audience: { kind: 'phones', phones: [PHONE] },
        parameters: [{ kind: 'text', value: 'Анна, ваш заказ готов' }],
      },
    }),
  );
  await store.sessions.set('chat/1', { draft: { phones: ['8-900-123-45-67'] } });
  await store.sessions.set('chat/2', { draft: { phones: [OTHER] } });
  await store.users.update(5, { testPhone: PHONE, testPhones: ['+79260000001', PHONE], language: 'ru' });
  await store.suppressions.add([{ phone: PHONE, reason: 'opted_out', scope: 'marketing', detail: 'Анна просила', createdAt: at, createdBy: by }]); // prettier-ignore
}

const NUMBERS = [
  '+79001234567',
  '8 (900) 123-45-67',
  '９００ １２３ ４５ ６７',
  '9OO-123-45-67',
  '٩٠٠١٢٣٤٥٦٧',
  '7.9001234567E+10',
];

/** Every place where an admin, the CRM or Gupshup may have written about somebody, in collections of all kinds. */
async function fillWords(): Promise<void> {
  const { store } = own;
  const words = (number: string): string => `для Анна Иванова (${number}), Иванова Анна`;
  for (const [n, number] of NUMBERS.entries()) {
    await db.collection<{ _id: string }>('campaigns').insertOne(
      campaignDocument(`words-${n}`, {
        state: 'failed',
        stateReason: { error: { code: '131030', detail: words(number), values: { who: number } } },
        spec: {
          name: words(number),
          note: words(number),
          audienceLabel: `${words(number)}.csv`,
          parameters: [{ kind: 'text', value: words(number) }],
          mediaUrl: `https://example.org/${number}.png`,
        },
      }) as never,
    );
    await store.deliveries.freeze(`words-${n}`, [queued(0, { phone: OTHER, params: [`от ${number}`] })]);
    await db.collection('deliveries').updateOne({ _id: `words-${n}:0` as never }, { $set: { detail: `of ${number}` } });
    await store.lists.create(
      { _id: `w${n}`, name: `${words(number)}.csv`, columns: [number], phoneColumn: number, count: 1, createdAt: at, createdBy: by },
      [{ phones: ['+79111111111'], columns: { [number]: number, note: { number: 79001234567, shown: '7,9E+10' } }, origin: '1' }],
    ); // prettier-ignore
    await store.writeBacks.mark('done', 'note', [{ leadId: 10 + n, state: 'refused', detail: words(number) }]);
    await store.crmCache.keep('a', `fields ${n}`, { value: [{ name: words(number) }], readAt: at });
    await store.senders.trip(`s${n}`, { code: '131042', detail: words(number) });
    await store.audit.record({ at, actor: by, action: 'suppression_removed', phone: OTHER, before: { detail: `см. ${number}` } }); // prettier-ignore
    await store.sessions.set(`chat/1${n}`, { draft: { name: `Анна Иванова ${n}`, note: number } });
    await db.collection<{ _id: string }>('receipts').insertOne({ _id: `e${n}`, event: { kind: 'inbound', phone: OTHER, text: `это ${number}` } } as never); // prettier-ignore
    await db.collection<{ _id: string }>('contacts').updateOne({ _id: OTHER }, { $push: { tags: `муж ${number}` } as never }); // prettier-ignore
    await store.snapshots.add('a', { takenAt: at, pipelines: [{ name: words(number) }] } as never);
    await db.collection<{ _id: string }>('notYetThought').insertOne({ _id: `n${n}`, deep: [{ down: words(number) }] } as never); // prettier-ignore
  }
  await store.sessions.set('chat/name', { draft: { name: 'для Анна Иванова' } });
  const head = { columns: ['phone'], phoneColumn: 'phone', count: 1, createdAt: at, createdBy: by };
  await store.lists.create({ ...head, _id: 'own', name: 'Анна с работы' }, [{ phones: [PHONE], columns: { phone: PHONE }, origin: '1' }]); // prettier-ignore
  // A lead of the CRM, alone.
  await store.campaigns.insert(
    campaignDocument('lead', {
      state: 'completed',
      spec: {
        name: 'Анна с работы',
        note: 'Анна просила',
        audience: { kind: 'crm', pipelineId: 1, statusId: 2 },
        audienceLabel: 'Анна',
        parameters: [{ kind: 'text', value: 'Анна, ждём' }],
      },
    }),
  );
  await store.deliveries.freeze('lead', [queued(0, { phone: PHONE, origin: '770011', params: ['Анна, ждём'] })]);
  await store.writeBacks.mark('lead', 'note', [{ leadId: 770011, state: 'refused', detail: 'Анна' }]);
}

async function everything(): Promise<string> {
  const collections = await db.collections();
  const contents = await Promise.all(collections.map(async (one) => [one.collectionName, await one.find().toArray()]));
  return JSON.stringify(contents);
}

test('nothing about them is left, everything about others is, and the counts are as before', async () => {
  const { store } = own;
  const ledger = (await store.deliveries.ledger('done')).ledger;
  expect(await everything()).toMatch(TRACES);

  expect(await store.erasure.erase(PHONE, { by, country: 'RU' })).toEqual({
    erased: { contacts: 1, deliveries: 2, replies: 1, receipts: 13, rows: 3, sessions: 1, suppressions: 1, words: 0 },
  });

  const left = await everything();
  expect(left).not.toMatch(TRACES);
  for (const kept of ['Пётр', OTHER, 'Олег', 'chat/2', 'm1', OTHER_USER, 'звоните на +* (***) ***-**-** доб. 5'])
    expect(left).toContain(kept);
  for (const id of ['body:taken-apart', 'body:waits']) {
    expect(
      documentsOf((await store.receipts.raw(id))!, at)
        .slice(1)
        .map(({ event }) => (event as { messageId?: string }).messageId),
    ).toEqual(['m1', 'm7']);
  }
  expect(await store.receipts.raw('body:broken')).toBeUndefined();
  expect(
    (await store.receipts.pending({ now: new Date(), limit: 9 })).find(({ _id }) => _id === 'others-stop')!.event,
  ).toMatchObject({ text: 'СТОП, и *********** уберите' });
  expect(await store.userIds.phoneOf(OTHER_USER)).toBe(OTHER);
  expect(await store.possibleOptOuts.open('unnamed', 9)).toMatchObject([
    { _id: 's2', userId: OTHER_USER, text: 'и *(***)***-**-** тоже' },
  ]);
  // That there were possible STOPs stays; the message in Telegram that shows one is put right by the bot.
  expect(await store.possibleOptOuts.shownOpen()).toMatchObject([
    { at, by: 'reply', answer: { choice: 'erased', by }, messages: [{ chatId: 5, messageId: 9 }] },
  ]);
  expect(await db.collection('possibleOptOuts').countDocuments({ 'answer.choice': 'erased' })).toBe(2);
  expect((await store.deliveries.ledger('done')).ledger).toEqual(ledger);
  expect(await store.deliveries.find('done', 0)).toMatchObject({ state: 'accepted', messageId: 'm0', params: [] });
  expect((await store.history.of(OTHER, 5)).deliveryCount).toBe(1);
  const people: Person[] = [];
  for await (const one of store.lists.rows('l')) people.push(one);
  expect(people).toHaveLength(3);
  expect(people[0]).toEqual({ phones: [], columns: { name: '', phone: '' }, origin: '2' });
  expect(await db.collection('replies').countDocuments({ campaignId: 'done' })).toBe(2);
  expect(await db.collection('replies').countDocuments()).toBe(3);
  expect(await store.users.find(5)).toEqual({ _id: 5, language: 'ru', testPhones: ['+79260000001'] });
  const [entry] = await db.collection('audit').find({ action: 'contact_erased' }).toArray();
  expect(entry).toMatchObject({ actor: by, before: { deliveries: 2 } });
  // Done again it finds nothing.
  expect(await store.erasure.erase(PHONE, { by, country: 'RU' })).toMatchObject({ erased: { contacts: 0, deliveries: 0, rows: 0, replies: 0 } }); // prettier-ignore
});

test('nor is it in any words that others wrote or an outside service answered, whatever the spelling and the collection', async () => {
  const { store } = own;
  await fillWords();
  const before = await store.writeBacks.counts('lead');
  expect(await store.erasure.erase(PHONE, { by, country: 'RU' })).toHaveProperty('erased');

  const left = await everything();
  const traces = new RegExp(`.{40}(?:${TRACES.source}|770011|9OO|٩٠٠|7\\.9001|９００).{40}`, 'gi');
  expect([...left.matchAll(traces)].map(([found]) => found)).toEqual([]);
  expect(left).toContain('для **** ******* (');
  expect(await store.writeBacks.counts('lead')).toEqual(before);
  expect((await store.campaigns.find('lead'))!.spec).toMatchObject({ name: 'erased', parameters: [{ value: '' }] });
  expect((await store.lists.find('own'))!.name).toBe('erased');
  expect(await store.audit.of(OTHER, 9)).toHaveLength(NUMBERS.length);
  expect(await store.erasure.erase(PHONE, { by, country: 'RU' })).toMatchObject({ erased: { words: 0 } });
});

test.each([
  ['another number that ends like it', 'звоните 8 (800) 123-45-67'],
  ['another in full', '+78001234567'],
  ['another country', '+1 900 123 4567'],
  ['a sum', '1 001 234 567 ₽'],
  ['a first name alone', 'для Анны и Анна'],
])('what only looks like it stays: %s', async (_what, text) => {
  await db.collection<{ _id: string }>('notYetThought').insertOne({ _id: 'n', text } as never);
  await own.store.erasure.erase(PHONE, { by, country: 'RU' });
  expect(await db.collection<{ _id: string }>('notYetThought').findOne({ _id: 'n' })).toMatchObject({ text });
});

test('what a campaign that goes on, or a draft, tells others stays as it is', async () => {
  const { store } = own;
  const parameters = [{ kind: 'text' as const, value: `Вопросы: ${PHONE}` }];
  const spec = { name: `Весна ${PHONE}`, parameters };
  for (const state of ['draft', 'scheduled'] as const)
    await db.collection('campaigns').insertOne(campaignDocument(state, { state, spec }) as never);
  await store.deliveries.freeze('scheduled', [queued(0, { phone: OTHER, params: [parameters[0]!.value] })]);
  await store.erasure.erase(PHONE, { by, country: 'RU' });
  for (const state of ['draft', 'scheduled'])
    expect((await store.campaigns.find(state))!.spec).toMatchObject({ name: 'Весна +***********', parameters });
  expect((await store.deliveries.find('scheduled', 0))!.params).toEqual([parameters[0]!.value]);
});

test('reports still know which source of a combined audience an erased person came from', async () => {
  const { store } = own;
  const include = [{ kind: 'phones' as const, phones: [] }, { kind: 'list' as const, listId: 'l' }]; // prettier-ignore
  await store.campaigns.insert(
    campaignDocument('both', { state: 'completed', spec: { audience: { kind: 'combined', include, exclude: [] } } }),
  );
  await store.deliveries.freeze('both', [queued(0, { phone: PHONE, origin: '2:4815' })]);
  await store.erasure.erase(PHONE, { by, country: 'RU' });
  expect((await store.deliveries.find('both', 0))!.origin).toBe('2:erased');
  expect((await store.deliveries.find('done', 0))!.origin).toBe('erased');
  expect((await buildReport(store, 'both')).ok).toBe(true);
});

test('whoever wished no messages gets none after that either: the number is recognised, not kept', async () => {
  const { suppressions, erasure } = own.store;
  await erasure.erase(PHONE, { by, country: 'RU' });
  const [listed] = await suppressions.list({ limit: 5 });
  expect(listed).toMatchObject({ phone: expect.stringMatching(/^erased:/), reason: 'opted_out', scope: 'marketing' });
  expect(listed).not.toHaveProperty('detail');
  expect(await suppressions.among([OTHER, PHONE], 'MARKETING')).toEqual(
    new Map([[PHONE, expect.objectContaining({ phone: PHONE, reason: 'opted_out' })]]),
  );
  expect(await suppressions.of(PHONE)).toHaveLength(1);
  expect(await suppressions.remove(PHONE, by)).toHaveLength(1);
  expect(await suppressions.among([PHONE], 'MARKETING')).toEqual(new Map());
});

test('unless they wish to be written to again', async () => {
  const { suppressions, erasure } = own.store;
  await erasure.erase(PHONE, { by, country: 'RU' });
  expect(await erasure.erase(PHONE, { by, country: 'RU', forgetSuppressions: true })).toMatchObject({ erased: { suppressions: 1 } }); // prettier-ignore
  expect(await suppressions.among([PHONE], 'MARKETING')).toEqual(new Map());
});

test.each(['running', 'paused', 'settling'] as const)(
  'nothing is erased while a campaign that is %s may still write to them',
  async (state) => {
    const { store } = own;
    await store.campaigns.insert(campaignDocument('now', { state, spec: { name: 'Сейчас' } }));
    await store.deliveries.freeze('now', [queued(0, { phone: PHONE })]);
    const before = await everything();
    expect(await store.erasure.erase(PHONE, { by, country: 'RU' })).toEqual({ busy: [{ id: 'now', name: 'Сейчас' }] });
    expect(await everything()).toBe(before);
    await store.deliveries.skipQueued('now', 'cancelled');
    expect(await store.erasure.erase(PHONE, { by, country: 'RU' })).toHaveProperty('erased');
  },
);

test('of a person with several spellings all go, and nobody goes whose number only ends like theirs', async () => {
  const { store } = own;
  const [written, named] = ['+5551991234567', '555191234567'];
  const event = (id: string, raw: string): Parameters<typeof store.receipts.save>[0][number] => ({ _id: id, receivedAt: at, event: { kind: 'other', type: 'news' }, raw, tries: 0 }); // prettier-ignore
  await store.userIds.learn([{ userId: 'BR.1', phone: `+${named}`, at }]);
  await store.receipts.save([
    event('named', `{"p":"${named}"}`),
    event('written', `{"p":"${written}"}`),
    event('dialled', '{"dial_code":"5191234567"}'),
    event('user', '{"u":"BR.1"}'),
    event('another', '{"p":"552141234567","t":1700234567}'),
  ]);
  await store.erasure.erase(written, { by, country: 'RU' });
  for (const id of ['named', 'written', 'dialled', 'user']) expect(await store.receipts.raw(id)).toBeUndefined();
  expect(await store.receipts.raw('another')).toBeDefined();
  expect(await store.userIds.phoneOf('BR.1')).toBeUndefined();
});

test('their receipts go from what has not been looked at, from records of several, and no others with them', async () => {
  const { store } = own;
  const receipt = (n: number, to: string): string =>
    JSON.stringify({
      app: 'DemoApp', timestamp: 1_700_000_000_000, version: 2, type: 'message-event',
      payload: { id: `wa-${n}`, gsId: `gs-${n}`, type: 'read', destination: to.slice(1), payload: { ts: 1_700_000_000 } },
    }); // prettier-ignore
  const come = (...to: string[]): Promise<number> =>
    store.receipts.save(to.flatMap((phone, n) => documentsOf(receipt(n, phone), at)));
  const due = () => store.receipts.pending({ now: new Date(), limit: 1_000 });
  const waited = new Set((await due()).map(({ _id }) => _id));
  await come(PHONE, OTHER, PHONE, OTHER);
  const looked = (await due()).filter(({ _id }) => !waited.has(_id));
  expect(looked).toHaveLength(4);
  await store.receipts.applied(looked);
  await come(OTHER, PHONE, OTHER, PHONE, PHONE);
  await store.erasure.erase(PHONE, { by, country: 'RU' });

  expect(await everything()).not.toMatch(TRACES);
  const records = await db.collection<{ events?: object[] }>('receipts').find({ events: { $exists: true } }).toArray(); // prettier-ignore
  expect(records.flatMap(({ events = [] }) => events)).toHaveLength(2);
  expect((await due()).filter(({ _id }) => !waited.has(_id))).toHaveLength(2);
});
