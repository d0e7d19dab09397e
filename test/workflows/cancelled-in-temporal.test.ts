/**
 * A campaign whose run is cancelled in the Temporal UI closes in order, whatever it was about, on the time-skipping
 * server.
 */
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { hasEnded, type CampaignState } from '../../domain/story/campaign';
import {
  cancelUpdate,
  pauseUpdate,
  progressQuery,
  restoredSignal,
  retryUpdate,
  SEARCH_ATTRIBUTES,
} from '../../workflows/messages';
import { fakeWorld, type FakeOptions, type FakeWorld } from '../support/fake-activities';
import { waitFor } from '../support/servers';
import { timeSkippingForEach, type CampaignHandle } from '../support/time-skipping';

const server = timeSkippingForEach();

const HOUR_MS = 3_600_000;
const PEOPLE = 5;
const admin = { by: 'admin' };

/** What holds an activity up, and so the moment at which the run is cancelled. */
interface Door {
  reached: () => boolean;
  open: () => void;
}

type Activities = Record<string, (input: unknown) => Promise<unknown>>;
type Which = (input: Record<string, unknown>, call: number) => boolean;
const always: Which = () => true;

/** The activity is under way until the door opens. */
function holdAt(world: FakeWorld, name: keyof FakeWorld['activities'], which = always): Door {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return atDoor(
    world,
    name,
    which,
    () => opened,
    () => open(),
  );
}

/** The activity fails for a reason that passes when the door opens: between two tries it is not under way. */
function awayAt(world: FakeWorld, name: keyof FakeWorld['activities'], which = always): Door {
  let away = true;
  const refuse = async (): Promise<void> => {
    if (away) throw ApplicationFailure.retryable('MongoDB does not answer');
  };
  return atDoor(world, name, which, refuse, () => void (away = false));
}

function atDoor(
  world: FakeWorld,
  name: keyof FakeWorld['activities'],
  which: Which,
  meet: () => Promise<void>,
  open: () => void,
): Door {
  const activities = world.activities as unknown as Activities;
  const original = activities[name]!;
  let calls = 0;
  let reached = false;
  activities[name] = async (input) => {
    if (which(input as Record<string, unknown>, ++calls)) {
      reached = true;
      await meet();
    }
    return original(input);
  };
  return { reached: () => reached, open };
}

const second: Which = (_input, call) => call > 1;
const entering =
  (state: CampaignState): Which =>
  (input) =>
    input['state'] === state;

/** Once the workflow has met the cancellation: it has ended a task since. */
async function hasHeard(handle: CampaignHandle): Promise<void> {
  const heard = async (): Promise<boolean> => {
    const events = (await handle.fetchHistory()).events!;
    const asked = events.findIndex((event) => event.workflowExecutionCancelRequestedEventAttributes);
    return asked >= 0 && events.slice(asked).some((event) => event.workflowTaskCompletedEventAttributes);
  };
  await waitFor(heard, { what: 'the cancellation' });
}

/** How the run ends: with the campaign's result, or as cancelled. */
async function endOf(handle: CampaignHandle): Promise<'completed' | 'cancelled'> {
  const error = await handle.result().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!error) return 'completed';
  expect(error).toBeInstanceOf(WorkflowFailedError);
  expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
  return 'cancelled';
}

/** Nothing is left open: a recorded end, a ledger that balances, one report, and Temporal's list that says the same. */
async function expectClosed(world: FakeWorld, handle: CampaignHandle, state: 'cancelled' | 'completed'): Promise<void> {
  const states = world.states.map((one) => one.state);
  expect(states.filter((one) => hasEnded(one))).toEqual([state]);
  expect(states.at(-1)).toBe(state);
  expect(world.notified.filter((event) => event === 'ended')).toEqual(['ended']);
  const { total, queued, sending, skipped, delivered, accepted } = world.ledger;
  expect({ queued, sending, all: skipped + delivered + accepted }).toEqual({ queued: 0, sending: 0, all: total });
  expect(new Set(world.sent).size).toBe(world.sent.length);
  const { typedSearchAttributes } = await handle.describe();
  expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.state)).toBe(state);
}

interface Moment {
  world?: Partial<FakeOptions>;
  /** Ms from now. */
  startsIn?: number;
  /** Held up there; absent = it waits by itself. */
  door?: (world: FakeWorld) => Door;
  /** What leads to the moment, besides the story itself. */
  lead?: (handle: CampaignHandle, world: FakeWorld) => Promise<unknown>;
  /** Default: the campaign is cancelled, and the run as well. */
  ends?: { campaign: 'cancelled' | 'completed'; run: 'cancelled' | 'completed'; by?: string };
}

const TOO_LATE = { campaign: 'completed', run: 'completed' } as const;

const inState = (handle: CampaignHandle, state: string): Promise<unknown> =>
  waitFor(async () => (await handle.query(progressQuery)).state === state, { what: state });

/**
 * It has counted, and sleeps. This test server takes no task's end that cancels an activity which has just ended (it
 * answers ACTIVITY_UNKNOWN, and forgets the task), so nothing short may be under way.
 */
async function settles(handle: CampaignHandle): Promise<void> {
  const sleeps = async (): Promise<boolean> => {
    const events = (await handle.fetchHistory()).events!;
    const counted = events.some(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'takeStock',
    );
    return counted && Boolean(events.at(-1)?.timerStartedEventAttributes);
  };
  await waitFor(sleeps, { what: 'the wait for receipts' });
}

