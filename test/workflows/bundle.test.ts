/**
 * What the workflows are bundled of: the sandbox that they run in needs neither the schema of a spec nor time zone
 * data.
 */
import { bundleWorkflows } from '../../worker/workflow-code';

test('the bundle has domain rules in it, and no library that only other roles need', async () => {
  const code = await bundleWorkflows();
  // Files stand there by their paths, or nothing would be found in it.
  expect(code).toContain('domain/story/pace.ts');
  for (const kept of ['node_modules/zod', 'node_modules/luxon', 'domain/campaign-spec.ts', 'domain/audience-schema.ts'])
    expect(code).not.toContain(kept);
}, 60_000);
