/** The table of rights: each role has what the ones below it have, and who may change whom. */
import { lowestRole, may, mayManage, RIGHTS, ROLES, rolesToGive } from '../../domain/roles';

test.each(RIGHTS)('%s belongs to a role and all above it', (right) => {
  const who = ROLES.filter((role) => may(role, right));
  expect(who).toEqual(ROLES.slice(0, ROLES.indexOf(lowestRole(right)) + 1));
  expect(may(undefined, right)).toBe(false);
});

test.each([
  ['owner', ['owner', 'admin', 'operator', 'viewer']],
  ['admin', ['operator', 'viewer']],
  ['operator', []],
  ['viewer', []],
  [undefined, []],
] as const)('%s may give, change and remove: %j', (role, expected) => {
  expect(rolesToGive(role)).toEqual(expected);
  expect(ROLES.filter((of) => mayManage(role, of))).toEqual(expected);
});

test('a viewer changes nothing', () => {
  expect(RIGHTS.filter((right) => may('viewer', right)).every((right) => /look|use$/.test(right))).toBe(true);
});
