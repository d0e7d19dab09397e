/** Free ports, remembered in `<home>/ports.json` so that addresses stay the same from start to start. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { writeJson } from './files';

const portsFile = z.record(z.string(), z.number().int().min(1).max(65535));

/** A port for each name: the one of last time when it is still free, else another. */
export async function choosePorts<N extends string>(home: string, names: readonly N[]): Promise<Record<N, number>> {
  mkdirSync(home, { recursive: true });
  const path = join(home, 'ports.json');
  const remembered = readPorts(path);
  // All are held until all are known: else the system could give the same port twice.
  const held = await Promise.all(
    names.map(async (name) => (await listen(remembered[name] ?? 0)) ?? (await listen(0)) ?? noPort()),
  );
  const chosen = Object.fromEntries(names.map((name, i) => [name, (held[i]?.address() as AddressInfo).port]));
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  // Read again: another server of this home may have chosen meanwhile.
  writeJson(path, { ...readPorts(path), ...chosen });
  return chosen as Record<N, number>;
}

function readPorts(path: string): Record<string, number> {
  try {
    return portsFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {};
  }
}

function listen(port: number): Promise<ReturnType<typeof createServer> | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function noPort(): never {
  throw new Error('no free port on 127.0.0.1');
}
