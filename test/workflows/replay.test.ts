/**
 * Campaigns that began on older code go on with this one: recorded histories of real runs replay
 * (docs/workflow-changes.md).
 */
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { dataConverterOf } from '../../clients/temporal/connection';
import { readEncryptionKeys } from '../../config/encryption-keys';
import { bundleWorkflows } from '../../worker/workflow-code';
import { campaignWorkflowId } from '../../workflows/messages';
import {
  campaignIdOf,
  opened,
  parseHistory,
  readRecorded,
  recordedNames,
  STORIES,
  storyAs,
  type Path,
} from '../support/recorded-histories';
import { quietRuntime } from '../support/time-skipping';
import { workflowBundle, type SharedBundle } from '../support/workflow-bundle';

const logger = new DefaultLogger('ERROR');
const bundle = (workflowsPath: string): Promise<SharedBundle> => bundleWorkflowCode({ workflowsPath, logger });

beforeAll(quietRuntime);

interface Recorded {
  workflowId: string;
  history: unknown;
}

function recorded(name: string): Recorded {
  const json = readRecorded(name);
  return { workflowId: campaignWorkflowId(campaignIdOf(parseHistory(json))), history: JSON.parse(json) };
}

/** Resolves when the code does at each step what the history says. */
async function replay(name: string, code: SharedBundle): Promise<void> {
  const { workflowId, history } = recorded(name);
  await Worker.runReplayHistory({ workflowBundle: code }, history, workflowId);
}

describe('the workflows of today replay', () => {
  /** What came of each, in turn: one worker for all, since to make one takes most of the time. */
  const ends = new Map<string, Error | undefined>();
  beforeAll(async () => {
    const names = recordedNames();
    const options = { workflowBundle: await workflowBundle() };
    for await (const { error } of Worker.runReplayHistories(options, names.map(recorded)))
      ends.set(names[ends.size]!, error);
  }, 240_000);

  test.each(recordedNames())('%s', (name) => {
    expect([...ends.keys()]).toContain(name);
    expect(ends.get(name)).toBeUndefined();
  });
});

/** One of each workflow. */
const OF_EACH: Path[] = ['winner-chosen', 'follow-ups-anew', 'results-read', 'written-back', 'series-fired'];

test('they replay once payloads are encrypted: those of before are read as they are', async () => {
  const dataConverter = dataConverterOf({
    TEMPORAL_ENCRYPTION_KEYS: readEncryptionKeys(`first:${Buffer.alloc(32, 1).toString('base64')}`)!,
  })!;
  const options = { workflowBundle: { code: await bundleWorkflows({ encrypted: true }) }, dataConverter };
  const failed: string[] = [];
  let count = 0;
  for await (const { workflowId, error } of Worker.runReplayHistories(options, OF_EACH.map(recorded))) {
    count++;
    if (error) failed.push(`${workflowId}: ${error.message}`);
  }
  expect({ count, failed }).toEqual({ count: OF_EACH.length, failed: [] });
}, 240_000);

describe('there is a history of a campaign', () => {
  test.each(Object.entries(STORIES))('%s', (path, story) => {
    expect(recordedNames()).toContain(path);
    expect(storyAs(path as Path, parseHistory(readRecorded(path)))).toEqual(story);
  });
});

describe('a change of the workflow', () => {
  test('that running campaigns cannot follow is caught', async () => {
    const changed = await bundle(require.resolve('../fixtures/workflows/changed'));
    await expect(replay('finished', changed)).rejects.toThrow(DeterminismViolationError);
  });

  test('that is patched in is not', async () => {
    await replay('finished', await bundle(require.resolve('../fixtures/workflows/patched')));
  });
});

describe('no phone, text or machine is in', () => {
  test.each(recordedNames())('%s', (name) => {
    const text = opened(readRecorded(name));
    // Payloads and summaries are open, or this would not be found.
    expect(text).toContain(`"campaignId":"${campaignIdOf(parseHistory(readRecorded(name)))}"`.replaceAll('"', '\\"'));
    expect(text).not.toMatch(/(?<![\w.-])\+?7?9\d{9}(?!\d)/);
    expect(text).not.toMatch(/[а-яё]/i);
    expect(text).not.toMatch(/\d@[\w.-]+/);
    expect(text).not.toMatch(/(?<![\w:/])\/(home|root|Users|work|tmp)\//);
  });
});
