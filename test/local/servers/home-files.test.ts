import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeJson } from '../../../local/servers/files';
import { livingProcess, stopLeftovers } from '../../../local/servers/leftovers';
import { choosePorts, takenPorts } from '../../../local/servers/ports';
import { waitFor } from '../../support/servers';

let home: string;
const children: ChildProcess[] = [];
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'bobcofer-home-'))));
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

/** A process that lives until it is stopped, with `mark` on its command line. */
function living(mark: string): ChildProcess {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)', '--', mark], { stdio: 'ignore' });
  children.push(child);
  return child;
}

describe('ports of a home', () => {
  it('stay the same from start to start', async () => {
    const first = await choosePorts(home, ['temporal', 'mongodb']);
    expect(first.temporal).not.toBe(first.mongodb);
    expect(await choosePorts(home, ['mongodb', 'temporal'])).toEqual(first);
  });

  it('give way to whoever has taken one meanwhile, and keep the others', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => taken.once('listening', done));
    const { port } = taken.address() as AddressInfo;
    const { mongodb } = await choosePorts(home, ['mongodb']);
    writeJson(join(home, 'ports.json'), { temporal: port, mongodb });
    const chosen = await choosePorts(home, ['temporal', 'mongodb']);
    expect(chosen.temporal).not.toBe(port);
    expect(chosen.mongodb).toBe(mongodb);
    taken.close();
  });

  it('are none that the system may give to a connection before the program is up', async () => {
    const chosen = await choosePorts(
      home,
      Array.from({ length: 20 }, (_, n) => `role-${n}`),
    );
    expect(new Set(Object.values(chosen)).size).toBe(20);
    expect(Math.max(...Object.values(chosen))).toBeLessThan(32_768);
  });

  it('are told apart by whether another program has them', async () => {
    const { temporal } = await choosePorts(home, ['temporal', 'mongodb']);
    expect(await takenPorts(home)).toEqual([]);
    const taken = createServer().listen(temporal, '127.0.0.1');
    await new Promise((done) => taken.once('listening', done));
    expect(await takenPorts(home)).toEqual([`${temporal} (temporal)`]);
    taken.close();
  });

  it('are chosen anew when the file is damaged', async () => {
    writeFileSync(join(home, 'ports.json'), '{"temporal": "sev');
    expect(await choosePorts(home, ['temporal'])).toEqual({ temporal: expect.any(Number) });
  });
});

describe('what a killed start has left', () => {
  it('is stopped when the recorded process is still that program', async () => {
    const mark = `--instance=${home}`;
    const child = living(mark);
    const ended = new Promise((done) => child.once('exit', (_code, signal) => done(signal)));
    const record = join(home, 'run', 'worker.json');
    writeJson(record, { pid: child.pid, mark });
    // Between fork and exec a new process still shows its parent's command line.
    await waitFor(() => livingProcess(record), { what: 'the program to show its own command line' });
    expect(await stopLeftovers(home)).toEqual(['worker']);
    expect(await ended).toBe('SIGTERM');
    expect(readdirSync(join(home, 'run'))).toEqual([]);
  });

  it('is left alone when the process id now belongs to another program', async () => {
    const stranger = living('--instance=/another/home');
    writeJson(join(home, 'run', 'worker.json'), { pid: stranger.pid, mark: `--instance=${home}` });
    expect(await stopLeftovers(home)).toEqual([]);
    expect(stranger.exitCode).toBeNull();
    expect(stranger.signalCode).toBeNull();
    expect(process.kill(stranger.pid ?? NaN, 0)).toBe(true);
  });
});
