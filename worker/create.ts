/** The two Temporal workers of a process: workflows with light activities, and the sends of one sender. */
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { createCampaignActivities, type CampaignDependencies } from '../activities/campaign';
import { redactFailures } from '../activities/redact-failures';
import { createSendActivities } from '../activities/send-groups';
import { createSeriesActivities } from '../activities/series';
import { createWriteBackActivities, type WriteBackDependencies } from '../activities/write-back/run';
import type { Logger } from '../config/logger';
import type { SettleLimits } from '../domain/story/settling';
import type { WriteBackOrders } from '../domain/story/write-back';
import { CAMPAIGNS_QUEUE, sendQueue } from '../workflows/messages';
import { workflowCode } from './workflow-code';

export interface WorkersOptions extends CampaignDependencies {
  connection: NativeConnection;
  namespace: string;
  /** The Gupshup app whose sends this process carries out. */
  sender: string;
  /** Its cap over all workers. */
  sendsPerSecond: number;
  /** For campaigns that a series starts. */
  settle: SettleLimits;
  /** The CRM that outcomes are written to, and what of every campaign; absent = none. */
  writeBack?: Omit<WriteBackDependencies, 'store'> & { always: WriteBackOrders | undefined };
  log: Logger;
  /** Default: the one built with the image, or the sources (`workflowCode`). */
  workflowBundle?: WorkerOptions['workflowBundle'];
}

/** Sends in flight finish on their own before the worker stops: longer than Gupshup's time limit plus a window. */
const GRACE = '40 seconds';
const FORCE = '60 seconds';
/** Preparing, counting, telling: few at a time, each may scan a campaign. */
const LIGHT_SLOTS = 20;

/**
 * Groups of sends that wait in here for their slots: several campaigns with full windows. What is more waits in
 * Temporal's queue, which gives each campaign its share.
 */
const GROUPS_AT_ONCE = 90;

export async function createWorkers(options: WorkersOptions): Promise<Worker[]> {
  const { connection, namespace, sender, sendsPerSecond, store, gupshup, contactRules, log } = options;
  const workflowBundle = options.workflowBundle ?? (await workflowCode());
  const common = {
    connection,
    namespace,
    shutdownGraceTime: GRACE,
    shutdownForceTime: FORCE,
    interceptors: { activity: [redactFailures] },
  };
  return Promise.all([
    Worker.create({
      ...common,
      taskQueue: CAMPAIGNS_QUEUE,
      workflowBundle,
      activities: lightActivities(options),
      maxConcurrentActivityTaskExecutions: LIGHT_SLOTS,
    }),
    Worker.create({
      ...common,
      taskQueue: sendQueue(sender),
      activities: { ...createSendActivities({ store, gupshup, sendsPerSecond, contactRules, log }) },
      maxConcurrentActivityTaskExecutions: GROUPS_AT_ONCE,
    }),
  ]);
}

function lightActivities(options: WorkersOptions): object {
  const { store, writeBack } = options;
  return {
    ...createCampaignActivities(options),
    ...createSeriesActivities(options),
    ...(writeBack && createWriteBackActivities({ store, ...writeBack })),
  };
}
