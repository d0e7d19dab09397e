/** Wires the redirect role's parts and runs them until it is told to stop. */
import { once } from 'node:events';
import type { Role } from '../config/role';
import { connectStore } from '../store/connect';
import { createLinkServer } from './server';

export async function runLinks({ settings, log, ready, stop }: Role<'mongodb' | 'links'>): Promise<void> {
  const { LINKS_HOST: host, LINKS_PORT: port, LINKS_UNKNOWN_URL: unknownUrl } = settings.links;
  const store = await connectStore(settings.mongodb.MONGODB_URI);
  try {
    const server = await createLinkServer({ store, log, ...(unknownUrl && { unknownUrl }) });
    try {
      const address = await server.listen({ host, port });
      log.info({ address }, 'Listening');
      ready(() => store.ping());
      if (!stop.aborted) await once(stop, 'abort');
    } finally {
      // Answers in progress, and the clicks that are not written yet.
      await server.close();
    }
  } finally {
    await store.close();
  }
}
