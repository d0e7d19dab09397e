/** A stack of stubs in a process of its own, to be killed or refused. */
import { join } from 'node:path';
import { ROLES, type Role } from '../../../local/roles';
import { startStack } from '../../../local/stack';

const { STUB_HOME: home = '', TEMPORAL_ADDRESS = '', MONGODB_URI = '' } = process.env;
const stub = join(__dirname, 'role.ts');

startStack({
  home,
  env: { TEMPORAL_ADDRESS, MONGODB_URI },
  report: () => undefined,
  scripts: Object.fromEntries(ROLES.map((role) => [role, stub])) as Record<Role, string>,
}).catch((error: Error) => {
  process.stderr.write(error.message);
  process.exitCode = 1;
});
