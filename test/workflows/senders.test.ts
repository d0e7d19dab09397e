/** A campaign of several senders: the one that is ready takes the next, and one in trouble leaves its people to the others. */
import { emptyLedger } from '../../domain/story/ledger';
import {
  backUpdate,
  moveUpdate,
  pauseUpdate,
  progressQuery,
  resumeUpdate,
  type CampaignInput,
} from '../../workflows/messages';
import { fakeWorld, type FakeOptions, type FakeWorld } from '../support/fake-activities';
import { waitFor } from '../support/servers';
import { timeSkippingForEach } from '../support/time-skipping';

const server = timeSkippingForEach();
const PEOPLE = 240;
const STOPPED = { kind: 'stop', code: 'http_401', detail: 'the key is not accepted' } as const;
const BOTH: Partial<CampaignInput> = {
  sender: 'A',
  senders: [
    { sender: 'A', share: 0.5 },
    { sender: 'B', share: 0.5 },
  ],
};
const admin = { by: 'admin' };

const worldOf = (options: Partial<FakeOptions> = {}): FakeWorld => fakeWorld({ sendable: PEOPLE, ...options });
const statesOf = ({ states }: FakeWorld): string[] => states.map(({ state }) => state);

function allOnce({ sent, ledger }: FakeWorld, people = PEOPLE): void {
  expect(sent.toSorted((a, b) => a - b)).toEqual(Array.from({ length: people }, (_, n) => n));
  expect(ledger).toEqual({ ...emptyLedger(), total: people, delivered: people });
}

test('both send, everybody once', async () => {
  const world = worldOf();
  await server.withCampaign(world, BOTH, async (handle) => {
    expect(await handle.result()).toMatchObject({ state: 'completed' });
  });
  allOnce(world);
  expect(world.sentFrom).toEqual({ A: expect.any(Number), B: expect.any(Number) });
  for (const sender of ['A', 'B']) expect(world.sentFrom[sender]).toBeGreaterThan(PEOPLE / 5);
});

test('one cannot send: it is told once, the other sends to all, and the campaign does not stop', async () => {
  const world = worldOf({ onSend: (_n, _attempt, sender) => (sender === 'B' ? STOPPED : { kind: 'done' }) });
  await server.withCampaign(world, BOTH, (handle) => handle.result().then(() => undefined));
  allOnce(world);
  expect(world.sentFrom).toEqual({ A: PEOPLE });
  expect(world.aside).toEqual(['B']);
  expect(world.notified).toEqual(['aside', 'ended']);
  expect(statesOf(world)).toEqual(['preparing', 'running', 'settling', 'completed']);
});

test('none can send: the campaign pauses; resumed, both send again', async () => {
  let broken = true;
  const world = worldOf({ onSend: () => (broken ? STOPPED : { kind: 'done' }) });
  await server.withCampaign(world, BOTH, async (handle) => {
    await waitFor(() => statesOf(world).includes('paused'), { what: 'the pause' });
    expect(world.states.at(-1)).toMatchObject({ reason: { error: { code: 'http_401' } } });
    broken = false;
    await handle.executeUpdate(resumeUpdate, { args: [admin] });
    await handle.result();
  });
  allOnce(world);
  for (const sender of ['A', 'B']) expect(world.sentFrom[sender]).toBeGreaterThan(PEOPLE / 5);
  expect(statesOf(world)).toEqual(['preparing', 'running', 'paused', 'running', 'settling', 'completed']);
});

test('one that stood aside joins again once the campaign was paused and resumed', async () => {
  let broken = true;
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const world = worldOf({
    onSend: async (n, _attempt, sender) => {
      if (broken && sender === 'B') return STOPPED;
      // The first pass is not over before B is back.
      if (n >= PEOPLE / 4) await opened;
      return { kind: 'done' };
    },
  });
  await server.withCampaign(world, BOTH, async (handle) => {
    await waitFor(() => world.aside.length === 1, { what: 'B to stand aside' });
    await handle.executeUpdate(pauseUpdate, { args: [admin] });
    broken = false;
    await handle.executeUpdate(resumeUpdate, { args: [admin] });
    open();
    await handle.result();
  });
  allOnce(world);
  expect(world.sentFrom['B']).toBeGreaterThan(0);
});

/** B cannot send until it is mended, and the first pass is not over before `open`. */
function brokenB(): { world: FakeWorld; mend: () => void; open: () => void } {
  let [broken, open] = [true, (): void => undefined];
  const opened = new Promise<void>((resolve) => (open = resolve));
  const world = worldOf({
    onSend: async (n, _attempt, sender) => {
      if (broken && sender === 'B') return STOPPED;
      if (n >= PEOPLE / 4) await opened;
      return { kind: 'done' };
    },
  });
  return { world, mend: () => void (broken = false), open: () => open() };
}

test.each([
  ['by somebody', 'admin', ['aside', 'ended']],
  ['since its trouble has passed', 'system', ['aside', 'back', 'ended']],
])('one that stands aside is brought back %s: it takes its part of what is still queued', async (_, by, notified) => {
  const { world, mend, open } = brokenB();
  await server.withCampaign(world, BOTH, async (handle) => {
    await waitFor(() => world.aside.length === 1, { what: 'B to stand aside' });
    mend();
    for (const sender of ['B', 'A', 'nobody']) await handle.executeUpdate(backUpdate, { args: [{ by, sender }] });
    open();
    await handle.result();
  });
  allOnce(world);
  expect(world.sentFrom['B']).toBeGreaterThan(PEOPLE / 8);
  expect(world.back).toEqual(['B']);
  expect(world.notified).toEqual(notified);
  expect(statesOf(world)).toEqual(['preparing', 'running', 'settling', 'completed']);
});

