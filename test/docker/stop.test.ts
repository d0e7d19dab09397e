/** How `npm run worker|bot|webhooks` hand a SIGTERM to the role: its own handlers must run, however busy it is. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { scripts } from '../../package.json';

const BUSY_ROLE = join(__dirname, 'stubs/busy-role.ts');

it.each(['worker', 'bot', 'webhooks'] as const)('%s: a SIGTERM in the middle of work is handled', async (role) => {
  const command = scripts[role].replace(`${role}/main.ts`, BUSY_ROLE);
  expect(command).not.toBe(scripts[role]);
  const child = spawn('sh', ['-c', command], {
    env: { ...process.env, PATH: `${join(process.cwd(), 'node_modules/.bin')}:${process.env['PATH']}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });

  const ended = once(child, 'exit');
  let said = String((await once(child.stdout, 'data'))[0]);
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(said).toBe('busy\nhandled\n');
});
