/** The Temporal workers of a process: workflows with light activities, and the sends of each sender (dispatch.ts). */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataConverter, WorkerDeploymentVersion } from '@temporalio/common';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { nanoid } from 'nanoid';
import { createCampaignActivities, type CampaignDependencies } from '../activities/campaign';
import { createSendActivities } from '../activities/send-groups';
import type { Commander } from '../campaigns/commander';
import { redactFailures } from '../activities/redact-failures';
import { createFollowUpActivities } from '../activities/follow-ups';
import { createResultsActivities, type ResultsDependencies } from '../activities/results/read';
import { createSeriesActivities } from '../activities/series';
import { createWriteBackActivities, type WriteBackDependencies } from '../activities/write-back/write-back';
import type { Logger } from '../config/logger';
import { tracing } from '../config/spans';
import type { SettleLimits } from '../domain/story/settling';
import type { WriteBackOrders } from '../domain/story/write-back';
import { CAMPAIGNS_QUEUE } from '../workflows/messages';
import { createDispatch, polls } from './dispatch';
import { tendOrphans, type OrphansOptions } from './orphans';
import { balanceLeases } from './lease-balance';
import { traceSinks } from './trace-sinks';
import { workflowCode } from './workflow-code';

export interface WorkersOptions extends CampaignDependencies {
  connection: NativeConnection;
  namespace: string;
  /** Encrypts payloads; absent: they are legible. */
  dataConverter?: DataConverter | undefined;
  /** With Worker Versioning: the build that this process is. */
  version?: WorkerDeploymentVersion | undefined;
  /** For campaigns started by a series. */
  settle: SettleLimits;
  /** The CRM for write-backs, and what every campaign writes; absent = no CRM. */
  writeBack?: Omit<WriteBackDependencies, 'store'> & { always: WriteBackOrders | undefined };
  /** The CRM in which leads are read again; absent = no CRM. */
  results?: ResultsDependencies['crm'];
  /** Gives commands to campaigns. */
  commander: Pick<Commander, 'give'>;
  /** Shorter in tests. */
  orphans?: Pick<OrphansOptions, 'everyMs' | 'afterMs'>;
  log: Logger;
  /** Default: the bundle built into the image, or the sources (`workflowCode`). */
  workflowBundle?: WorkerOptions['workflowBundle'];
}

/** Lets sends in flight finish before the worker stops: longer than Gupshup's timeout plus a window. */
const GRACE = '40 seconds';
const FORCE = '60 seconds';
/** Preparing, counting and notifying: few at a time, because each may scan a campaign. */
const LIGHT_SLOTS = 20;

/** Of a killed worker's workflow another takes over after this: within it the same one would go on from its memory. */
const STICKY_TIMEOUT = '2 seconds';
/** Told to stop, it carries on workflows for so long (ms): sends whose answers take longer need them no more. */
const HANDS_OVER_WITHIN_MS = 3_000;
/** What a step that Temporal has just been given cause for takes to come and be carried out (ms). */
const LAST_STEP_MS = 250;
/** A heartbeat that is not passed on at once makes a living send look dead. */
const HEARTBEATS_APART = '1 second';

export interface Workers {
  /** Resolves when told to stop, once what is under way has ended. */
  run(stop: AbortSignal): Promise<void>;
  /** It takes tasks: workflows and light activities, and sends or stands by. */
  isWell(): boolean;
}

export async function createWorkers(options: WorkersOptions): Promise<Workers> {
  const { connection, namespace, dataConverter, senders, store, contactRules, commander, log } = options;
  const traced = tracing()?.activityInterceptor;
  const common = {
    connection,
    namespace,
    ...(dataConverter && { dataConverter }),
    shutdownGraceTime: GRACE,
    shutdownForceTime: FORCE,
    interceptors: { activity: [...(traced ? [traced] : []), redactFailures] },
    maxHeartbeatThrottleInterval: HEARTBEATS_APART,
  };
  const campaigns = await Worker.create({
    ...common,
    taskQueue: CAMPAIGNS_QUEUE,
    workflowBundle: options.workflowBundle ?? (await workflowCode({ encrypted: dataConverter !== undefined })),
    // The queues of sends have no version: whoever holds a sender's lease polls its queue, of whichever build it is.
    ...(options.version && { workerDeploymentOptions: versioning(options.version) }),
    activities: lightActivities(options),
    sinks: traceSinks,
    maxConcurrentActivityTaskExecutions: LIGHT_SLOTS,
    stickyQueueScheduleToStartTimeout: STICKY_TIMEOUT,
  });
  // For each it carries out the sends, or stands by.
  const holder = nanoid();
  const dispatches = senders.all.map(({ app: sender, sendsPerSecond, gupshup }) => ({
    sender,
    ...createDispatch({
      ...{ store, sender, holder, log, worker: common },
      begin: (lease) => createSendActivities({ store, sender, gupshup, sendsPerSecond, contactRules, log, lease }),
    }),
  }));
  const standingBy = (): string[] => dispatches.filter(({ standsBy }) => standsBy()).map(({ sender }) => sender);

  return {
    async run(stop) {
      const running = campaigns.run();
      const sending = Promise.all(dispatches.map((dispatch) => dispatch.run(stop)));
      // What it has not sent goes back to the workflows, which hand it out again: in here they do so at once.
      const handOver = (): Promise<void> =>
        Promise.race([
          // The last group's answer brings one more step of its workflow.
          sending.catch(() => undefined).then(() => sleep(LAST_STEP_MS, undefined, { ref: false })),
          sleep(HANDS_OVER_WITHIN_MS, undefined, { ref: false }),
        ]).then(() => campaigns.shutdown());
      const handedOver = new Promise<void>((resolve) => {
        if (stop.aborted) resolve(handOver());
        else stop.addEventListener('abort', () => resolve(handOver()), { once: true });
      });
      await Promise.all([
        running,
        sending,
        handedOver,
        tendOrphans(
          {
            store,
            senders: senders.all.map(({ app }) => app),
            holder,
            worker: common,
            commander,
            log,
            ...options.orphans,
          },
          stop,
        ),
        balanceLeases({ leases: store.senderLeases, standingBy, holder, log }, stop),
      ]);
    },
    isWell: () => polls(campaigns) && dispatches.every((dispatch) => dispatch.isWell()),
  };
}

/** Running campaigns move to the current build at their next task (docs/upgrades.md says why no workflow is pinned). */
function versioning(version: WorkerDeploymentVersion): NonNullable<WorkerOptions['workerDeploymentOptions']> {
  return { version, useWorkerVersioning: true, defaultVersioningBehavior: 'AUTO_UPGRADE' };
}

function lightActivities(options: WorkersOptions): object {
  const { store, writeBack, results } = options;
  return {
    ...createCampaignActivities(options),
    ...createSeriesActivities(options),
    ...createFollowUpActivities(options),
    ...(writeBack && createWriteBackActivities({ store, ...writeBack })),
    ...(results && createResultsActivities({ store, crm: results })),
  };
}
