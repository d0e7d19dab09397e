/** How to reach Temporal according to the settings: address, TLS, access, and what encrypts the payloads. */
import type { TLSConfig } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { Settings } from '../../config/settings';
import { createEncryption } from './encryption';

export type TemporalSettings = Settings<'temporal'>['temporal'];

export interface TemporalAccess {
  address: string;
  apiKey?: string;
  tls?: TLSConfig | boolean;
}

/** For the client's connections and the worker's alike. */
export function temporalAccess(settings: TemporalSettings): TemporalAccess {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_API_KEY: apiKey } = settings;
  const { TEMPORAL_TLS: wanted, TEMPORAL_TLS_CA: ca, TEMPORAL_TLS_CERT: cert, TEMPORAL_TLS_KEY: key } = settings;
  const serverName = settings.TEMPORAL_TLS_SERVER_NAME;
  const isOn = wanted === undefined ? [apiKey, ca, cert, serverName].some(Boolean) : wanted === 'on';
  const tls: TLSConfig = {
    ...(serverName && { serverNameOverride: serverName }),
    ...(ca && { serverRootCACertificate: Buffer.from(ca) }),
    ...(cert && key && { clientCertPair: { crt: Buffer.from(cert), key: Buffer.from(key) } }),
  };
  return { address, ...(apiKey && { apiKey }), ...(isOn && { tls }) };
}

/** For clients, workers and replays; undefined where nothing is or was encrypted. */
export function dataConverterOf({
  TEMPORAL_ENCRYPTION_KEYS: keys,
}: Pick<TemporalSettings, 'TEMPORAL_ENCRYPTION_KEYS'>): DataConverter | undefined {
  return keys && { payloadCodecs: [createEncryption(keys)], failureConverterPath: FAILURE_CONVERTER };
}

/** Also bundled with the workflows, where their own failures are converted. */
export const FAILURE_CONVERTER = require.resolve('./failure-converter');
