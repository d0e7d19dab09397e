/** Notices of replies: what changes while a notice is being edited is shown too. */
import { startStore, type TestStore } from './support';

let own: TestStore;
beforeEach(async () => (own = await startStore()));
afterEach(() => own.close());

const message = { chatId: 7, messageId: 70 };

test('an edit takes off the list only what it has shown', async () => {
  const { openReplies, replies } = own.store;
  const reply = { _id: 'first', phone: '+79261234567', campaignId: 'c', at: new Date(), receivedAt: new Date(), text: 'Здравствуйте', key: 'k', open: true as const }; // prettier-ignore
  await replies.save(reply);
  await openReplies.toldTo('first', message, 0);
  const more = async (_id: string): Promise<boolean> =>
    replies.joinOpen({ ...reply, _id, text: _id }, 30_000, { key: _id, open: true });

  expect(await more('second')).toBe(true);
  const [before] = await openReplies.shownOpen();
  // The edit with two messages is on its way when the third comes, and when somebody deals with it.
  expect(await more('third')).toBe(true);
  for (const one of before!.messages) await openReplies.shown('first', one);
  const [after] = await openReplies.shownOpen();
  expect(after).toMatchObject({ more: [{ _id: 'second' }, { _id: 'third' }], messages: [message] });

  await openReplies.end('k', { how: 'done', by: { kind: 'cli' }, at: new Date() });
  for (const one of after!.messages) await openReplies.shown('first', one);
  const [ended] = await openReplies.shownOpen();
  expect(ended).toMatchObject({ done: { how: 'done' }, messages: [message] });
  for (const one of ended!.messages) await openReplies.shown('first', one);
  expect(await openReplies.shownOpen()).toEqual([]);
});
