/**
 * The workflows as the workers in a test's own process run them: bundled once for the whole jest run, not once a road.
 */
import { join } from 'node:path';
import type { WorkerOptions } from '@temporalio/worker';
import { BUNDLE_FILE, bundleWorkflows } from '../../worker/workflow-code';
import { programsFolder } from './programs';

export type SharedBundle = NonNullable<WorkerOptions['workflowBundle']>;

let own: Promise<SharedBundle> | undefined;

/** The run's bundle; where no global-setup has made one, the file's own. */
export async function workflowBundle(): Promise<SharedBundle> {
  const folder = programsFolder();
  if (folder) return { codePath: join(folder, BUNDLE_FILE) };
  return (own ??= bundleWorkflows().then((code) => ({ code })));
}
