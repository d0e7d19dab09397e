/** The time-skipping Temporal server with the campaign workflow on it: months pass in a moment. */
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { campaign } from '../../workflows/campaign';
import {
  CAMPAIGN_WORKFLOW,
  campaignWorkflowId,
  SEARCH_ATTRIBUTES,
  sendQueue,
  type CampaignInput,
} from '../../workflows/messages';
import type { FakeWorld } from './fake-activities';
import { timeSkippingServerPath, waitFor } from './servers';
import { workflowBundle } from './workflow-bundle';

export type CampaignHandle = WorkflowHandleWithFirstExecutionRunId<typeof campaign>;

export interface TimeSkipping {
  env: TestWorkflowEnvironment;
  /** Runs the body with workers on both queues, a campaign started with the input, and stops the workers. */
  withCampaign(
    world: FakeWorld,
    input: Partial<CampaignInput>,
    body: (handle: CampaignHandle) => Promise<void>,
  ): Promise<void>;
  /** The same with any workflow, and these activities on its queue. */
  withWorkflow(
    activities: object,
    workflow: { type: string; args: unknown[] },
    body: (handle: WorkflowHandleWithFirstExecutionRunId) => Promise<void>,
  ): Promise<void>;
  /**
   * The result of a campaign that goes on as further runs. On a busy machine the server (1.40.0) never answers a client
   * that waits for the result of a run that has gone on, though the campaign is completed.
   */
  resultOf(handle: CampaignHandle): ReturnType<CampaignHandle['result']>;
  /** The server's clock, Unix ms. */
  now(): Promise<number>;
  close(): Promise<void>;
}

/** Temporal's enum value for keyword attributes. */
const TYPES = { KEYWORD: 2, KEYWORD_LIST: 7 };

/** Call once a test file, before any server or worker. */
export function quietRuntime(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
  });
}

/** A server for each test of the file, from its beginning to its end. Call at the top of the file. */
export function timeSkippingForEach(): Omit<TimeSkipping, 'close'> {
  let server: TimeSkipping;
  beforeAll(quietRuntime);
  beforeEach(async () => {
    server = await startTimeSkipping();
  });
  afterEach(() => server.close());
  return {
    get env() {
      return server.env;
    },
    withCampaign: (...asked) => server.withCampaign(...asked),
    withWorkflow: (...asked) => server.withWorkflow(...asked),
    resultOf: (handle) => server.resultOf(handle),
    now: () => server.now(),
  };
}

/**
 * A server for one test. Not for several: once a workflow has ended, the clock runs on to the workflow
 * timeouts of ten years, and after some dozen tests it is beyond what a timestamp can hold.
 */
async function startTimeSkipping(): Promise<TimeSkipping> {
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: timeSkippingServerPath() } },
  });
  await env.connection.operatorService.addSearchAttributes({
    namespace: env.namespace ?? 'default',
    searchAttributes: Object.fromEntries(Object.values(SEARCH_ATTRIBUTES).map(({ name, type }) => [name, TYPES[type]])),
  });
  const bundle = await workflowBundle();
  return {
    env,
    async withCampaign(world, input, body) {
      const campaignId = randomUUID();
      const sender = `s-${campaignId}`;
      // A queue of its own: a test that fails may leave its worker stopping while the next begins.
      const taskQueue = `campaigns-${campaignId}`;
      const { sendDelivery, sendDeliveries, awaitAnswers, ...light } = world.activities;
      const common = { connection: env.nativeConnection, namespace: env.namespace ?? 'default' };
      const polled = new Set([...(input.senders?.map((one) => one.sender) ?? [sender]), ...world.senders]);
      const sendWorkers = await Promise.all(
        [...polled].map((one) =>
          Worker.create({
            ...common,
            taskQueue: sendQueue(one),
            activities: { sendDelivery, sendDeliveries, awaitAnswers },
          }),
        ),
      );
      const workflows = await Worker.create({
        ...common,
        taskQueue,
        workflowBundle: bundle,
        activities: light,
      });
      const whileSending = sendWorkers.reduceRight<() => Promise<void>>(
        (inner, worker) => () => worker.runUntil(inner),
        async () => {
          const handle: CampaignHandle = await env.client.workflow.start<typeof campaign>(CAMPAIGN_WORKFLOW, {
            workflowId: campaignWorkflowId(campaignId),
            taskQueue,
            args: [
              { campaignId, sender, ratePerSecond: 20, settle: { quietMs: 600_000, maxMs: 86_400_000 }, ...input },
            ],
          });
          await body(handle);
        },
      );
      await workflows.runUntil(whileSending);
    },
    async withWorkflow(activities, { type, args }, body) {
      const workflowId = randomUUID();
      const taskQueue = `queue-${workflowId}`;
      const worker = await Worker.create({
        ...{ connection: env.nativeConnection, namespace: env.namespace ?? 'default' },
        ...{ taskQueue, workflowBundle: bundle, activities },
      });
      await worker.runUntil(async () => body(await env.client.workflow.start(type, { workflowId, taskQueue, args })));
    },
    async resultOf({ workflowId }) {
      const latest = env.client.workflow.getHandle<typeof campaign>(workflowId);
      // Lets the time run on as long as it waits.
      const answered = latest.result();
      answered.catch(() => undefined);
      const isOver = waitFor(async () => (await latest.describe()).status.name !== 'RUNNING', {
        what: 'the campaign to end',
        limitMs: 120_000,
      });
      isOver.catch(() => undefined);
      return Promise.race([answered, isOver.then(() => latest.result())]);
    },
    now: async () => Number(await env.currentTimeMs()),
    close: () => env.teardown(),
  };
}
