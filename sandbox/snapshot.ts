/** State of a sandbox part over restarts: one JSON file, replaced atomically a moment after each change. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writing begins at most this long after `changed()`, milliseconds: about what a SIGKILL may lose. */
const WRITE_DELAY_MS = 200;

export interface Snapshot<T extends object> {
  /** The live state. Change it in place, then call `changed()`. */
  readonly value: T;
  changed(): void;
  /** Writes at once if anything changed. Resolves when all changes are on disk. */
  flush(): Promise<void>;
}

/**
 * Opens the state kept in `path`, or starts with `initial()`. Top-level keys that the file lacks come from `initial()`.
 * Throws when the file is there and isn't JSON: a damaged state is never silently replaced by an empty one.
 */
export function openSnapshot<T extends object>(path: string, initial: () => T): Snapshot<T> {
  const value = { ...initial(), ...readState<T>(path) };
  let timer: NodeJS.Timeout | undefined;

  let writing: Promise<void> = Promise.resolve();

  // Not with blocking calls: on a busy disk they would delay every caller of the sandbox.
  const write = async (): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.new`, JSON.stringify(value));
    await rename(`${path}.new`, path);
  };
  const flush = (): Promise<void> => {
    if (timer) {
      clearTimeout(timer);
      timer = undefined;
      writing = writing.then(write);
    }
    return writing;
  };

  return {
    value,
    changed() {
      timer ??= setTimeout(() => void flush(), WRITE_DELAY_MS);
    },
    flush,
  };
}

function readState<T>(path: string): Partial<T> {
  if (!existsSync(path)) return {};
  const text = readFileSync(path, 'utf8');
  try {
    return JSON.parse(text) as Partial<T>;
  } catch (cause) {
    throw new Error(
      `Sandbox state ${path}: expected JSON, got ${text.length} characters that are none; delete the file`,
      {
        cause,
      },
    );
  }
}
