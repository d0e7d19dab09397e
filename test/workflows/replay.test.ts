/**
 * Campaigns that began on older code go on with this one: recorded histories of real runs replay
 * (docs/workflow-changes.md).
 */
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { campaignWorkflowId } from '../../workflows/messages';
import {
  campaignIdOf,
  opened,
  parseHistory,
  readRecorded,
  recordedNames,
  STORIES,
  storyOf,
} from '../support/recorded-histories';
import { quietRuntime } from '../support/time-skipping';
import { workflowBundle, type SharedBundle } from '../support/workflow-bundle';

const logger = new DefaultLogger('ERROR');
const bundle = (workflowsPath: string): Promise<SharedBundle> => bundleWorkflowCode({ workflowsPath, logger });

let today: SharedBundle;
beforeAll(async () => {
  quietRuntime();
  today = await workflowBundle();
});

/** Resolves when the code does at each step what the history says. */
async function replay(name: string, code = today): Promise<void> {
  const json = readRecorded(name);
  await Worker.runReplayHistory(
    { workflowBundle: code },
    JSON.parse(json),
    campaignWorkflowId(campaignIdOf(parseHistory(json))),
  );
}

describe('the workflows of today replay', () => {
  test.each(recordedNames())('%s', (name) => replay(name));
});

describe('there is a history of a campaign', () => {
  test.each(Object.entries(STORIES))('%s', (path, story) => {
    expect(recordedNames()).toContain(path);
    expect(storyOf(parseHistory(readRecorded(path)))).toEqual(story);
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
