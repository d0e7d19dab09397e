/** What has expired leaves the database, by its TTL indexes alone. */
import { MongoClient } from 'mongodb';
import { removeExpired } from '../../../local/servers/expired';
import { testMongo } from '../../support/servers';

test('documents past their time are removed; younger ones, and those without a time, stay', async () => {
  const mongo = await testMongo();
  const client = await MongoClient.connect(mongo.uri);
  const notes = client.db().collection<{ _id: string; at?: Date; due?: Date }>('notes');
  await notes.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
  await notes.createIndex({ due: 1 });
  const ago = (seconds: number): Date => new Date(Date.now() - seconds * 1000);
  await notes.insertMany([{ _id: 'old', at: ago(90) }, { _id: 'young', at: ago(30) }, { _id: 'timeless' }, { _id: 'due', due: ago(90) }]);
  await removeExpired(mongo.uri);
  expect((await notes.find().toArray()).map(({ _id }) => _id)).toEqual(['young', 'timeless', 'due']);
  await client.close();
  await mongo.close();
}); // prettier-ignore
