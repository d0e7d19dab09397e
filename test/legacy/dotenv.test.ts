/** What the importer writes to `.env`: nothing that is there is changed unasked. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { planEnv, writeEnv, type EnvPlan } from '../../legacy/dotenv';
import type { FoundSetting } from '../../legacy/finds';

let file: string;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bobcofer-dotenv-'));
  file = join(folder, '.env');
});
afterEach(() => rmSync(folder, { recursive: true }));

const found = (name: string, value: string): FoundSetting => ({ name, value, file: 'conf.json', line: 2 });

function importing(
  settings: FoundSetting[],
  {
    admins = [],
    force = false,
    environment = {},
  }: { admins?: number[]; force?: boolean; environment?: NodeJS.ProcessEnv } = {},
): EnvPlan {
  const plan = planEnv(file, { settings, admins }, { environment, force });
  writeEnv(plan);
  return plan;
}
const written = (): NodeJS.Dict<string> => parseEnv(readFileSync(file, 'utf8'));

test('a new file is for its owner only, and the second time nothing is written', () => {
  importing([found('AMOCRM_TOKEN', 'a b#c')], { admins: [1, 2] });
  expect(written()).toEqual({ AMOCRM_TOKEN: 'a b#c', ADMIN_IDS: '1,2' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const before = readFileSync(file, 'utf8');
  const { write, same } = importing([found('AMOCRM_TOKEN', 'a b#c')], { admins: [2, 1] });
  expect({ write, same: same.length, after: readFileSync(file, 'utf8') }).toEqual({
    write: [],
    same: 2,
    after: before,
  });
});

test('another value stays and is told; an empty one is filled; the rest of the file is as it was', () => {
  writeFileSync(file, '# mine\nAMOCRM_TOKEN=old\nGUPSHUP_SOURCE=\nLOG_LEVEL=debug');
  const { conflicts } = importing([found('AMOCRM_TOKEN', 'new'), found('GUPSHUP_SOURCE', '79000000000')]);
  expect(conflicts).toEqual([
    expect.objectContaining({ name: 'AMOCRM_TOKEN', why: expect.stringContaining('--force') }),
  ]);
  expect(readFileSync(file, 'utf8')).toBe('# mine\nAMOCRM_TOKEN=old\nGUPSHUP_SOURCE=79000000000\nLOG_LEVEL=debug');
});

test('--force overwrites in place', () => {
  writeFileSync(file, 'AMOCRM_TOKEN=old # comment\nLOG_LEVEL=debug\n');
  importing([found('AMOCRM_TOKEN', '$1new')], { force: true });
  expect(written()).toEqual({ AMOCRM_TOKEN: '$1new', LOG_LEVEL: 'debug' });
});

test('admins join those who are set only by force', () => {
  writeFileSync(file, 'ADMIN_IDS=1\n');
  const { conflicts } = importing([], { admins: [1, 3] });
  expect(conflicts).toEqual([
    expect.objectContaining({ name: 'ADMIN_IDS', why: expect.stringContaining('without 3') }),
  ]);
  expect(written()).toEqual({ ADMIN_IDS: '1' });
  importing([], { admins: [1, 3], force: true });
  expect(written()).toEqual({ ADMIN_IDS: '1,3' });
});

test('what the environment has otherwise is a conflict, and two values of the older program are none', () => {
  const { conflicts, write } = importing(
    [found('AMOCRM_TOKEN', 'a'), found('LOG_LEVEL', 'x'), found('LOG_LEVEL', 'y')],
    {
      environment: { AMOCRM_TOKEN: 'b' },
      force: true,
    },
  );
  expect(write).toEqual([]);
  expect(conflicts.map(({ name }) => name)).toEqual(['AMOCRM_TOKEN', 'LOG_LEVEL']);
  expect(existsSync(file)).toBe(false);
});
