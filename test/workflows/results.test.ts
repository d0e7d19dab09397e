/** A campaign's readings are a workflow that its story starts and leaves to itself, on the time-skipping server. */
import { ApplicationFailure } from '@temporalio/common';
import { nextReading, RESULTS_WORKFLOW, resultsWorkflowId } from '../../domain/story/results';
import { fakeWorld } from '../support/fake-activities';
import { timeSkippingForEach } from '../support/time-skipping';

const server = timeSkippingForEach();
const DAY_MS = 86_400_000;

/** Activities that remember as the database does; `read` may fail. */
function readings(endedAt: number, read: (day: number) => void = () => undefined) {
  const done: { day: number; after: number; given: boolean }[] = [];
  const keep = async (day: number, given: boolean): Promise<void> => {
    done.push({ day, after: Math.floor(((await server.now()) - endedAt) / DAY_MS), given });
  };
  return {
    done,
    activities: {
      nextReading: async () => {
        const next = nextReading(
          { days: [1, 7, 30], done: done.map(({ day }) => day), endedAt: new Date(endedAt) },
          await server.now(),
        );
        return next && { day: next.day, at: next.at };
      },
      readResults: async ({ day }: { day: number }) => {
        read(day);
        await keep(day, true);
        return { people: 1 };
      },
      giveUpReading: ({ day }: { day: number }) => keep(day, false),
    },
  };
}

test('at its end it begins them, and they are made at their marks; each is told', async () => {
  const world = fakeWorld({ sendable: 3 });
  const { done, activities } = readings(await server.now());
  Object.assign(world.activities, activities);
  await server.withCampaign(world, { results: true }, async (handle) => {
    await handle.result();
    expect(world.notified).toEqual(['ended']);
    const child = server.env.client.workflow.getHandle(resultsWorkflowId(handle.workflowId.replace('campaign/', '')));
    expect(await child.describe()).toMatchObject({ type: RESULTS_WORKFLOW, status: { name: 'RUNNING' } });
    expect(await child.result()).toEqual({ readings: 3 });
    expect(done).toEqual([
      { day: 1, after: 1, given: true },
      { day: 7, after: 7, given: true },
      { day: 30, after: 30, given: true },
    ]);
    expect(world.notified).toEqual(['ended', 'results', 'results', 'results']);
  });
});

test('a campaign that does not ask for results starts nothing more', async () => {
  const world = fakeWorld({ sendable: 1 });
  await server.withCampaign(world, {}, async (handle) => {
    await handle.result();
    const { events } = await handle.fetchHistory();
    expect(events!.filter(({ startChildWorkflowExecutionInitiatedEventAttributes: child }) => child)).toEqual([]);
  });
});

test('a reading that amoCRM does not let be made is given up, and the next one is made', async () => {
  const { done, activities } = readings(await server.now(), (day) => {
    if (day === 1) throw ApplicationFailure.nonRetryable('blocked', 'Blocked');
  });
  const notify = async (): Promise<void> => undefined;
  await server.withWorkflow({ ...activities, notify }, { type: RESULTS_WORKFLOW, args: [{ campaignId: 'c' }] }, async (handle) => {
    expect(await handle.result()).toEqual({ readings: 2 });
    expect(done.map(({ day, given }) => [day, given])).toEqual([[1, false], [7, true], [30, true]]);
  });
}); // prettier-ignore
