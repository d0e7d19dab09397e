/** Trouble of a sender: it stands until somebody mends it, and late news do not bring it back. */
import { connectStore, type Store } from '../../store/connect';
import { linkTo } from './mongo-link';
import { startStore, type TestStore } from './support';

let own: TestStore;
let other: Store;
beforeAll(async () => {
  own = await startStore();
  other = await own.another();
});
afterAll(() => own?.close());

const trouble = { code: '131042', detail: 'no money' };

test('trouble stands until it is mended; news of before that do not bring it back, new ones do', async () => {
  const { senders } = own.store;
  const before = new Date(Date.now() - 60_000);
  expect(await senders.trip('Trouble', trouble, before)).toBe(true);
  expect(await other.senders.look('Trouble')).toEqual({ trouble });
  await other.senders.mend('Trouble');
  expect(await senders.trip('Trouble', trouble, before)).toBe(false);
  expect(await senders.look('Trouble')).toEqual({});
  expect(await senders.trip('Trouble', trouble)).toBe(true);
  expect(await senders.look('Trouble')).toEqual({ trouble });
});

test('trouble is not brought back by late news that were being recorded while it was mended', async () => {
  let mending: Promise<void> | undefined;
  // Mended while the recorder waits for MongoDB's first answer.
  const delayMs = (): number => {
    if (!isRecording || mending) return 0;
    mending = own.store.senders.mend('Late');
    return 300;
  };
  let isRecording = false;
  const link = await linkTo(own.uri, { delayMs });
  const far = await connectStore(link.uri);
  isRecording = true;
  await far.senders.trip('Late', trouble, new Date(Date.now() - 60_000));
  await mending;
  await far.close();
  await link.close();
  expect(await own.store.senders.look('Late')).toEqual({});
});
