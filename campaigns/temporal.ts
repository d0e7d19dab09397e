/** Connects to Temporal according to the settings. */
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { dataConverterOf, temporalAccess, type TemporalSettings } from '../clients/temporal/connection';
import { tracing } from '../config/spans';
import { ServiceUnreachable } from '../config/waiting';

/** How long a first connection may take before Temporal counts as not answering (ms). */
const CONNECT_TIMEOUT_MS = 10_000;

/** Connects; rejects with `ServiceUnreachable` when Temporal does not answer. */
export async function connectTemporal(settings: TemporalSettings): Promise<Client> {
  try {
    return clientOf(settings, await Connection.connect(optionsOf(settings)));
  } catch (error) {
    throw new ServiceUnreachable('Temporal', settings.TEMPORAL_ADDRESS, 'TEMPORAL_ADDRESS', error);
  }
}

/** Does not wait: the first call connects, and fails like any call when Temporal does not answer. */
export function lazyTemporal(settings: TemporalSettings): Client {
  return clientOf(settings, Connection.lazy(optionsOf(settings)));
}

/** For a health check: the first call connects, without retries. */
export function impatientTemporal(settings: TemporalSettings, connectTimeout: number): Client {
  // A retry due when the connection is closed would throw where nothing can catch it.
  return clientOf(settings, Connection.lazy({ ...optionsOf(settings), connectTimeout, interceptors: [] }));
}

function optionsOf(settings: TemporalSettings): ConnectionOptions {
  return { ...temporalAccess(settings), connectTimeout: CONNECT_TIMEOUT_MS };
}

function clientOf(settings: TemporalSettings, connection: Connection): Client {
  const dataConverter = dataConverterOf(settings);
  const traced = tracing()?.clientInterceptor;
  return new Client({
    connection,
    namespace: settings.TEMPORAL_NAMESPACE,
    ...(dataConverter && { dataConverter }),
    ...(traced && { interceptors: { workflow: [traced] } }),
  });
}
