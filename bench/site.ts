/** The ground of one section: its own namespace and database, a sandbox and the product's roles in processes of their own. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import type * as servicesModule from '../campaigns/from-settings';
import type { CampaignServices } from '../campaigns/from-settings';
import type * as settingsModule from '../config/settings';
import { createLogger } from '../config/logger';
import type { Person } from '../domain/audience';
import { registerSearchAttributes } from '../campaigns/search-attributes';
import { campaignWorkflowId } from '../workflows/messages';
import { ROLE_SCRIPTS, roleProgram, type Role } from '../local/roles';
import { choosePorts } from '../local/servers/ports';
import type { RunningProgram } from '../local/servers/program';
import { standInSettings } from '../local/stand-ins';
import { moduleOf, THIS_BUILD, type Build } from './build';
import type { Scope } from './scope';
import { cleanEnvironment, type BenchServers } from './servers';

export interface Site {
  /** Of the section's namespace, database and folder. */
  name: string;
  build: Build;
  services: CampaignServices;
  sandboxPid: number;
  webhooksUrl: string;
  /** Names the section's own database. */
  mongodbUri: string;
  /** Asks the sandbox. Throws on any answer but 2xx. */
  ask<T>(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<T>;
  /** Starts one more process of a role, or of another script in its place. */
  start(
    role: Role,
    options?: { name?: string; script?: string; env?: Record<string, string> },
  ): Promise<RunningProgram>;
  /** Saves the people as a list and makes a campaign to it. Answers with its id. */
  campaignTo(people: readonly Person[], draft?: { template: string; columns: string[] }): Promise<string>;
  /** Throws when it is refused. */
  begin(campaignId: string): Promise<void>;
}

export interface SiteOptions {
  /** The sender's cap. */
  sendsPerSecond: number;
  /** How many worker processes. */
  workers: number;
  /** Whose roles; the sandbox is this build's in any case, since it does the counting. Default: this one. */
  build?: Build | undefined;
  /** Every message gets the receipts enqueued, sent, delivered and read. Default: no message gets any. */
  receipts?: boolean;
}

const SECRET = 'secret-of-the-webhooks-of-a-bench';
/** The sandbox only counts: what it refused could not be measured. */
const NO_LIMITS = { sendsPerSecond: 1_000_000, messagingLimit: 'TIER_UNLIMITED', walletBalance: 1_000_000 };
const NO_RECEIPTS = { receiptShare: 0 };
/** All four of every message, once and in order, within seconds: enqueued after half a second, read after 0.8 to 7. */
const ALL_RECEIPTS = { receiptShare: 1, readShare: 1, duplicateShare: 0, disorderShare: 0, speed: 10 };

