/** Maps what differs between this machine and a container: paths, addresses, ports. */
import { createServer } from 'node:net';
import { ExplainedError } from '../servers/errors';
import { choosePorts } from '../servers/ports';
import { environmentOf, type Service } from './compose';

export interface Here {
  ports: Record<'postgresql' | 'webhooks' | 'health-worker' | 'health-bot' | 'health-webhooks' | 'sandbox', number>;
  /** Where a role answers for its health; in its container it has the port to itself. */
  healthPort(role: string): string | undefined;
  temporalPorts: Readonly<Record<keyof typeof TEMPORAL_PORTS, number>>;
  /** A text of the compose file with everything of the containers put in its place here. */
  text(text: string): string;
  /** The environment that compose gives a service, as it holds here. */
  environment(service: Service): Record<string, string>;
}

/** Temporal's own, by the settings of its image. */
const TEMPORAL_PORTS = {
  FRONTEND_GRPC_PORT: 7233,
  FRONTEND_HTTP_PORT: 7243,
  FRONTEND_MEMBERSHIP_PORT: 6933,
  HISTORY_GRPC_PORT: 7234,
  HISTORY_MEMBERSHIP_PORT: 6934,
  MATCHING_GRPC_PORT: 7235,
  MATCHING_MEMBERSHIP_PORT: 6935,
  WORKER_GRPC_PORT: 7239,
  WORKER_MEMBERSHIP_PORT: 6939,
};
/** On PostgreSQL Temporal keeps a port in a smallint: those that the system gives out are too high. */
const HIGHEST_PORT = 32_767;
const STEP = 20;

/** Temporal's ports, or the same a few steps higher where one of them is taken. */
async function freeTemporalPorts(): Promise<typeof TEMPORAL_PORTS> {
  for (let offset = 0; TEMPORAL_PORTS.FRONTEND_HTTP_PORT + offset <= HIGHEST_PORT; offset += STEP) {
    const moved = Object.entries(TEMPORAL_PORTS).map(([name, port]): [string, number] => [name, port + offset]);
    const free = await Promise.all(moved.map(([, port]) => isFree(port)));
    if (free.every(Boolean)) return Object.fromEntries(moved) as typeof TEMPORAL_PORTS;
  }
  throw new ExplainedError(`No free ports for Temporal up to ${HIGHEST_PORT}.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** `env`: what would stand in .env. `etc`: in place of /etc/temporal. */
export async function createHere(options: {
  home: string;
  secrets: string;
  etc: string;
  env: Readonly<Record<string, string>>;
}): Promise<Here> {
  const { home, secrets, etc, env } = options;
  const ports = await choosePorts(home, [
    ...(['postgresql', 'webhooks', 'sandbox'] as const),
    ...(['health-worker', 'health-bot', 'health-webhooks'] as const),
  ]);
  const temporalPorts = await freeTemporalPorts();
  const moved: [string, string][] = [
    ['/run/secrets/', `${secrets}/`],
    ['/etc/temporal/bobcofer.yaml', `${home}/temporal.yaml`],
    // It is written for Alpine's sh, which knows pipefail; Debian's does not.
    ['/etc/temporal/entrypoint.sh', `bash ${etc}/entrypoint.sh`],
    ['/etc/temporal/', `${etc}/`],
    ['temporal:7233', `127.0.0.1:${temporalPorts.FRONTEND_GRPC_PORT}`],
    ['http://sandbox:8090', `http://127.0.0.1:${ports.sandbox}`],
    ['127.0.0.1:8090', `127.0.0.1:${ports.sandbox}`],
    ['http://webhooks:8080', `http://127.0.0.1:${ports.webhooks}`],
    ['0.0.0.0', '127.0.0.1'],
  ];
  const text = (one: string): string => moved.reduce((result, [from, to]) => result.replaceAll(from, to), one);
  const own: Record<string, string> = {
    SQL_HOST: '127.0.0.1',
    SQL_PORT: String(ports.postgresql),
    POSTGRES_SEEDS: '127.0.0.1',
    DB_PORT: String(ports.postgresql),
    WEBHOOK_PORT: String(ports.webhooks),
    SANDBOX_PORT: String(ports.sandbox),
    SANDBOX_HOME: `${home}/sandbox`,
  };
  return {
    ports,
    healthPort: (role) =>
      `health-${role}` in ports ? String(ports[`health-${role}` as keyof typeof ports]) : undefined,
    temporalPorts,
    text,
    environment: (service) =>
      Object.fromEntries(
        Object.entries(environmentOf(service, env)).map(([name, value]) => [name, own[name] ?? text(value)]),
      ),
  };
}
