/**
 * The workflows as the workers in a test's own process run them: bundled once for the whole jest run, not once a road.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkerOptions } from '@temporalio/worker';
import { bundleWorkflows } from '../../worker/workflow-code';

export type SharedBundle = NonNullable<WorkerOptions['workflowBundle']>;

/** Where global-setup has put it. */
export const BUNDLE_VARIABLE = 'TEST_WORKFLOW_BUNDLE';

let own: Promise<SharedBundle> | undefined;

/** The run's bundle; where no global-setup has made one, the file's own. */
export async function workflowBundle(): Promise<SharedBundle> {
  const codePath = process.env[BUNDLE_VARIABLE];
  if (codePath) return { codePath };
  return (own ??= bundleWorkflows().then((code) => ({ code })));
}

/** Bundles the workflows into a file of the folder (about a second) and returns its path. */
export async function writeWorkflowBundle(folder: string): Promise<string> {
  const path = join(folder, 'workflows.js');
  writeFileSync(path, await bundleWorkflows());
  return path;
}
