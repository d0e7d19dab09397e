/** The workflows beside the campaign's, cancelled in the Temporal UI: what must not be left half-done is done. */
import type { WorkflowFailedError, WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { SEND_ENDS_WITHIN_MS } from '../../domain/story/delivery';
import { emptyLedger } from '../../domain/story/ledger';
import { CLOSE_WORKFLOW, LEFT_OUT_WORKFLOW, SERIES_WORKFLOW } from '../../workflows/messages';
import { waitFor } from '../support/servers';
import { timeSkippingForEach } from '../support/time-skipping';

const server = timeSkippingForEach();

const by = { kind: 'cli' as const };
const LEFT_OUT = { seriesId: 's', name: 'weekly', by, why: 'outage', count: 1 };
const FIRING = { seriesId: 's', name: 'weekly', campaignId: 'c', overlap: 'skip', timezone: 'UTC', by, byName: 'cli' };

/** Activities that note their names, all of them held up at the one named. */
function activitiesHeldAt(held: string, answers: Record<string, unknown>): Ground {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const begun: string[] = [];
  const activity = (name: string) => async (): Promise<unknown> => {
    begun.push(name);
    if (name === held) await opened;
    return answers[name];
  };
  const names = Object.keys(answers);
  return { activities: Object.fromEntries(names.map((name) => [name, activity(name)])), begun, open: () => open() };
}
interface Ground {
  activities: Record<string, () => Promise<unknown>>;
  begun: string[];
  open(): void;
}

async function endOf(handle: WorkflowHandle): Promise<'completed' | 'cancelled'> {
  const error = await handle.result().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!error) return 'completed';
  expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
  return 'cancelled';
}

const CLOSING = {
  recordState: undefined,
  skipQueued: undefined,
  abandonClaims: undefined,
  closeLedger: emptyLedger(),
  orderedWriteBack: undefined,
  notify: undefined,
};

test.each(Object.keys(CLOSING))('closeAbandoned, cancelled at %s, closes the campaign all the same', async (held) => {
  const { activities, begun, open } = activitiesHeldAt(held, CLOSING);
  const args = [{ campaignId: 'c', reason: { code: 'workflow_gone', detail: 'its workflow is TERMINATED' } }];
  await server.withWorkflow(activities, { type: CLOSE_WORKFLOW, args }, async (handle) => {
    await waitFor(() => begun.length > 0, { what: 'its beginning' });
    // Past its wait for the sends that are under way: what is left of it would be waited for in real time.
    if (held !== 'recordState') await server.env.sleep(SEND_ENDS_WITHIN_MS + 1_000);
    await waitFor(() => begun.includes(held), { what: held });
    await handle.cancel();
    open();
    expect(await endOf(handle)).toBe('completed');
  });
  expect(begun).toEqual(Object.keys(CLOSING));
});

test('a firing, cancelled while its campaign is being made, starts none and ends as cancelled', async () => {
  const facts = { name: 'weekly', template: { name: 't', language: 'ru', category: 'UTILITY' }, audienceLabel: '', createdBy: 'cli' }; // prettier-ignore
  const made = { campaignId: 'made', sender: 's', ratePerSecond: 20, settle: { quietMs: 1, maxMs: 1 }, facts };
  const { activities, begun, open } = activitiesHeldAt('createFromSeries', { createFromSeries: made });
  await server.withWorkflow(activities, { type: SERIES_WORKFLOW, args: [FIRING] }, async (handle) => {
    await waitFor(() => begun.length === 1, { what: 'the making' });
    await handle.cancel();
    open();
    expect(await endOf(handle)).toBe('cancelled');
    await expect(server.env.client.workflow.getHandle('campaign/made').describe()).rejects.toThrow(/not found/i);
  });
});

test.each([
  ['a firing that was left out', SERIES_WORKFLOW, [FIRING], { createFromSeries: { skippedFor: 'other' } }],
  ['what was left out', LEFT_OUT_WORKFLOW, [LEFT_OUT], {}],
])('%s, cancelled while the admins are told, tells them', async (_what, type, args, answers) => {
  const { activities, begun, open } = activitiesHeldAt('tellLeftOut', { ...answers, tellLeftOut: undefined });
  await server.withWorkflow(activities, { type, args }, async (handle) => {
    await waitFor(() => begun.includes('tellLeftOut'), { what: 'the telling' });
    await handle.cancel();
    open();
    expect(await endOf(handle)).toBe('completed');
  });
  expect(begun.filter((name) => name === 'tellLeftOut')).toHaveLength(1);
});
