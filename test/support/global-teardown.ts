/** Stops what global-setup started. */
import type { TestServers } from './global-setup';

export default async function teardown(): Promise<void> {
  await (globalThis as { testServers?: TestServers }).testServers?.stop();
}
