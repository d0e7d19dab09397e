/** Where a worker's workflows come from: the bundle that was built with the image, or the sources, bundled at start. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FAILURE_CONVERTER } from '../clients/temporal/connection';
import { bundleWorkflowCode, type Logger, type WorkflowBundleOption } from '@temporalio/worker';

/** Stands at the top of what `npm run build` writes. */
export const BUNDLE_FILE = 'workflow-bundle.js';
/** The same, with the messages of failures in payloads, so that those can be encrypted. */
export const ENCRYPTED_BUNDLE_FILE = 'workflow-bundle-encrypted.js';

/**
 * The workflows for `Worker.create`. Bundling takes about a second, and a place where @swc/core may unpack and load
 * its native part; a built one is only read.
 */
export async function workflowCode({ encrypted = false } = {}): Promise<WorkflowBundleOption> {
  const built = join(__dirname, '..', encrypted ? ENCRYPTED_BUNDLE_FILE : BUNDLE_FILE);
  return existsSync(built) ? { codePath: built } : { code: await bundleWorkflows({ encrypted }) };
}

/**
 * Bundles the sources. The error of a failed one holds what webpack had to say: by itself it says only that there is
 * something.
 */
export async function bundleWorkflows({
  workflowsPath = join(__dirname, '../workflows/index.ts'),
  encrypted = false,
} = {}): Promise<string> {
  if (!existsSync(workflowsPath))
    throw new Error(
      `no workflows to run: expected ${BUNDLE_FILE} of npm run build, or the sources at ${workflowsPath}`,
    );
  const said: string[] = [];
  try {
    const { code } = await bundleWorkflowCode({
      workflowsPath,
      logger: keepErrors(said),
      workflowInterceptorModules: [require.resolve('../workflows/trace')],
      ...(encrypted && { failureConverterPath: FAILURE_CONVERTER }),
    });
    return code;
  } catch (error) {
    throw new Error(`cannot bundle the workflows: ${errorsOf(said.join('\n')) || String(error)}`, { cause: error });
  }
}

/** Webpack lists all it has done before it comes to what went wrong. */
function errorsOf(output: string): string {
  return output.slice(Math.max(output.indexOf('ERROR in'), 0)).trim();
}

function keepErrors(said: string[]): Logger {
  const nothing = (): void => undefined;
  const error = (message: string): unknown => said.push(message);
  return {
    log: (level, message) => (level === 'ERROR' ? error(message) : undefined),
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: nothing,
    error,
  };
}