/** One of the people goes back to the queue for later. */
const ONE_LATER: Partial<FakeOptions> = {
  onSend: (n, attempt) => (n === 1 && attempt === 1 ? { kind: 'later' } : { kind: 'done' }),
};
const STOPS: Partial<FakeOptions> = {
  onSend: (n) => (n === 3 ? { kind: 'stop', code: '1003', detail: 'empty' } : { kind: 'done' }),
};
const AWAITS_RECEIPTS: Partial<FakeOptions> = { lands: 'accepted' };

const MOMENTS: Record<string, Moment> = {
  'before it has done anything': { door: (world) => holdAt(world, 'recordState') },
  'while MongoDB is away at its first step': { door: (world) => awayAt(world, 'recordState') },
  'while it waits for its hour': { startsIn: HOUR_MS, lead: (handle) => inState(handle, 'scheduled') },
  'while it is preparing': { door: (world) => holdAt(world, 'prepareAudience') },
  'while preparing is tried again': { door: (world) => awayAt(world, 'prepareAudience') },
  'between preparing and the first send': { door: (world) => awayAt(world, 'recordState', entering('running')) },
  'while it sends': { door: (world) => holdAt(world, 'sendDeliveries') },
  'while its pause is being recorded': {
    world: AWAITS_RECEIPTS,
    door: (world) => awayAt(world, 'recordState', entering('paused')),
    lead: async (handle) => {
      await settles(handle);
      void handle.executeUpdate(pauseUpdate, { args: [admin] }).catch(() => undefined);
    },
  },
  'while it is paused': { world: STOPS, lead: (handle) => inState(handle, 'paused') },
  'while the admins are told of its pause': { world: STOPS, door: (world) => holdAt(world, 'notify') },
  'outside its sending hours': {
    world: {
      onSend: async (n) => (n === 3 ? { kind: 'closed', until: (await server.now()) + HOUR_MS } : { kind: 'done' }),
    },
    lead: (_handle, world) => waitFor(() => world.sent.length === PEOPLE - 1, { what: 'the sends before' }),
  },
  'while it counts': { door: (world) => holdAt(world, 'takeStock') },
  'while it waits for receipts': { world: AWAITS_RECEIPTS, lead: settles },
  'while a retry wave is being fetched': { world: ONE_LATER, door: (world) => holdAt(world, 'dueDeliveries') },
  'in a retry wave': { world: ONE_LATER, door: (world) => holdAt(world, 'sendDeliveries', second) },
  'while a retry is being carried out': {
    world: AWAITS_RECEIPTS,
    door: (world) => {
      world.activities.putBack = async () => {
        world.requeue(2, 0);
        return 1;
      };
      return holdAt(world, 'putBack');
    },
    lead: async (handle) => {
      await settles(handle);
      void handle.executeUpdate(retryUpdate, { args: [{ ...admin, selection: {} }] }).catch(() => undefined);
    },
  },
  'while it heeds a restored database': {
    world: AWAITS_RECEIPTS,
    door: (world) => awayAt(world, 'trustUnsent'),
    lead: async (handle) => {
      await settles(handle);
      await handle.signal(restoredSignal, { kept: true, trouble: { code: 'restored', detail: 'of a copy' } });
    },
  },
  'while an admin’s cancel closes it': {
    world: STOPS,
    door: (world) => holdAt(world, 'skipQueued'),
    lead: async (handle) => {
      await inState(handle, 'paused');
      await handle.executeUpdate(cancelUpdate, { args: [admin] });
    },
    ends: { campaign: 'cancelled', run: 'completed', by: 'admin' },
  },
  'while its ledger is being closed': { door: (world) => holdAt(world, 'closeLedger'), ends: TOO_LATE },
  'while its end is being recorded': {
    door: (world) => awayAt(world, 'recordState', entering('completed')),
    ends: TOO_LATE,
  },
  'while the admins are being told of its end': { door: (world) => holdAt(world, 'notify'), ends: TOO_LATE },
  'while the admins are told of its end once more': { door: (world) => awayAt(world, 'notify'), ends: TOO_LATE },
};

describe.each([
  ['once', 1],
  ['twice in a row', 2],
])('cancelled %s in the Temporal UI', (_how, times) => {
  test.each(Object.entries(MOMENTS))('%s: it closes in order', async (_when, moment) => {
    const { startsIn, ends = { campaign: 'cancelled', run: 'cancelled' } } = moment;
    const world = fakeWorld({ sendable: PEOPLE, ...moment.world });
    const door = moment.door?.(world);
    const start = startsIn === undefined ? {} : { startAt: (await server.now()) + startsIn };
    await server.withCampaign(world, start, async (handle) => {
      await moment.lead?.(handle, world);
      if (door) await waitFor(door.reached, { what: 'the moment' });
      for (let n = 0; n < times; n++) await handle.cancel();
      await hasHeard(handle);
      door?.open();
      expect(await endOf(handle)).toBe(ends.run);
      await expectClosed(world, handle, ends.campaign);
    });
    if (ends.campaign === 'cancelled') expect(world.states.at(-1)?.reason).toEqual({ by: ends.by ?? 'Temporal' });
  });
});
