/** A role's process as whoever supervises it sees it. */
import { spawnSync } from 'node:child_process';
import { nodeArguments } from '../support/programs';

test('a role that fails ends at once with 1, whatever it still holds, and says why: whoever supervises it starts it again', () => {
  const { status, stdout } = spawnSync(process.execPath, nodeArguments('test/config/stubs/failing-role.ts'), {
    encoding: 'utf8',
    timeout: 25_000,
  });
  expect(status).toBe(1);
  expect(stdout).toContain('the server does not answer');
});
