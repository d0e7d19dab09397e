/** A line to a server that can be slow, held, or cut, and mended: what a real network does. */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

export interface Line {
  /** Leads to the server, on this machine. */
  readonly port: number;
  /** Every connection breaks, and no new one is taken. */
  cut(): void;
  /** Nothing passes any more and nobody is told, as where packets are dropped: what was written arrives once it is mended. */
  hold(): void;
  mend(): void;
  close(): Promise<void>;
}

/** `delayMs` is asked for every piece of an answer; pieces of one connection stay in order. */
export async function lineTo(
  target: { host: string; port: number },
  { delayMs = () => 0 }: { delayMs?: () => number } = {},
): Promise<Line> {
  const sockets = new Set<Socket>();
  let state: 'whole' | 'held' | 'cut' = 'whole';
  const server = createServer((near) => {
    const far = connect(target.port, target.host);
    const both = [near, far];
    const end = (): void =>
      both.forEach((socket) => {
        socket.destroy();
        sockets.delete(socket);
      });
    both.forEach((socket) => sockets.add(socket.setNoDelay(true).on('error', end).on('close', end)));
    if (state === 'cut') return end();
    near.on('data', (piece) => far.write(piece));
    let freeAt = 0;
    far.on('data', (piece) => {
      freeAt = Math.max(freeAt, Date.now() + delayMs());
      setTimeout(() => near.writable && near.write(piece), freeAt - Date.now());
    });
    if (state === 'held') both.forEach((socket) => socket.pause());
  });
  const breakAll = (): void => sockets.forEach((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      state = 'cut';
      breakAll();
    },
    hold: () => {
      state = 'held';
      sockets.forEach((socket) => socket.pause());
    },
    mend: () => {
      state = 'whole';
      sockets.forEach((socket) => socket.resume());
    },
    close: async () => {
      state = 'cut';
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
