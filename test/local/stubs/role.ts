/** A stub of any role: listens on its ports, answers with its settings, and shows that it is ready the way roles do. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';

const readyFile = process.env['READY_FILE'] ?? '';
const { SANDBOX_PORT, WEBHOOK_PORT, HEALTH_PORT } = process.env;
const ports: Record<string, (string | undefined)[]> = {
  'sandbox.ready': [SANDBOX_PORT],
  'webhooks.ready': [WEBHOOK_PORT, HEALTH_PORT],
};
const listening = (ports[basename(readyFile)] ?? [HEALTH_PORT]).map((port) => {
  const server = createServer((_request, response) => response.end(JSON.stringify(process.env)));
  return once(server.listen(Number(port), '127.0.0.1'), 'listening');
});
void Promise.all(listening).then(() => writeFileSync(readyFile, JSON.stringify(process.env)));
process.on('SIGTERM', () => process.exit(0));