export async function openSite(
  scope: Scope,
  servers: BenchServers,
  { sendsPerSecond, workers, build = THIS_BUILD, receipts = false }: SiteOptions,
): Promise<Site> {
  const name = `bench-${randomUUID().slice(0, 8)}`;
  const folder = scope.folder(name);
  const ports = await choosePorts(folder, ['sandbox', 'webhooks']);
  const sandboxUrl = `http://127.0.0.1:${ports.sandbox}`;
  const mongodb = new URL(servers.mongodbUri);
  mongodb.pathname = `/${name}`;
  const settings = {
    ...standInSettings({
      given: {},
      sandboxUrl,
      webhooksPort: ports.webhooks,
      webhookSecret: SECRET,
    }),
    BOBCOFER_HOME: folder,
    LOG_LEVEL: 'warn',
    GUPSHUP_SENDS_PER_SECOND: String(sendsPerSecond),
    SETTLE_QUIET_SECONDS: '1',
    TEMPORAL_ADDRESS: servers.temporalAddress,
    TEMPORAL_NAMESPACE: name,
    MONGODB_URI: mongodb.href,
  };

  const start: Site['start'] = async (
    role,
    { name: programName = role, script = scriptOf(role, build), env = {} } = {},
  ) => {
    const program = roleProgram({
      role,
      script,
      home: scope.folder(`${name}/${programName}`),
      env: { ...cleanEnvironment(), ...settings, HEALTH_PORT: '0', ...env },
      readyUrl: role === 'sandbox' ? `${sandboxUrl}/healthz` : undefined,
    });
    return scope.up({ ...program, name: programName });
  };

  const ask: Site['ask'] = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${sandboxUrl}${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`sandbox, ${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };

  await registerNamespace(servers.temporalAddress, name);
  const sandboxEnv = { SANDBOX_PORT: String(ports.sandbox), SANDBOX_HOME: scope.folder(`${name}/sandbox`) };
  const sandbox = await start('sandbox', { env: sandboxEnv });
  await ask('PUT', '/sandbox/gupshup/settings', { ...NO_LIMITS, ...(receipts ? ALL_RECEIPTS : NO_RECEIPTS) });
  await Promise.all(Array.from({ length: workers }, (_, index) => start('worker', { name: `worker-${index + 1}` })));

  const { readSettings } = moduleOf<typeof settingsModule>(build, 'config/settings.ts');
  const { connectCampaignServices } = moduleOf<typeof servicesModule>(build, 'campaigns/from-settings.ts');
  const services = await connectCampaignServices(
    readSettings(['gupshup', 'amocrm', 'temporal', 'mongodb'], { ...cleanEnvironment(), ...settings }),
    createLogger('bench', 'silent'),
  );
  scope.atEnd(() => services.close());
  const { campaigns, store, temporal } = services;

  return {
    name,
    build,
    services,
    sandboxPid: sandbox.pid,
    webhooksUrl: `http://127.0.0.1:${ports.webhooks}/webhooks/gupshup/${SECRET}`,
    mongodbUri: mongodb.href,
    ask,
    start,
    async campaignTo(people, { template, columns } = { template: 'showroom_invitation', columns: [] }) {
      const listId = randomUUID();
      const createdBy = { kind: 'cli' } as const;
      await store.lists.create(
        {
          _id: listId,
          name: listId,
          columns: ['phone', ...columns],
          phoneColumn: 'phone',
          count: people.length,
          createdAt: new Date(),
          createdBy,
        },
        people,
      );
      const created = await campaigns.create({
        name: 'bench',
        template,
        // A list, as an admin's file is one: typed numbers would be read again with the campaign.
        audience: { kind: 'list', listId },
        audienceLabel: 'bench',
        parameters: columns.map((column) => ({ kind: 'column', column })),
        hours: 'any',
        createdBy,
      });
      if (!created.ok) throw new Error(`the campaign was refused: ${JSON.stringify(created.refusal)}`);
      return created.value.id;
    },
    async begin(campaignId) {
      const started = await campaigns.start(campaignId);
      if (!started.ok) throw new Error(`the start was refused: ${JSON.stringify(started.refusal)}`);
      // Unfinished work must not occupy the server after the section.
      scope.atEnd(() =>
        temporal.workflow
          .getHandle(campaignWorkflowId(campaignId))
          .terminate()
          .catch(() => undefined),
      );
    },
  };
}

function scriptOf(role: Role, { root }: Build): string {
  return role === 'sandbox' ? ROLE_SCRIPTS.sandbox : join(root, role, 'main.ts');
}

/** People with nothing but a number. */
export function peopleOf(phones: readonly string[]): Person[] {
  return phones.map((phone, index) => ({ phones: [phone], columns: {}, origin: String(index + 1) }));
}

/** How long a campaign takes at most to its first receipts (ms). */
const SENDING_WITHIN_MS = 120_000;

/** Begins a campaign to these numbers, beside which something is measured. Resolves when its first receipts are applied. */
export async function sendMeanwhile(scope: Scope, site: Site, phones: readonly string[]): Promise<void> {
  const id = await site.campaignTo(peopleOf(phones));
  await site.begin(id);
  const { deliveries } = site.services.store;
  await scope.until(async () => (await deliveries.ledger(id)).ledger.delivered > 0, {
    what: 'the first receipts',
    limitMs: SENDING_WITHIN_MS,
  });
}

async function registerNamespace(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    await registerSearchAttributes(connection, namespace, createLogger('bench', 'silent'));
  } finally {
    await connection.close();
  }
}
