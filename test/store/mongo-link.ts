/** A line to the tests' MongoDB that can be slow, or cut and mended: what a real network does. */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

export interface MongoLink {
  /** Leads to the same database through the line. */
  uri: string;
  /** Every connection breaks, and no new one is taken. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** `delayMs` is asked for every piece of an answer; pieces of one connection stay in order. */
export async function linkTo(uri: string, { delayMs = () => 0 }: { delayMs?: () => number } = {}): Promise<MongoLink> {
  const target = new URL(uri);
  const sockets = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    const both = [near, far];
    const end = (): void =>
      both.forEach((socket) => {
        socket.destroy();
        sockets.delete(socket);
      });
    both.forEach((socket) => sockets.add(socket.setNoDelay(true).on('error', end).on('close', end)));
    if (!whole) return end();
    near.on('data', (piece) => far.write(piece));
    let freeAt = 0;
    far.on('data', (piece) => {
      freeAt = Math.max(freeAt, Date.now() + delayMs());
      setTimeout(() => near.writable && near.write(piece), freeAt - Date.now());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const link = new URL(uri);
  link.port = String((server.address() as AddressInfo).port);
  return {
    uri: link.href,
    cut: () => {
      whole = false;
      sockets.forEach((socket) => socket.destroy());
    },
    mend: () => void (whole = true),
    close: async () => {
      whole = false;
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
