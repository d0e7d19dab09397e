/** Secrets given as files (`<NAME>_FILE`), as container engines hand them in. */
import { readFileSync } from 'node:fs';
import { SECRET_NAMES } from './settings-schema';

/** The problem with a secret's file. */
export interface SecretFileProblem {
  /** The secret. */
  name: string;
  /** The setting that names its file. */
  fileName: string;
  problem: string;
}

/**
 * The values with each `<NAME>_FILE` replaced by what its file holds, less the white space around it. An empty file
 * counts as absent, as an empty value does. What cannot be resolved stays as it was and is a problem.
 */
export function resolveSecretFiles(given: Readonly<Record<string, string>>): {
  values: Record<string, string>;
  problems: SecretFileProblem[];
} {
  const values = { ...given };
  const problems: SecretFileProblem[] = [];
  for (const name of SECRET_NAMES) {
    const fileName = `${name}_FILE`;
    const path = given[fileName];
    if (path === undefined) continue;
    const read = readSecret(path);
    if ('problem' in read) problems.push({ name, fileName, problem: read.problem });
    else if (read.secret && given[name] !== undefined) {
      const problem = `${path} holds a value, and ${name} is set as well: take one of them out`;
      problems.push({ name, fileName, problem });
    } else {
      delete values[fileName];
      if (read.secret) values[name] = read.secret;
    }
  }
  return { values, problems };
}

function readSecret(path: string): { secret: string } | { problem: string } {
  try {
    return { secret: readFileSync(path, 'utf8').trim() };
  } catch (error) {
    return { problem: `cannot be read: ${(error as Error).message}` };
  }
}
