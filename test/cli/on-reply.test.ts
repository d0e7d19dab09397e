/** What `campaign create` is told to do in amoCRM when somebody answers. */
import { WrongUsage } from '../../cli/errors';
import { chooseOnReply, type OnReplyOptions } from '../../cli/on-reply';
import { done } from '../../config/errors';

const statuses = [
  { id: 71, name: 'Offer sent' },
  { id: 72, name: 'Talks' },
];
const pipelines = async () => done([{ id: 7, name: 'Sales', statuses }]);
const chosen = (options: OnReplyOptions) =>
  chooseOnReply(options, { catalogue: async () => ({ pipelines }) } as unknown as Parameters<typeof chooseOnReply>[1]);

test.each<[OnReplyOptions, object]>([
  [{}, {}],
  [{ replyNote: true, replyTask: true }, { onReply: { note: true, task: true } }],
  [{ replyMove: 'Sales:Talks' }, { onReply: { move: { pipelineId: 7, statusId: 72, label: 'Sales / Talks' } } }],
  [
    { replyMove: '7:72', replyMoveFrom: ['Sales:Offer sent'] },
    { onReply: { move: { pipelineId: 7, statusId: 72, label: 'Sales / Talks', from: [{ pipelineId: 7, statusId: 71 }] } } },
  ],
])('%j', async (options, expected) => expect(await chosen(options)).toEqual(expected)); // prettier-ignore

test('stages to go from without one to go to, and a stage that is not there, are refused', async () => {
  await expect(chosen({ replyMoveFrom: ['Sales:Talks'] })).rejects.toThrow(WrongUsage);
  await expect(chosen({ replyMove: 'Sales:Nowhere' })).rejects.toThrow(/Nowhere/);
});
