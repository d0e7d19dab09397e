/** The two Temporal workers of a process: workflows with light activities, and the sends of one sender. */
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { createCampaignActivities, type CampaignDependencies } from '../activities/campaign';
import { redactFailures } from '../activities/redact-failures';
import { createSendActivities } from '../activities/send';
import { createSeriesActivities } from '../activities/series';
import type { Logger } from '../config/logger';
import { LARGEST_WINDOW } from '../domain/pace';
import { CAMPAIGNS_QUEUE, sendQueue } from '../workflows/messages';

export interface WorkersOptions extends CampaignDependencies {
  connection: NativeConnection;
  namespace: string;
  /** The Gupshup app whose sends this process carries out. */
  sender: string;
  /** Its cap over all workers. */
  sendsPerSecond: number;
  /** When settling ends, for campaigns that a series starts (ms). */
  settle: { quietMs: number; maxMs: number };
  log: Logger;
  /** Workflows bundled before; bundled now (about a second) when absent. */
  workflowBundle?: WorkerOptions['workflowBundle'];
}

/** Sends in flight finish on their own before the worker stops: longer than Gupshup's time limit plus a window. */
const GRACE = '40 seconds';
const FORCE = '60 seconds';
/** Preparing, counting, telling: few at a time, each may scan a campaign. */
const LIGHT_SLOTS = 20;

export async function createWorkers(options: WorkersOptions): Promise<Worker[]> {
  const { connection, namespace, sender, sendsPerSecond, store, gupshup, contactRules, log, workflowBundle } = options;
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
      ...(workflowBundle ? { workflowBundle } : { workflowsPath: require.resolve('../workflows') }),
      activities: { ...createCampaignActivities(options), ...createSeriesActivities(options) },
      maxConcurrentActivityTaskExecutions: LIGHT_SLOTS,
    }),
    Worker.create({
      ...common,
      taskQueue: sendQueue(sender),
      activities: { ...createSendActivities({ store, gupshup, sendsPerSecond, contactRules, log }) },
      // Every send of two full windows may wait for its slot in here.
      maxConcurrentActivityTaskExecutions: 2 * LARGEST_WINDOW,
    }),
  ]);
}
