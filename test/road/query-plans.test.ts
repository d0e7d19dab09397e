/**
 * No query reads the whole of a collection that grows with every campaign: a campaign is sent, answered, retried,
 * reported and erased from, and each query that came names a field that an index begins with. SecantusDB's explain is no
 * witness: it says COLLSCAN of queries for which it takes an index (`find` with an equality and an `$in`).
 */
import { MongoClient, type Document } from 'mongodb';
import { databaseOf } from '../../store/connect';
import { runHere, settingsFor } from '../cli/harness';
import { onRoad, ordinaryPhones, phoneEnding } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

/** One document or more for each message or person. */
const GROWING = [
  'audit', 'clicks', 'contacts', 'deliveries', 'deliveryMessages', 'deliveryPhones', 'receipts', 'replies', 'suppressions',
]; // prettier-ignore

/** Asked for one document. */
const MAY = [
  // Whether the database is new: the first document ends it.
  'find audit {"_id":{"$nin":[]}}', 'find contacts {"_id":{"$nin":[]}}', 'find deliveries {"_id":{"$nin":[]}}', 'find receipts {"_id":{"$nin":[]}}', 'find suppressions {"_id":{"$nin":[]}}',
]; // prettier-ignore

interface Query {
  collection: string;
  filter: Document;
  /** The field that it is first sorted by, if it ends after some. */
  firstBy?: string;
  /** For messages: without values. */
  shape: string;
}

const seen = new Map<string, Query>();
const { connect } = MongoClient.prototype;
jest.spyOn(MongoClient.prototype, 'connect').mockImplementation(function (this: MongoClient) {
  // The driver's own setter, which its types leave out.
  Object.assign(this, { monitorCommands: true });
  this.on('commandStarted', ({ commandName, command }) => {
    for (const filter of filtersOf(command)) {
      const collection = String(command[commandName]);
      const shape = `${commandName} ${collection} ${JSON.stringify(filter, withoutValue)}`;
      const firstBy = command['limit'] > 0 ? firstOf(command['sort']) : undefined;
      seen.set(shape, { collection, filter, shape, ...(firstBy && { firstBy }) });
    }
  });
  return connect.call(this);
});

function filtersOf(command: Document): Document[] {
  const { find, count, distinct, findAndModify, aggregate, updates, deletes, filter, query, pipeline } = command;
  if (find !== undefined) return [filter ?? {}];
  if (count !== undefined || distinct !== undefined || findAndModify !== undefined) return [query ?? {}];
  if (aggregate !== undefined) return [pipeline[0]?.$match ?? {}];
  return [...(updates ?? []), ...(deletes ?? [])].map(({ q }: Document) => q);
}

/** The driver keeps the order of a sort in a map. */
function firstOf(sort: Map<string, unknown> | Document | undefined): string | undefined {
  return sort instanceof Map ? [...(sort.keys() as Iterable<string>)][0] : Object.keys(sort ?? {})[0];
}

function withoutValue(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return key.startsWith('$') && key !== '$in' && key !== '$nin' ? value : [];
  if (value !== null && typeof value === 'object' && !(value instanceof RegExp)) return value;
  return '?';
}

/** Whether an index that begins with the field finds what the clause wants. SecantusDB finds no range of `_id`s by one. */
function narrows(field: string, clause: unknown): boolean {
  if (clause === null || typeof clause !== 'object' || clause instanceof Date) return true;
  const finds = field === '_id' ? ['$eq', '$in'] : ['$eq', '$in', '$gt', '$gte', '$lt', '$lte', '$exists'];
  return Object.keys(clause).some((operator) => finds.includes(operator));
}

beforeAll(() => quietRuntime());

test('every query on a collection that grows is by an index', async () => {
  await onRoad({ sendsPerSecond: 50 }, async (road) => {
    const cli = async (...words: string[]): Promise<void> => {
      const { stderr, exitCode } = await runHere(words, settingsFor(road.mongodbUri));
      if (exitCode !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
    };
    const [first = '', second = ''] = ordinaryPhones(40);
    const id = await road.startTo([...ordinaryPhones(40), phoneEnding('001'), phoneEnding('002'), phoneEnding('003')]);
    await waitFor(async () => (await road.store.campaigns.find(id))?.state === 'completed', { what: 'its end', limitMs: 60_000 }); // prettier-ignore
    for (const [phone, text] of [
      [first, 'Стоп'],
      [second, 'Сколько стоит?'],
    ] as const)
      // prettier-ignore
      await road.control('POST', `/sandbox/whatsapp/${phone.slice(1)}/reply`, { text });
    await waitFor(async () => (await road.store.suppressions.of(first)).length > 0, { what: 'the opt-out' });

    await cli('campaign', 'status', id);
    await cli('report', id);
    await cli('report', id, '--format', 'csv');
    await cli('replies');
    await cli('suppress', 'list');
    await cli('audit', 'list');

    const client = await MongoClient.connect(road.mongodbUri);
    try {
      const indexes = await databaseOf(client).collections();
      const leading = new Map(
        await Promise.all(
          indexes.map(async (one) => {
            const keys = (await one.indexes()).map(({ key }) => Object.keys(key)[0]!);
            return [one.collectionName, new Set(['_id', ...keys])] as const;
          }),
        ),
      );
      const whole = [...seen.values()].filter(
        ({ collection, filter, firstBy, shape }) =>
          GROWING.includes(collection) &&
          !MAY.includes(shape) &&
          !(firstBy && leading.get(collection)?.has(firstBy)) &&
          !Object.entries(filter).some(
            ([field, clause]) => leading.get(collection)?.has(field) && narrows(field, clause),
          ),
      );
      expect(whole.map(({ shape }) => shape)).toEqual([]);
      // It has looked at what campaigns are made of.
      const asked = new Set([...seen.values()].map(({ collection }) => collection));
      expect(GROWING.filter((one) => one !== 'clicks' && !asked.has(one))).toEqual([]);
    } finally {
      await client.close();
    }
  });
}, 120_000);
