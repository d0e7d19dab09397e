/** The codec server's role, for those who encrypt what is stored in Temporal. `npm run codec`. */
import { once } from 'node:events';
import { createEncryption } from '../clients/temporal/encryption';
import { startRole } from '../config/role';
import { SettingsError } from '../config/settings';
import { createCodecServer } from './server';

void startRole('codec', ['temporal', 'codec'], async ({ settings, log, ready, stop }) => {
  const { CODEC_TOKEN: token, CODEC_HOST: host, CODEC_PORT: port, CODEC_UI_ORIGIN: uiOrigin } = settings.codec;
  const keys = settings.temporal.TEMPORAL_ENCRYPTION_KEYS;
  const missing = { CODEC_TOKEN: token, TEMPORAL_ENCRYPTION_KEYS: keys };
  if (token === undefined || keys === undefined)
    throw new SettingsError(
      Object.entries(missing).flatMap(([name, value]) =>
        value === undefined ? [{ name, problem: 'is missing' }] : [],
      ),
    );
  const server = createCodecServer({ codec: createEncryption(keys), token, uiOrigin, log });
  const address = await server.listen({ host, port });
  log.info({ address, uiOrigin }, 'Decrypts for the Temporal UI');
  ready();
  if (!stop.aborted) await once(stop, 'abort');
  await server.close();
});
