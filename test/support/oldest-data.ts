/** The oldest data there are (test/fixtures/data), written into an empty database. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BSON, type Db, type Document, type IndexDescription } from 'mongodb';

const FILE = join(__dirname, '../fixtures/data/before-versions.json');
type Dump = Record<string, { indexes: IndexDescription[]; documents: Document[] }>;

export async function loadOldest(db: Db): Promise<void> {
  const dump = BSON.EJSON.parse(readFileSync(FILE, 'utf8')) as Dump;
  for (const [name, { indexes, documents }] of Object.entries(dump)) {
    if (documents.length > 0) await db.collection(name).insertMany(documents);
    if (indexes.length > 0) await db.collection(name).createIndexes(indexes.map(({ key, name: called, unique, sparse, expireAfterSeconds, partialFilterExpression }) => ({ key, ...(called && { name: called }), ...(unique && { unique }), ...(sparse && { sparse }), ...(expireAfterSeconds !== undefined && { expireAfterSeconds }), ...(partialFilterExpression && { partialFilterExpression }) }))); // prettier-ignore
  }
}
