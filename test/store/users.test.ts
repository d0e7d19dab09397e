/** Who is on the team, with which role: ADMIN_IDS makes the first owners only, there is always an owner, invitations work once. */
import { runHere, settingsFor } from '../cli/harness';
import { testMongo } from '../support/servers';
import { createInvitationStore, type InvitationStore } from '../../store/invitations';
import { createJoin, type Join } from '../../store/joining';
import { createUserStore, type UserStore } from '../../store/users';

let mongo: Awaited<ReturnType<typeof testMongo>>;
let users: UserStore;
let invitations: InvitationStore;
let join: Join;
beforeEach(async () => {
  mongo = await testMongo();
  users = createUserStore(mongo.db);
  invitations = createInvitationStore(mongo.db);
  join = createJoin(users, invitations);
});
afterEach(() => mongo.close());

const NOW = new Date('2026-11-29T10:00:00Z');
const later = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000);
const CLI = { kind: 'cli' } as const;
const team = async (): Promise<number[]> => (await users.members()).map(({ _id }) => _id);
const roles = async (): Promise<Record<number, string>> =>
  Object.fromEntries((await users.members()).map(({ _id, member }) => [_id, member.role]));

describe('ADMIN_IDS', () => {
  test('makes owners, and may be corrected until one of them has come in', async () => {
    await users.syncSettings([1, 2], NOW);
    expect(await roles()).toEqual({ 1: 'owner', 2: 'owner' });
    await users.syncSettings([2, 3], NOW);
    expect(await roles()).toEqual({ 2: 'owner', 3: 'owner' });
    await users.seen(3, 'Анна', NOW);
    expect(await users.syncSettings([2, 4], NOW)).toEqual({ leftOut: [4] });
    expect(await roles()).toEqual({ 2: 'owner', 3: 'owner' });
  });

  test.each([
    ['a role changed', () => users.setRole(2, 'viewer', CLI), { 1: 'owner', 2: 'viewer' }],
    ['a person removed', () => users.remove(2, CLI, NOW), { 1: 'owner' }],
    ['a person added', () => users.admit(7, 'operator', CLI, NOW), { 1: 'owner', 2: 'owner', 7: 'operator' }],
  ])('decides nothing any more after %s by hand', async (_what, change, expected) => {
    await users.syncSettings([1, 2], NOW);
    await change();
    await users.syncSettings([2, 5], NOW);
    expect(await roles()).toEqual(expected);
  });

  test('two roles that start at the same time agree', async () => {
    await Promise.all([users.syncSettings([1, 2, 3], NOW), users.syncSettings([1, 2, 3], NOW)]);
    expect(await team()).toEqual([1, 2, 3]);
  });
});

describe('the last owner', () => {
  beforeEach(() => users.syncSettings([1], NOW));

  test('is neither lowered nor removed', async () => {
    expect(await users.setRole(1, 'viewer', CLI)).toBe('last_owner');
    expect(await users.remove(1, CLI, NOW)).toBe('last_owner');
    expect(await users.roleOf(1)).toBe('owner');
  });

  test('may go once there is another', async () => {
    await users.admit(2, 'admin', CLI, NOW);
    expect(await users.remove(1, CLI, NOW)).toBe('last_owner');
    expect(await users.setRole(2, 'owner', CLI)).toBe('done');
    expect(await users.remove(1, CLI, NOW)).toBe('done');
    expect(await users.setRole(2, 'viewer', CLI)).toBe('last_owner');
  });

  test('remains whoever lowers whom at the same moment', async () => {
    for (let round = 0; round < 10; round++) {
      const ids = [round * 10 + 100, round * 10 + 101, round * 10 + 102];
      for (const id of ids) await users.admit(id, 'owner', CLI, NOW);
      const all = await team();
      await Promise.all(all.map((id, n) => (n % 2 ? users.remove(id, CLI, NOW) : users.setRole(id, 'viewer', CLI))));
      expect((await users.members()).filter(({ member }) => member.role === 'owner')).toHaveLength(1);
    }
  });
});

test('a change of role holds for the next question; what changes nothing says so', async () => {
  await users.admit(7, 'operator', CLI, NOW);
  expect(await users.admit(7, 'owner', CLI, NOW)).toBe(false);
  expect(await users.roleOf(7)).toBe('operator');
  expect(await users.setRole(7, 'viewer', CLI)).toBe('done');
  expect(await users.roleOf(7)).toBe('viewer');
  expect(await users.setRole(7, 'viewer', CLI)).toBe('same');
  expect(await users.setRole(8, 'viewer', CLI)).toBe('not_member');
  expect(await users.remove(8, CLI, NOW)).toBe('not_member');
  expect(await users.roleOf(8)).toBeUndefined();
});

