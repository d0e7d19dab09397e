/** Free ports, remembered in `<home>/ports.json` so that addresses stay the same from start to start. */
import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { writeJson } from './files';

const portsFile = z.record(z.string(), z.number().int().min(1).max(65535));

/**
 * Systems give ports above these to whoever asks for any, and to every connection that goes out: such a one may be
 * gone by the time the program it was chosen for has come up, or comes up again.
 */
const OURS = { first: 15_000, last: 32_767 };
const MOST_TRIES = 100;

/** A port for each name: the one of last time when it is still free, else another. */
export async function choosePorts<N extends string>(home: string, names: readonly N[]): Promise<Record<N, number>> {
  mkdirSync(home, { recursive: true });
  const path = join(home, 'ports.json');
  const remembered = readPorts(path);
  // All are held until all are known: else the system could give the same port twice.
  const held = await Promise.all(
    names.map(async (name) => (name in remembered && (await listen(remembered[name]!))) || listenSomewhere()),
  );
  const chosen = Object.fromEntries(names.map((name, i) => [name, portOf(held[i]!)]));
  await Promise.all(held.map(close));
  // Read again: another server of this home may have chosen meanwhile.
  writeJson(path, { ...readPorts(path), ...chosen });
  return chosen as Record<N, number>;
}

/** Which of the home's ports another program has, by name. To be asked while none of the home's own programs runs. */
export async function takenPorts(home: string): Promise<string[]> {
  const taken = await Promise.all(
    Object.entries(readPorts(join(home, 'ports.json'))).map(async ([name, port]) => {
      const server = await listen(port);
      return server ? close(server).then(() => []) : [`${port} (${name})`];
    }),
  );
  return taken.flat();
}

/** A port that nobody has at the moment. */
export async function freePort(): Promise<number> {
  const server = await listenSomewhere();
  const port = portOf(server);
  await close(server);
  return port;
}

function readPorts(path: string): Record<string, number> {
  try {
    return portsFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {};
  }
}

async function listenSomewhere(): Promise<Server> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const server = await listen(randomInt(OURS.first, OURS.last + 1));
    if (server) return server;
  }
  throw new Error(`no free port on 127.0.0.1 among ${MOST_TRIES} between ${OURS.first} and ${OURS.last}`);
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function close(server: Server): Promise<unknown> {
  return new Promise((resolve) => server.close(resolve));
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
