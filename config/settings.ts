/**
 * Reads the settings: once at start, all problems listed together.
 *
 * A value comes from, first hit wins: the environment, the file `.env` in the working folder,
 * and `settings` in `<BOBCOFER_HOME>/stack.json`, which a running local stack writes. Each of the first two may name a
 * file that holds a secret instead (`<NAME>_FILE`, secret-files.ts).
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { ApprovalRules } from '../domain/approval';
import type { OptOutWords } from '../domain/opt-outs/opt-out-words';
import type { SettleLimits } from '../domain/story/settling';
import { resolveSecretFiles, type SecretFileProblem } from './secret-files';
import { GROUPS, type Groups, SECRET_NAMES, SETTING_NAMES, type Settings, type SettingsGroup } from './settings-schema';
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
  const { values, fileProblems } = allValues(environment);
  const { read, problems } = readGroups(['common', ...groups], values, fileProblems);
  if (problems.length > 0) throw new SettingsError(problems);
  const { common, ...rest } = read;
  return { ...common, ...rest } as Settings<G>;
}

/** An examination of all settings at once, for `doctor`. */
export interface ExaminedSettings {
  /** The groups without a problem. */
  groups: Partial<Groups>;
  /** Of every group. */
  problems: SettingProblem[];
  /** Where the value of each setting that has one comes from; no values. */
  sources: Record<string, 'environment' | '.env' | 'stack.json'>;
}

/**
 * Reads every group; nothing is thrown for a wrong setting. Rejects a stack.json that is no JSON, as `readStackFile`
 * does.
 */
export function examineSettings(environment: NodeJS.ProcessEnv = process.env): ExaminedSettings {
  const { values, fileProblems } = allValues(environment);
  const all = Object.keys(GROUPS) as (keyof Groups)[];
  const { read: groups, problems } = readGroups(all, values, fileProblems);
  const given = givenSettings(environment);
  const isOfEnvironment = (name: string): boolean => !!(environment[name] ?? environment[`${name}_FILE`])?.trim();
  const sources = SETTING_NAMES.filter((name) => values[name] !== undefined).map((name) => [
    name,
    given[name] === undefined ? 'stack.json' : isOfEnvironment(name) ? 'environment' : '.env',
  ]);
  return { groups, problems, sources: Object.fromEntries(sources) as ExaminedSettings['sources'] };
}

function readGroups(
  groups: readonly (keyof Groups)[],
  values: Record<string, string | undefined>,
  fileProblems: readonly SecretFileProblem[],
): { read: Partial<Groups>; problems: SettingProblem[] } {
  const results = groups.map((group) => ({ group, result: GROUPS[group].safeParse(values) }));
  const read = results.flatMap(({ group, result }) => (result.success ? [[group, result.data]] : []));
  const wrong = results.flatMap(({ result }) =>
    (result.error?.issues ?? []).map(({ path, message }) => {
      const name = String(path[0]);
      // One inside the file that the setting names: it says by itself what was got.
      return {
        name,
        problem: path.length > 1 ? `in ${values[name]}: ${message}` : describe(name, values[name], message),
      };
    }),
  );
  // A secret whose file is the trouble is not missing besides.
  const files = fileProblems.filter(({ name }) => groups.some((group) => name in GROUPS[group].shape));
  const problems = [
    ...wrong.filter(({ name }) => !files.some((file) => file.name === name)),
    ...files.map(({ fileName: name, problem }) => ({ name, problem })),
  ];
  return { read: Object.fromEntries(read) as Partial<Groups>, problems };
}

/**
 * What the user has set: the environment overrides `.env`; an empty string counts as absent. A secret read from a file
 * appears under its own name; `<NAME>_FILE` remains only if unreadable, so that `readSettings` reports it.
 */
export function givenSettings(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return readGiven(environment).values;
}

function readGiven(environment: NodeJS.ProcessEnv): ReturnType<typeof resolveSecretFiles> {
  const own = withoutEmpty(environment);
  const dotEnv = withoutEmpty(existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {});
  for (const name of SECRET_NAMES) {
    const forms = [name, `${name}_FILE`];
    // One of them in the environment is enough to outweigh both in the file.
    if (forms.some((form) => own[form] !== undefined)) for (const form of forms) delete dotEnv[form];
  }
  return resolveSecretFiles({ ...dotEnv, ...own });
}

/** All values by the order of precedence, and what is wrong with the files of secrets. */
function allValues(environment: NodeJS.ProcessEnv): {
  values: Record<string, string | undefined>;
  fileProblems: SecretFileProblem[];
} {
  const { values: given, problems: fileProblems } = readGiven(environment);
  const stack = readStackFile(resolve(given['BOBCOFER_HOME'] ?? '.bobcofer'));
  return { values: { ...stack?.settings, ...given }, fileProblems };
}

function withoutEmpty(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]?.trim()));
}

const SECRET = /TOKEN|KEY|SECRET|URI|PROXY|_TLS_C|HEADERS/;

function describe(name: string, value: string | undefined, message: string): string {
  if (value === undefined) return 'is missing';
  return `${message}, got ${SECRET.test(name) ? `a value of ${value.length} characters` : JSON.stringify(value)}`;
}

/** Which campaigns need a second person's yes. */
export function approvalRules(
  settings: Pick<Settings, 'APPROVAL_PEOPLE' | 'APPROVAL_COST' | 'APPROVAL_CATEGORIES' | 'APPROVAL_HOURS'>,
): ApprovalRules {
  const { APPROVAL_PEOPLE: people, APPROVAL_COST: cost, APPROVAL_CATEGORIES: categories = [] } = settings;
  return {
    ...(people !== undefined && { people }),
    ...(cost !== undefined && { cost }),
    categories,
    withinMs: settings.APPROVAL_HOURS * 3_600_000,
  };
}

/** The words by which people opt out and in again. */
export function optOutWords({
  STOP_WORDS: stop,
  START_WORDS: start,
  STOP_BUTTONS: stopButtons,
}: Pick<Settings, 'STOP_WORDS' | 'START_WORDS' | 'STOP_BUTTONS'>): OptOutWords {
  return { stop, start, stopButtons };
}

export function settleLimits(settings: Pick<Settings, 'SETTLE_QUIET_SECONDS' | 'SETTLE_MAX_SECONDS'>): SettleLimits {
  return { quietMs: settings.SETTLE_QUIET_SECONDS * 1000, maxMs: settings.SETTLE_MAX_SECONDS * 1000 };
}