describe('an invitation', () => {
  const invite = (by: Parameters<InvitationStore['create']>[0]['by'] = CLI): Promise<string> =>
    invitations.create({ role: 'operator', by, createdAt: NOW, expiresAt: later(60) });

  test('lets one person in, once, with its role; only a hash of its code is kept', async () => {
    const code = await invite();
    expect(code).toMatch(/^[\w-]{32}$/);
    expect(JSON.stringify(await mongo.db.collection('invitations').find().toArray())).not.toContain(code);
    expect(await join(code, 7, later(1))).toEqual({ kind: 'joined', role: 'operator' });
    expect(await roles()).toEqual({ 7: 'operator' });
    expect(await join(code, 8, later(2))).toEqual({ kind: 'ended' });
    expect(await users.roleOf(8)).toBeUndefined();
  });

  test('taken before a crash lets the same person in afterwards', async () => {
    const code = await invite();
    expect(await invitations.take(code, 7, later(1))).toBe(true);
    expect(await join(code, 8, later(2))).toEqual({ kind: 'ended' });
    expect(await join(code, 7, later(2))).toEqual({ kind: 'joined', role: 'operator' });
  });

  test('lets two who press at the same moment in only once', async () => {
    const code = await invite();
    const kinds = (await Promise.all([7, 8, 9].map((id) => join(code, id, later(1))))).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['ended', 'ended', 'joined']);
    expect(await team()).toHaveLength(1);
  });

  test.each([
    ['its time is over', async (code: string) => join(code, 7, later(60))],
    [
      'it is revoked',
      async (code: string) => {
        const [open] = await invitations.open(NOW);
        await invitations.revoke(open!._id);
        return join(code, 7, later(1));
      },
    ],
    ['the code is made up', async () => join('A'.repeat(32), 7, later(1))],
    [
      'the person was removed since',
      async (code: string) => {
        await users.admit(7, 'viewer', CLI, NOW);
        await users.remove(7, CLI, later(1));
        return join(code, 7, later(2));
      },
    ],
    [
      'they used it and were removed',
      async (code: string) => {
        await join(code, 7, later(1));
        await users.remove(7, CLI, later(2));
        return join(code, 7, later(3));
      },
    ],
  ])('opens nothing when %s', async (_what, use) => {
    expect((await use(await invite())).kind).toMatch(/ended|unknown/);
    expect(await users.roleOf(7)).toBeUndefined();
  });

  test.each([
    ['lowered', () => users.setRole(5, 'operator', CLI)],
    ['removed', () => users.remove(5, CLI, later(1))],
  ])('opens nothing once whoever made it is %s', async (_what, change) => {
    await users.admit(5, 'admin', CLI, NOW);
    const code = await invite({ kind: 'telegram', id: 5 });
    await change();
    expect(await join(code, 7, later(2))).toEqual({ kind: 'ended' });
  });

  test('is left for others by somebody who is in already', async () => {
    await users.admit(7, 'viewer', CLI, NOW);
    const code = await invite();
    expect(await join(code, 7, later(1))).toEqual({ kind: 'already', role: 'viewer' });
    expect(await join(code, 8, later(1))).toEqual({ kind: 'joined', role: 'operator' });
  });

  test('brings somebody back who was removed before it was made', async () => {
    await users.admit(7, 'viewer', CLI, NOW);
    await users.remove(7, CLI, new Date(NOW.getTime() - 1));
    expect(await join(await invite(), 7, later(1))).toEqual({ kind: 'joined', role: 'operator' });
  });
});

test('a stranger who was turned away is let in like anybody else', async () => {
  await users.turnAway(9, NOW);
  expect(await users.roleOf(9)).toBeUndefined();
  await users.admit(9, 'viewer', CLI, NOW);
  expect(await users.roleOf(9)).toBe('viewer');
});

describe('`users` in the console', () => {
  const cli = async (...words: string[]): Promise<{ document: unknown; exitCode: number | null }> => {
    const { stdout, exitCode } = await runHere(['users', ...words, '--json'], settingsFor(mongo.uri));
    return { document: JSON.parse(stdout), exitCode };
  };

  test('adds, lists, changes and removes', async () => {
    expect(await cli('add', '42', '--role', 'owner')).toEqual({ document: { id: 42, added: true, role: 'owner' }, exitCode: 0 }); // prettier-ignore
    expect(await cli('add', '43')).toEqual({ document: { id: 43, added: true, role: 'operator' }, exitCode: 0 });
    expect(await cli('list')).toMatchObject({ document: [{ id: 42, by: CLI }, { id: 43 }], exitCode: 0 });
    expect(await cli('role', '43', 'viewer')).toEqual({ document: { id: 43, role: 'viewer', changed: true }, exitCode: 0 }); // prettier-ignore
    expect(await cli('role', '42', 'viewer')).toMatchObject({ document: { error: { code: 'last_owner' } }, exitCode: 1 }); // prettier-ignore
    expect(await cli('remove', '42')).toMatchObject({ document: { error: { code: 'last_owner' } }, exitCode: 1 });
    expect(await cli('remove', '43')).toEqual({ document: { id: 43, removed: true }, exitCode: 0 });
    expect(await users.roleOf(43)).toBeUndefined();
    expect(await cli('remove', '43')).toMatchObject({ exitCode: 1 });
  });

  test.each([
    ['add', 'Olga'],
    ['add', '42', '--role', 'boss'],
    ['role', '42', 'boss'],
    ['invite'],
    ['invite', '--role', 'viewer', '--hours', '100000'],
  ])('wrong usage ends with 2: %s %s %s %s', async (...words) => {
    expect(await cli(...words)).toMatchObject({ exitCode: 2 });
  });

  test('lists open invitations and revokes one', async () => {
    await invitations.create({
      role: 'viewer',
      by: CLI,
      createdAt: new Date(),
      expiresAt: new Date(Date.now() + 60_000),
    });
    const { document } = await cli('invitations');
    const [{ key }] = document as [{ key: string }];
    expect(document).toMatchObject([{ role: 'viewer', by: CLI }]);
    expect(await cli('invitations', '--revoke', key)).toEqual({ document: { key, revoked: true }, exitCode: 0 });
    expect(await cli('invitations')).toEqual({ document: [], exitCode: 0 });
    expect(await cli('invitations', '--revoke', key)).toMatchObject({ exitCode: 1 });
  });
});
