/**
 * `npm run replay -- [--from host:port] [--namespace NAME] [--query QUERY]`: replays the histories of a live namespace on
 * this code, before it is deployed. Reads only. Exit 0: every campaign can go on with this code; 1: one could not.
 */
import { parseArgs } from 'node:util';
import type { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { DefaultLogger, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { connectTemporal } from '../campaigns/temporal';
import { dataConverterOf } from '../clients/temporal/connection';
import { readSettings, SettingsError } from '../config/settings';
import { ServiceUnreachable } from '../config/waiting';
import { traceSinks } from './trace-sinks';
import { workflowCode } from './workflow-code';

const USAGE = `npm run replay -- [--from host:port] [--namespace NAME] [--query QUERY]
  --from       Temporal's address; default: TEMPORAL_ADDRESS. How to get in (TLS, API key, encryption keys) is as set.
  --namespace  default: TEMPORAL_NAMESPACE
  --query      which runs, in Temporal's words; default: ExecutionStatus="Running"`;

export interface Replayed {
  replayed: number;
  failed: { workflowId: string; runId: string; why: string }[];
}

/** Replays what the query finds, one run after another. Rejects when Temporal does not answer. */
export async function replayNamespace({
  client,
  dataConverter,
  query = 'ExecutionStatus="Running"',
  workflowBundle,
}: {
  client: Client;
  /** The client's own, where payloads are encrypted. */
  dataConverter?: DataConverter | undefined;
  query?: string | undefined;
  /** Default: this code's. */
  workflowBundle?: WorkflowBundleOption;
}): Promise<Replayed> {
  const options = {
    workflowBundle: workflowBundle ?? (await workflowCode({ encrypted: dataConverter !== undefined })),
    ...(dataConverter && { dataConverter }),
    sinks: traceSinks,
  };
  const result: Replayed = { replayed: 0, failed: [] };
  const histories = client.workflow.list({ query }).intoHistories({ concurrency: 4 });
  for await (const { workflowId, runId, error } of Worker.runReplayHistories(options, histories)) {
    result.replayed++;
    if (error) result.failed.push({ workflowId, runId, why: error.message });
  }
  return result;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      from: { type: 'string' },
      namespace: { type: 'string' },
      query: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const { temporal } = readSettings(['temporal'], {
    ...process.env,
    ...(values.from && { TEMPORAL_ADDRESS: values.from }),
    ...(values.namespace && { TEMPORAL_NAMESPACE: values.namespace }),
  });
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const client = await connectTemporal(temporal);
  try {
    const { replayed, failed } = await replayNamespace({
      client,
      dataConverter: dataConverterOf(temporal),
      query: values.query,
    });
    for (const { workflowId, runId, why } of failed) process.stderr.write(`${workflowId} (run ${runId}): ${why}\n`);
    const where = `${temporal.TEMPORAL_ADDRESS}, namespace ${temporal.TEMPORAL_NAMESPACE}`;
    process.stdout.write(
      failed.length === 0
        ? `${replayed} runs of ${where} replay on this code: it can be deployed.\n`
        : `${failed.length} of ${replayed} runs of ${where} cannot go on with this code. Do not deploy it: docs/workflow-changes.md.\n`,
    );
    return failed.length === 0 ? 0 : 1;
  } finally {
    await client.connection.close();
  }
}

/** For whoever called it: what to do, without a stack where it is known. */
function report(error: unknown): never {
  const { code = '', stack } = error as NodeJS.ErrnoException;
  const isUsage = code.startsWith('ERR_PARSE_ARGS');
  const isOurs = error instanceof SettingsError || error instanceof ServiceUnreachable || isUsage;
  process.stderr.write(`${isOurs ? (error as Error).message : stack}\n${isUsage ? `${USAGE}\n` : ''}`);
  process.exit(isUsage ? 2 : 1);
}

if (require.main === module) main().then((code) => process.exit(code), report);
