/** Answers that take long, on the time-skipping server: they do not empty the window, and nobody is left out for them. */
import type { SendOutcome } from '../../activities/contract';
import { sendWindow } from '../../domain/story/pace';
import { cancelUpdate, pauseUpdate, progressQuery, resumeUpdate } from '../../workflows/messages';
import { fakeWorld, type FakeWorld } from '../support/fake-activities';
import { waitFor } from '../support/servers';
import { timeSkippingForEach, type CampaignHandle } from '../support/time-skipping';

const server = timeSkippingForEach();

const RATE = { ratePerSecond: 80 };
const WINDOW = sendWindow(RATE.ratePerSecond);
const by = 'an admin';
const sorted = (ns: readonly number[]): number[] => ns.toSorted((a, b) => a - b);
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const inFlight = async (handle: CampaignHandle): Promise<number> => (await handle.query(progressQuery)).inFlight;

/** How long the fake waits for an answer: seldom enough that asking does not fill the history. */
const ASKED_AGAIN_MS = 300;

interface SlowWorld {
  world: FakeWorld;
  isSlow: (n: number) => boolean;
  /** From now on the slow answers are there. */
  answer: () => void;
}

/** Every so-manieth person's first answer comes when the test says so. */
function slowWorld(sendable: number, every: number, becomes: (n: number) => SendOutcome = () => ({ kind: 'done' })): SlowWorld {
  let [isAnswered, answer] = [false, (): void => undefined];
  const answered = new Promise<void>((resolve) => (answer = resolve)).then(() => (isAnswered = true));
  const isSlow = (n: number): boolean => n % every === 0;
  const world = fakeWorld({
    sendable,
    onSend: (n, attempt) => ({ kind: isSlow(n) && attempt === 1 ? 'unanswered' : 'done' }),
    // As the real one: it waits a while, and then says that there is no answer yet.
    onAnswer: async (n) => {
      await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, ASKED_AGAIN_MS))]);
      return isAnswered ? becomes(n) : { kind: 'unanswered' };
    },
  });
  return { world, isSlow, answer };
} // prettier-ignore

test('all others are sent to meanwhile; the end waits for the slow ones', async () => {
  const people = 5 * WINDOW;
  const { world, isSlow, answer } = slowWorld(people, 10);
  await server.withCampaign(world, RATE, async (handle) => {
    const quick = numbers(people).filter((n) => !isSlow(n));
    await waitFor(() => world.sent.length === quick.length, { what: 'all the quick ones', limitMs: 20_000 });
    expect(sorted(world.sent)).toEqual(quick);
    expect(await inFlight(handle)).toBe(people - quick.length);
    await waitFor(() => world.askedFor.length >= 5, { what: 'it to ask again' });
    expect(world.states.at(-1)?.state).toBe('running');
    answer();
    expect(await handle.result()).toMatchObject({ state: 'completed', ledger: { delivered: people, queued: 0 } });
  });
  expect(sorted(world.sent)).toEqual(numbers(people));
});

test('where nobody answers, as many are out as two windows hold, and no more', async () => {
  const { world, answer } = slowWorld(5 * WINDOW, 1);
  await server.withCampaign(world, RATE, async (handle) => {
    await waitFor(async () => (await inFlight(handle)) === 2 * WINDOW, { what: 'two windows' });
    await waitFor(() => world.askedFor.length >= 10, { what: 'it to ask again' });
    expect(world.groups.flat()).toHaveLength(2 * WINDOW);
    answer();
    expect(await handle.result()).toMatchObject({ ledger: { delivered: 5 * WINDOW } });
  });
});

test.each<[string, SendOutcome]>([
  ['due again later', { kind: 'later' }],
  ['not sent', { kind: 'held' }],
])('one whose answer says %s is sent once more', async (_what, outcome) => {
  const { world, answer } = slowWorld(60, 10, () => outcome);
  answer();
  // It is back in the queue.
  const { awaitAnswers } = world.activities;
  world.activities.awaitAnswers = async (input) => {
    const answers = await awaitAnswers(input);
    for (const { n } of answers.open) world.backInQueue(n);
    return answers;
  };
  await server.withCampaign(world, RATE, async (handle) => {
    expect(await handle.result()).toMatchObject({ state: 'completed', ledger: { delivered: 60, queued: 0 } });
  });
  expect(sorted(world.sent)).toEqual(numbers(60));
});

test('an answer that stops everything pauses the campaign', async () => {
  const stop: SendOutcome = { kind: 'stop', code: 'http_401', detail: 'the key is not accepted' };
  const { world, isSlow, answer } = slowWorld(40, 10, () => stop);
  answer();
  await server.withCampaign(world, RATE, async (handle) => {
    await waitFor(() => world.states.at(-1)?.state === 'paused', { what: 'the pause' });
    expect(world.states.at(-1)).toMatchObject({ reason: { error: { code: 'http_401' } } });
    await waitFor(async () => (await inFlight(handle)) === 0, { what: 'all answers' });
    await handle.executeUpdate(resumeUpdate, { args: [{ by }] });
    await handle.result();
  });
  expect(sorted(world.sent)).toEqual(numbers(40));
  expect(world.groups.flat().filter(isSlow)).toHaveLength(8);
});

test('a pause holds though answers are outstanding, and a cancel waits for them', async () => {
  const people = 20 * WINDOW;
  const { world, answer } = slowWorld(people, 10);
  await server.withCampaign(world, RATE, async (handle) => {
    await waitFor(() => world.sent.length > WINDOW, { what: 'a window of them' });
    await handle.executeUpdate(pauseUpdate, { args: [{ by }] });
    const outstanding = (): number => world.groups.flat().length - world.sent.length;
    await waitFor(async () => (await inFlight(handle)) === outstanding(), { what: 'sends in flight to end' });
    const before = world.sent.length;
    await handle.executeUpdate(cancelUpdate, { args: [{ by }] });
    const asked = world.askedFor.length;
    await waitFor(() => world.askedFor.length > asked + 3, { what: 'it to ask again' });
    expect(world.states.at(-1)?.state).toBe('paused');
    expect(world.sent).toHaveLength(before);
    answer();
    expect((await handle.result()).state).toBe('cancelled');
    expect(world.sent).toHaveLength(world.groups.flat().length);
  });
}, 60_000);

test('the next run of a long campaign asks for the answers of the one before', async () => {
  // At a rate at which each send is an activity of its own: some 3,500 events.
  const people = 1_300;
  const { world, isSlow, answer } = slowWorld(people, 100);
  await server.withCampaign(world, { ratePerSecond: 9 }, async (handle) => {
    const quick = numbers(people).filter((n) => !isSlow(n));
    await waitFor(() => world.sent.length === quick.length, { what: 'all the quick ones', limitMs: 120_000 });
    const { runId } = await server.env.client.workflow.getHandle(handle.workflowId).describe();
    expect(runId).not.toBe(handle.firstExecutionRunId);
    answer();
    expect(await server.resultOf(handle)).toMatchObject({ state: 'completed', ledger: { delivered: people } });
  });
  expect(sorted(world.sent)).toEqual(numbers(people));
}, 240_000);
