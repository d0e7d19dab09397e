/** Several things worked on at once: their order, their number, and what is left at work after a failure. */
import { createLane, severalAtOnce } from '../../domain/batches';

/** Work that ends when it is told to. */
function gate(): { open(): void; opened: Promise<void> } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

test('begins in order, and the next one only when there is room', async () => {
  const gates = [gate(), gate(), gate(), gate()];
  const begun: number[] = [];
  const all = severalAtOnce([0, 1, 2, 3], 2, async (n) => {
    begun.push(n);
    await gates[n]!.opened;
  });

  await settled();
  expect(begun).toEqual([0, 1]);
  gates[1]!.open();
  await settled();
  expect(begun).toEqual([0, 1, 2]);
  for (const { open } of gates) open();
  await all;
  expect(begun).toEqual([0, 1, 2, 3]);
});

test('a failure begins nothing more, and is told when nothing is left at work', async () => {
  const slow = gate();
  const events: string[] = [];
  const items = (async function* () {
    try {
      for (let n = 0; ; n++) yield await Promise.resolve(n);
    } finally {
      events.push('closed');
    }
  })();
  const all = severalAtOnce(items, 3, async (n) => {
    events.push(`begun ${n}`);
    if (n === 1) throw new Error('broken');
    await slow.opened;
    events.push(`ended ${n}`);
  }).catch((error: unknown) => events.push((error as Error).message));
  await new Promise((resolve) => setImmediate(resolve));
  expect(events).not.toContain('broken');
  slow.open();
  await all;
  expect(events.at(-1)).toBe('broken');
  expect(events.filter((event) => event.startsWith('begun')).length).toBe(
    events.filter((event) => event.startsWith('ended')).length + 1,
  );
  expect(events).toContain('closed');
});

test('a stream that breaks is told when nothing is left at work', async () => {
  const slow = gate();
  let ended = 0;
  const items = (async function* () {
    yield await Promise.resolve(1);
    setImmediate(slow.open);
    throw new Error('no more');
  })();
  const work = async (): Promise<void> => {
    await slow.opened;
    ended++;
  };
  await expect(severalAtOnce(items, 3, work)).rejects.toThrow('no more');
  expect(ended).toBe(1);
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a lane carries out one work while the caller makes the next one, and lets it get no further ahead', async () => {
  const gates = [gate(), gate()];
  const events: string[] = [];
  const lane = createLane();
  const caller = (async () => {
    for (const [n, { opened }] of gates.entries()) {
      await lane.add(async () => {
        events.push(`begun ${n}`);
        await opened;
        events.push(`ended ${n}`);
      });
      events.push(`added ${n}`);
    }
    await lane.end();
    events.push('all ended');
  })();
  await settled();
  expect(events.toSorted()).toEqual(['added 0', 'begun 0']);
  gates[0]!.open();
  await settled();
  expect(events.slice(2).toSorted()).toEqual(['added 1', 'begun 1', 'ended 0']);
  gates[1]!.open();
  await caller;
  expect(events.slice(5)).toEqual(['ended 1', 'all ended']);
});

test('after a failure a lane begins nothing more, and tells of it both at the next work and at its end', async () => {
  const lane = createLane();
  const begun: number[] = [];
  const failing = async (): Promise<void> => {
    await settled();
    throw new Error('no more');
  };
  await lane.add(failing);
  await expect(lane.add(async () => void begun.push(1))).rejects.toThrow('no more');
  await expect(lane.end()).rejects.toThrow('no more');
  expect(begun).toEqual([]);
});
