/** What `doctor` asks Temporal: its version, who polls the task queues, and whether runs can be found in its UI. */
import type { Client } from '@temporalio/client';
import { CAMPAIGNS_QUEUE, SEARCH_ATTRIBUTES, sendQueue } from '../workflows/messages';

export interface QueueHealth {
  queue: string;
  /** Workers that polled recently. */
  pollers: number;
  /** Waiting tasks as estimated by Temporal, and how long the oldest has waited (seconds). */
  backlog: number;
  oldestSeconds: number;
}

/** Each call rejects when Temporal refuses or does not answer within the limit. */
export interface TemporalHealth {
  serverVersion(): Promise<string>;
  /** The campaigns' queue (workflows, light activities) and those of the senders' sends. */
  queues(): Promise<QueueHealth[]>;
  /** Names missing in the namespace: a campaign that sets one of them gets stuck. */
  missingSearchAttributes(): Promise<string[]>;
}

/** temporal.api.enums.v1.TaskQueueType */
const WORKFLOW = 1;
const ACTIVITY = 2;

/** How long the metrics wait for an answer (ms). */
export const METRICS_LIMIT_MS = 1_500;

/** A poll lasts a minute; Temporal remembers pollers for five. */
const POLLER_SEEN_WITHIN_MS = 90_000;

export function createTemporalHealth(client: Client, senders: readonly string[], limitMs: number): TemporalHealth {
  const { connection } = client;
  const { namespace } = client.options;
  const inTime = <T>(call: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + limitMs, call);

  async function queue(name: string, taskQueueType: number): Promise<QueueHealth> {
    const { pollers, stats } = await connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name },
      taskQueueType,
      reportStats: true,
    });
    const since = Date.now() - POLLER_SEEN_WITHIN_MS;
    return {
      queue: name,
      pollers: pollers.filter(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 > since).length,
      backlog: Number(stats?.approximateBacklogCount ?? 0),
      oldestSeconds: Number(stats?.approximateBacklogAge?.seconds ?? 0),
    };
  }

  return {
    serverVersion: () =>
      inTime(async () => (await connection.workflowService.getSystemInfo({})).serverVersion || 'unknown'),
    queues: () =>
      inTime(() =>
        Promise.all([queue(CAMPAIGNS_QUEUE, WORKFLOW), ...senders.map((sender) => queue(sendQueue(sender), ACTIVITY))]),
      ),
    missingSearchAttributes: () =>
      inTime(async () => {
        const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
        return Object.values(SEARCH_ATTRIBUTES)
          .map(({ name }) => name)
          .filter((name) => !(name in customAttributes));
      }),
  };
}
