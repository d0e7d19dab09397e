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

test('an answer that fails while its reply is being told is still to be told', async () => {
  const { openReplies, replies } = own.store;
  const at = new Date();
  const by = { kind: 'telegram', id: 9 } as const;
  await replies.save({ _id: 'r', phone: '+79261234567', campaignId: 'c', at, text: 'Где?', key: 'k', open: true, tellAt: at }); // prettier-ignore
  const take = (): ReturnType<typeof openReplies.takeUntold> =>
    openReplies.takeUntold(new Date(), new Date(Date.now() + 60_000), 9);
  const [taken] = await take();
  await openReplies.beginAnswer('k', { id: 'a', text: 'Здесь', by, at, state: 'sending' });
  await openReplies.endAnswer('k', 'a', { state: 'accepted', messageId: 'm' });
  expect(await openReplies.failAnswers([{ messageId: 'm' }, { messageId: 'other' }])).toEqual(new Set(['m']));
  await openReplies.told(taken!);
  const [again] = await take();
  expect(again).toMatchObject({ _id: 'r', tellTo: [9] });
  await openReplies.told(again!);
  expect(await openReplies.find('k')).not.toHaveProperty('tellAt');
});
