/** What a report pauses: a campaign of one sender, and of a campaign of several only the sender that it is about. */
import { createCampaignStopper, type CampaignStopper } from '../../campaigns/stop-campaigns';
import { done } from '../../config/errors';
import { createLogger } from '../../config/logger';
import type { CampaignDocument } from '../../store/documents';

const at = new Date('2026-11-30T12:00:00Z');
const minutes = (count: number): Date => new Date(at.getTime() + count * 60_000);
const reported = { code: 'x', detail: 'y', at };
const several = (backAt?: Date): Partial<CampaignDocument> => ({
  senders: [
    { sender: 'A', templateId: 'a', share: 0.5 },
    { sender: 'B', templateId: 'b', share: 0.5, ...(backAt && { backAt }) },
  ],
});

async function commandsOf(
  campaign: Partial<CampaignDocument>,
  report: (stopper: CampaignStopper) => Promise<void>,
): Promise<object[]> {
  const document = {
    ...{ _id: 'c', state: 'running', sender: 'B', template: { id: 'b' }, stateChangedAt: minutes(-5), ...campaign },
  } as unknown as CampaignDocument;
  const commands: object[] = [];
  const stopper = createCampaignStopper({
    store: {
      campaigns: { active: async () => [document], find: async () => document },
      senders: { trip: async () => true },
    } as never,
    campaigns: { command: async (_id, { by: _by, ...request }) => (commands.push(request), done(undefined)) },
    log: createLogger('test', 'silent'),
  });
  await report(stopper);
  return commands;
}

const trouble = { code: 'x', detail: 'y' };
const REPORTS: [string, (stopper: CampaignStopper) => Promise<void>][] = [
  ['its template', (stopper) => stopper.ofTemplate('B', 'b', reported)],
  ['its account', (stopper) => stopper.ofSender('B', reported)],
  ['its number', (stopper) => stopper.goingFrom('B', reported)],
  ['a message of it', (stopper) => stopper.one('c', reported, 'B')],
];

test.each(REPORTS)('%s: a campaign of one pauses', async (_, report) => {
  const commands = await commandsOf({}, report);
  expect(commands).toMatchObject([{ command: 'pause', trouble }]);
  expect(commands[0]).not.toHaveProperty('sender');
});

test.each(REPORTS)('%s: of a campaign of several only this one stands aside', async (_, report) => {
  expect(await commandsOf(several(), report)).toEqual([{ command: 'pause', trouble, sender: 'B' }]);
});

test.each(REPORTS)('%s: late news of before it was brought back are none', async (_, report) => {
  expect(await commandsOf(several(minutes(1)), report)).toEqual([]);
  expect(await commandsOf(several(minutes(-1)), report)).toHaveLength(1);
});

test('the same template at another sender stops nothing here; what concerns all pauses the whole', async () => {
  expect(await commandsOf(several(), (stopper) => stopper.ofTemplate('A', 'b', reported))).toEqual([]);
  expect(await commandsOf(several(), (stopper) => stopper.one('c', reported))).toEqual([{ command: 'pause', trouble }]);
});
