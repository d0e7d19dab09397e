/** What a setting orders to be written back, and for which leads. */
import { furtherOf, isFor, readWriteBack, writeBackStart } from '../../../domain/story/write-back';

test.each([
  ['note', { note: true }],
  [' task ,note', { note: true, task: true }],
  ['tag: Рассылка WhatsApp', { tag: 'Рассылка WhatsApp' }],
  ['move:7001:142, tag:a:b', { move: { pipelineId: 7001, statusId: 142 }, tag: 'a:b' }],
])('%s', (text, orders) => {
  expect(readWriteBack(text)).toEqual(orders);
});

test.each(['', 'notes', 'tag:', 'move:7001', 'move:Sales:Won', 'note,,task', 'note task'])(
  'a wrong write-back setting is refused: "%s"',
  (text) => {
    expect(readWriteBack(text)).toBeUndefined();
  },
);

test('nobody hears of a message that may not have gone out, but for the note', () => {
  const kinds = (state: Parameters<typeof furtherOf>[0], replied = false) =>
    (['tag', 'move', 'note', 'task'] as const).filter((kind) => isFor(kind, { state, replied }));
  expect(kinds('read', true)).toEqual(['tag', 'move', 'note', 'task']);
  expect(kinds('accepted')).toEqual(['tag', 'move', 'note']);
  expect(kinds('failed')).toEqual(['note']);
  expect(kinds('unknown')).toEqual(['note']);
  expect(kinds('skipped')).toEqual([]);
  expect(kinds('queued')).toEqual([]);
});

test('of several deliveries to a lead the one that went furthest tells', () => {
  expect(furtherOf('failed', 'read')).toBe('read');
  expect(furtherOf('read', 'failed')).toBe('read');
  expect(furtherOf('skipped', 'unknown')).toBe('unknown');
});

test('its workflow is shown by the name of the campaign, without a number', () => {
  expect(writeBackStart({ _id: 'c1', name: 'Осень 79001234567' }).staticSummary).toBe(
    'write-back of Осень •••••••••67',
  );
});
