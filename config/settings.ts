/**
 * Reads the settings: once at start, all problems listed together (design §7).
 *
 * A value comes from, first hit wins: the environment, the file `.env` in the working folder,
 * and `settings` in `<BOBCOFER_HOME>/stack.json`, which a running local stack writes.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { GROUPS, SETTING_NAMES, type Groups, type Settings, type SettingsGroup } from './settings-schema';
import { readStackFile } from './stack-file';

export type { Settings, SettingsGroup };

/** One wrong or missing setting: its name, what was expected, what was got (secrets shortened). */
export interface SettingProblem {
  name: string;
  problem: string;
}

/** Thrown by `readSettings`; the message lists every problem, a line each, and says what to do. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly SettingProblem[]) {
    super(
      [
        'Wrong settings:',
        ...problems.map(({ name, problem }) => `  ${name}: ${problem}`),
        '.env.example explains each.',
      ].join('\n'),
    );
    this.name = 'SettingsError';
  }
}

/**
 * Reads and validates the groups a role needs, plus the common ones.
 * Throws `SettingsError` with every problem found, never just the first.
 */
export function readSettings<G extends SettingsGroup>(
  groups: readonly G[],
  environment: NodeJS.ProcessEnv = process.env,
): Settings<G> {
  const { read, problems } = readGroups(['common', ...groups], allValues(environment));
  if (problems.length > 0) throw new SettingsError(problems);
  const { common, ...rest } = read;
  return { ...common, ...rest } as Settings<G>;
}

/** What can be said about all settings at once, for `doctor`. */
export interface ExaminedSettings {
  /** The groups without a problem. */
  groups: Partial<Groups>;
  /** Of every group. */
  problems: SettingProblem[];
  /** Where the value of each setting that has one comes from; no values. */
  sources: Record<string, 'environment' | '.env' | 'stack.json'>;
}

/** Reads every group; nothing is thrown for a wrong setting. Rejects a stack.json that is no JSON, as `readStackFile` does. */
export function examineSettings(environment: NodeJS.ProcessEnv = process.env): ExaminedSettings {
  const values = allValues(environment);
  const { read: groups, problems } = readGroups(Object.keys(GROUPS) as (keyof Groups)[], values);
  const given = givenSettings(environment);
  const sources = SETTING_NAMES.filter((name) => values[name] !== undefined).map((name) => [
    name,
    given[name] === undefined ? 'stack.json' : environment[name]?.trim() ? 'environment' : '.env',
  ]);
  return { groups, problems, sources: Object.fromEntries(sources) as ExaminedSettings['sources'] };
}

function readGroups(
  groups: readonly (keyof Groups)[],
  values: Record<string, string | undefined>,
): { read: Partial<Groups>; problems: SettingProblem[] } {
  const results = groups.map((group) => ({ group, result: GROUPS[group].safeParse(values) }));
  const read = results.flatMap(({ group, result }) => (result.success ? [[group, result.data]] : []));
  const problems = results.flatMap(({ result }) =>
    (result.error?.issues ?? []).map(({ path, message }) => {
      const name = String(path[0]);
      return { name, problem: describe(name, values[name], message) };
    }),
  );
  return { read: Object.fromEntries(read) as Partial<Groups>, problems };
}

/** What the user has set: the environment before `.env`; an empty string counts as absent. */
export function givenSettings(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const dotEnv = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  return { ...withoutEmpty(dotEnv), ...withoutEmpty(environment) };
}

/** All values by the order of precedence. */
function allValues(environment: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const given = givenSettings(environment);
  const stack = readStackFile(resolve(given['BOBCOFER_HOME'] ?? '.bobcofer'));
  return { ...stack?.settings, ...given };
}

function withoutEmpty(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]?.trim()));
}

const SECRET = /TOKEN|KEY|SECRET|URI/;

function describe(name: string, value: string | undefined, message: string): string {
  if (value === undefined) return 'is missing';
  return `${message}, got ${SECRET.test(name) ? `a value of ${value.length} characters` : JSON.stringify(value)}`;
}
