/** The connection to Temporal as the settings say. */
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import type { Settings } from '../config/settings';

/** How long a first connection may take before the service says that Temporal does not answer (ms). */
const CONNECT_TIMEOUT_MS = 10_000;

type TemporalSettings = Settings<'temporal'>['temporal'];

/** Connects; rejects when Temporal does not answer. */
export async function connectTemporal(settings: TemporalSettings): Promise<Client> {
  return clientOf(settings, await Connection.connect(optionsOf(settings)));
}

/** Does not wait: the first call connects, and fails as any call does when Temporal does not answer. */
export function lazyTemporal(settings: TemporalSettings): Client {
  return clientOf(settings, Connection.lazy(optionsOf(settings)));
}

function optionsOf(settings: TemporalSettings): ConnectionOptions {
  return {
    address: settings.TEMPORAL_ADDRESS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...(settings.TEMPORAL_API_KEY && { apiKey: settings.TEMPORAL_API_KEY, tls: true }),
  };
}

function clientOf(settings: TemporalSettings, connection: Connection): Client {
  return new Client({ connection, namespace: settings.TEMPORAL_NAMESPACE });
}
