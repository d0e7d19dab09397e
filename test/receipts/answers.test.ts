/** An answer that somebody wrote to a person, and what WhatsApp reports of it later: it is no message of a campaign. */
import { phoneOf } from '../store/support';
import { receipt, receiver, seconds } from './ground';

jest.setTimeout(30_000);
const { own, save, applied, accepted } = receiver();

test('one that failed is joined to its reply, which waits again; a campaign’s message of the same time is not', async () => {
  await accepted(0, 'm0');
  const { replies, openReplies, deliveries } = own().store;
  const at = new Date();
  await replies.save({ _id: 'r', phone: phoneOf(0), at, text: 'Где?', campaignId: 'c', key: 'k', open: true });
  const by = { kind: 'telegram', id: 7 } as const;
  await openReplies.beginAnswer('k', { id: 'press', text: 'Едет', by, at, state: 'sending' });
  await openReplies.endAnswer('k', 'press', { state: 'accepted', messageId: 'answer' });
  await openReplies.end('k', { how: 'answered', by, at });
  const failed = (id: string, code: number): object =>
    receipt({
      id,
      gsId: id,
      type: 'failed',
      destination: phoneOf(0).slice(1),
      payload: { ts: seconds(), code, reason: 'why' },
    });
  await save(failed('answer', 131047));
  await save(failed('m0', 131026));
  await applied();
  const found = await openReplies.find('k');
  expect(found).toMatchObject({ open: true, tellTo: [7], answers: [{ state: 'failed', code: '131047' }] });
  expect(found).not.toHaveProperty('done');
  expect(await deliveries.find('c', 0)).toMatchObject({ state: 'failed', code: '131026' });
});
