import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflows } from '../../worker/workflow-code';

const folder = mkdtempSync(join(tmpdir(), 'bobcofer-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a bundle of the workflows that fails', () => {
  it('says which file and why, and none of what went well', async () => {
    const path = join(folder, 'index.ts');
    writeFileSync(path, "export { campaign } from './nowhere';\n");
    const failure = await bundleWorkflows({ workflowsPath: path }).catch((error: Error) => error.message);
    expect(failure).toMatch(/^cannot bundle the workflows: ERROR in .*index\.ts/);
    expect(failure).toMatch(/Can't resolve '\.\/nowhere'/);
    expect(failure).not.toContain('[emitted]');
  });

  it('says what it looked for where there is neither a bundle nor sources', async () => {
    await expect(bundleWorkflows({ workflowsPath: join(folder, 'gone/index.ts') })).rejects.toThrow(
      /workflow-bundle\.js of npm run build, or the sources at .*gone\/index\.ts/,
    );
  });
});