test('a sender in trouble that is not its sends: it alone stands aside, and the last of them pauses the campaign', async () => {
  const trouble = { code: 'template_event', detail: 'template x is PAUSED' };
  let isHeld = true;
  const world = worldOf({ onSend: (n) => (isHeld && n >= PEOPLE / 4 ? { kind: 'held' } : { kind: 'done' }) });
  await server.withCampaign(world, BOTH, async (handle) => {
    await waitFor(() => world.sent.length >= PEOPLE / 4, { what: 'a quarter to be sent' });
    await handle.executeUpdate(pauseUpdate, { args: [{ ...admin, trouble, sender: 'B' }] });
    expect(await handle.query(progressQuery)).toMatchObject({ state: 'running' });
    await handle.executeUpdate(pauseUpdate, { args: [{ ...admin, trouble, sender: 'A' }] });
    expect(await handle.query(progressQuery)).toMatchObject({ state: 'paused', reason: { error: trouble } });
    expect(world.aside).toEqual(['B', 'A']);
    const before = { ...world.sentFrom };
    isHeld = false;
    // What had stopped it was A's: with B it goes on, and A still stands aside.
    await handle.executeUpdate(backUpdate, { args: [{ by: 'system', sender: 'B' }] });
    await handle.result();
    expect(world.sentFrom['A']).toBe(before['A']);
  });
  allOnce(world);
  expect(statesOf(world)).toEqual(['preparing', 'running', 'paused', 'running', 'settling', 'completed']);
});

test('paused by an admin, it stays paused when a sender is back', async () => {
  const { world, mend, open } = brokenB();
  await server.withCampaign(world, BOTH, async (handle) => {
    await waitFor(() => world.aside.length === 1, { what: 'B to stand aside' });
    await handle.executeUpdate(pauseUpdate, { args: [admin] });
    mend();
    open();
    await handle.executeUpdate(backUpdate, { args: [{ by: 'system', sender: 'B' }] });
    expect(await handle.query(progressQuery)).toMatchObject({ state: 'paused' });
    await handle.executeUpdate(resumeUpdate, { args: [admin] });
    await handle.result();
  });
  allOnce(world);
});

test('one that cannot send it from the start gets nobody', async () => {
  const world = worldOf({ aside: ['B'] });
  await server.withCampaign(world, BOTH, (handle) => handle.result().then(() => undefined));
  allOnce(world);
  expect(world.sentFrom).toEqual({ A: PEOPLE });
  expect(world.notified).toEqual(['aside', 'ended']);
});

test('answers that take long are asked of the sender that has them', async () => {
  const world = worldOf({ onSend: (n) => (n % 10 === 0 ? { kind: 'unanswered' } : { kind: 'done' }) });
  await server.withCampaign(world, BOTH, (handle) => handle.result().then(() => undefined));
  allOnce(world);
});

test.each([
  ['to another one', ['B']],
  ['to two others', ['B', 'C']],
  ['to one more', ['A', 'B']],
])('moved %s while it is paused, it goes on from there', async (_, senders) => {
  let isHeld = true;
  const world = worldOf({
    senders: ['B', 'C'],
    onSend: (n) => (isHeld && n >= PEOPLE / 4 ? { kind: 'held' } : { kind: 'done' }),
  });
  const alone = { sender: 'A', senders: [{ sender: 'A', share: 1 }] };
  await server.withCampaign(world, alone, async (handle) => {
    await waitFor(() => world.sent.length >= PEOPLE / 4, { what: 'a quarter to be sent' });
    await handle.executeUpdate(pauseUpdate, { args: [admin] });
    const before = { ...world.sentFrom };
    isHeld = false;
    const share = 1 / senders.length;
    const to = { senders: senders.map((sender) => ({ sender, share, templateId: 't' })), ratePerSecond: 40 };
    await handle.executeUpdate(moveUpdate, { args: [{ ...admin, ...to }] });
    expect(await handle.query(progressQuery)).toMatchObject({ state: 'paused', ratePerSecond: 40 });
    expect(world.sentFrom).toEqual(before);
    await handle.executeUpdate(resumeUpdate, { args: [admin] });
    await handle.result();
    for (const sender of senders) expect(world.sentFrom[sender]).toBeGreaterThan(before[sender] ?? 0);
    if (!senders.includes('A')) expect(world.sentFrom['A']).toBe(before['A']);
  });
  allOnce(world);
});

test('the run that goes on as new knows who stands aside', async () => {
  const many = 1_300;
  // One by one: a run takes about a thousand.
  const world = worldOf({
    sendable: many,
    onSend: (_n, _attempt, sender) => (sender === 'B' ? STOPPED : { kind: 'done' }),
  });
  await server.withCampaign(world, { ...BOTH, ratePerSecond: 19 }, async (handle) => {
    await handle.result();
    const { runId } = await handle.describe();
    expect(runId).not.toBe(handle.firstExecutionRunId);
  });
  allOnce(world, many);
  expect(world.aside).toEqual(['B']);
});
