/** A campaign's write-back is a workflow that its story starts and leaves to itself, on the time-skipping server. */
import { WRITE_BACK_WORKFLOW, writeBackStart } from '../../domain/story/write-back';
import { cancelUpdate } from '../../workflows/messages';
import { fakeWorld } from '../support/fake-activities';
import { waitFor } from '../support/servers';
import { timeSkippingForEach, type CampaignHandle } from '../support/time-skipping';

const server = timeSkippingForEach();

const ENDS: Record<string, (handle: CampaignHandle) => Promise<unknown>> = {
  completed: async () => undefined,
  'cancelled by an admin': (handle) => handle.executeUpdate(cancelUpdate, { args: [{ by: 'admin' }] }),
  'cancelled in the Temporal UI': (handle) => handle.cancel(),
};

test.each(Object.entries(ENDS))('%s: it is begun before the run ends, and outlives it', async (how, end) => {
  const world = fakeWorld({ sendable: 3 });
  world.writeBack = writeBackStart({ _id: 'c', name: 'spring' });
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const written = jest.fn();
  const activities = world.activities as unknown as Record<string, () => Promise<unknown>>;
  activities['writeBack'] = async () => {
    written();
    await opened;
    return { note: { written: 3, refused: 0, left: 0 } };
  };
  const later = how === 'completed' ? {} : { startAt: (await server.now()) + 3_600_000 };
  await server.withCampaign(world, later, async (handle) => {
    if (later.startAt) await waitFor(() => world.states.length > 0, { what: 'scheduled' });
    await end(handle);
    await handle.result().catch(() => undefined);
    expect(world.notified).toEqual(['ended']);
    const child = server.env.client.workflow.getHandle(world.writeBack!.workflowId);
    expect(await child.describe()).toMatchObject({ type: WRITE_BACK_WORKFLOW, status: { name: 'RUNNING' } });
    await waitFor(() => written.mock.calls.length > 0, { what: 'the writing' });
    open();
    expect(await child.result()).toEqual({ note: { written: 3, refused: 0, left: 0 } });
  });
});
