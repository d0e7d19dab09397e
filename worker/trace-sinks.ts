/** What the workflows tell of their runs and commands (workflows/trace.ts), as spans; nothing where nothing is traced. */
import { randomBytes } from 'node:crypto';
import type { InjectedSinks } from '@temporalio/worker';
import { tracing } from '../config/spans';
import type { TraceSinks } from '../workflows/trace';

export const traceSinks: InjectedSinks<TraceSinks> = {
  traces: {
    runEnded: {
      fn: ({ workflowType, workflowId, runId, runStartTime }, place, spanId, hasFailed) =>
        tracing()?.record({
          ...{ ...place, spanId, hasFailed, name: `RunWorkflow:${workflowType}` },
          ...{ startMs: runStartTime.getTime(), endMs: Date.now() },
          attributes: { temporalWorkflowId: workflowId, run_id: runId },
        }),
    },
    commandTaken: {
      fn: ({ workflowId, runId }, place, name) => {
        const now = Date.now();
        tracing()?.record({
          ...{ ...place, spanId: randomBytes(8).toString('hex'), hasFailed: false, name: `HandleUpdate:${name}` },
          ...{ startMs: now, endMs: now },
          attributes: { temporalWorkflowId: workflowId, run_id: runId },
        });
      },
    },
  },
};
