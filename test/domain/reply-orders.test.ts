/** What an answer does to its lead: who is moved, and what the schema takes. */
import { LOST_STATUS, WON_STATUS } from '../../domain/audience';
import { moveOf, onReplySchema, type Stage } from '../../domain/reply-orders';

const stage = (statusId: number, pipelineId = 7): Stage => ({ pipelineId, statusId });
const TO = stage(20);

test.each<[string, Stage | undefined, Stage[] | undefined, Stage | undefined, 'move' | 'there' | 'left']>([
  ['it stands where the campaign found it', stage(10), undefined, stage(10), 'move'],
  ['somebody has moved it since', stage(11), undefined, stage(10), 'left'],
  ['somebody has moved it to where it should go', TO, undefined, stage(10), 'there'],
  ['the audience named no stage, and it is open', stage(11), undefined, undefined, 'move'],
  ['the audience named no stage, and it is won', stage(WON_STATUS), undefined, undefined, 'left'],
  ['the audience named no stage, and it is lost', stage(LOST_STATUS), undefined, undefined, 'left'],
  ['it stands in one of those named', stage(11), [stage(10), stage(11)], stage(10), 'move'],
  ['it stands in none of those named, where the campaign found it', stage(10), [stage(11)], stage(10), 'left'],
  ['the same stage of another pipeline is another', stage(WON_STATUS, 8), [stage(WON_STATUS)], undefined, 'left'],
  ['a closed stage may be named', stage(LOST_STATUS), [stage(LOST_STATUS)], undefined, 'move'],
  ['it is gone', undefined, [stage(11)], stage(10), 'left'],
])('%s', (_what, lead, from, foundIn, expected) =>
  expect(moveOf(lead, { ...TO, ...(from && { from }) }, foundIn)).toBe(expected),
);

test.each<[object, boolean]>([
  [{ note: true }, true],
  [{ task: true, move: { ...TO, from: [stage(1)], label: 'Sales / Talks' } }, true],
  [{}, false],
  [{ note: false }, false],
  [{ move: { ...TO, from: [] } }, false],
  [{ move: { pipelineId: 7 } }, false],
  [{ call: true }, false],
])('orders %j: %s', (orders, isFine) => expect(onReplySchema.safeParse(orders).success).toBe(isFine));
