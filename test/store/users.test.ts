/** Who is in the team: ADMIN_IDS lets people in, a person of the team may let in or put out anybody. */
import { runHere, settingsFor } from '../cli/harness';
import { testMongo } from '../support/servers';
import { createUserStore, type UserStore } from '../../store/users';

let mongo: Awaited<ReturnType<typeof testMongo>>;
let users: UserStore;
beforeEach(async () => {
  mongo = await testMongo();
  users = createUserStore(mongo.db);
});
afterEach(() => mongo.close());

const NOW = new Date('2026-11-29T10:00:00Z');
const CLI = { kind: 'cli' } as const;
const team = async (): Promise<number[]> => (await users.members()).map(({ _id }) => _id);

test('those whom ADMIN_IDS names are in, and out again once it names them no more', async () => {
  await users.syncSettings([1, 2], NOW);
  expect(await team()).toEqual([1, 2]);
  await users.syncSettings([2, 3], NOW);
  expect(await team()).toEqual([2, 3]);
  expect(await users.isMember(1)).toBe(false);
});

test('somebody let in by hand stays whatever ADMIN_IDS says', async () => {
  expect(await users.admit(7, CLI, NOW)).toBe(true);
  expect(await users.admit(7, CLI, NOW)).toBe(false);
  await users.syncSettings([1], NOW);
  expect(await team()).toEqual([1, 7]);
});

test('somebody put out by hand stays out at the next start, and it is said; `admit` brings them back', async () => {
  await users.syncSettings([1, 2], NOW);
  expect(await users.remove(2, CLI, NOW)).toBe(true);
  expect(await users.remove(2, CLI, NOW)).toBe(false);
  expect(await users.syncSettings([1, 2], NOW)).toEqual({ keptOut: [2] });
  expect(await team()).toEqual([1]);
  await users.admit(2, CLI, NOW);
  expect(await users.syncSettings([1, 2], NOW)).toEqual({ keptOut: [] });
  expect(await team()).toEqual([1, 2]);
});

test('two roles that start at the same time agree', async () => {
  await Promise.all([users.syncSettings([1, 2, 3], NOW), users.syncSettings([1, 2, 3], NOW)]);
  expect(await team()).toEqual([1, 2, 3]);
});

test('a stranger who was turned away is let in like anybody else', async () => {
  await users.turnAway(9, NOW);
  expect(await users.isMember(9)).toBe(false);
  await users.admit(9, CLI, NOW);
  expect(await users.isMember(9)).toBe(true);
});

test('`users add`, `list` and `remove` do so from the console', async () => {
  const cli = async (...words: string[]): Promise<{ document: unknown; exitCode: number | null }> => {
    const { stdout, exitCode } = await runHere(['users', ...words, '--json'], settingsFor(mongo.uri));
    return { document: JSON.parse(stdout), exitCode };
  };
  expect(await cli('add', '42')).toEqual({ document: { id: 42, added: true }, exitCode: 0 });
  expect(await cli('list')).toMatchObject({ document: [{ id: 42, by: CLI }], exitCode: 0 });
  expect(await cli('remove', '42')).toEqual({ document: { id: 42, removed: true }, exitCode: 0 });
  expect(await users.isMember(42)).toBe(false);
  expect(await cli('remove', '42')).toMatchObject({ exitCode: 1 });
  expect(await cli('add', 'Olga')).toMatchObject({ exitCode: 2 });
});
