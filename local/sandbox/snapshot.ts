/** State of a sandbox part over restarts: one JSON file, replaced atomically a moment after each change. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A change is on disk at most this long after `changed()`, milliseconds: what a SIGKILL may lose. */
const WRITE_DELAY_MS = 200;

export interface Snapshot<T extends object> {
  /** The live state. Change it in place, then call `changed()`. */
  readonly value: T;
  changed(): void;
  /** Writes at once if anything changed. */
  flush(): void;
}

/**
 * Opens the state kept in `path`, or starts with `initial()`. Top-level keys that the file lacks come from `initial()`.
 * Throws when the file is there and isn't JSON: a damaged state is never silently replaced by an empty one.
 */
export function openSnapshot<T extends object>(path: string, initial: () => T): Snapshot<T> {
  const value = { ...initial(), ...readState<T>(path) };
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    if (!timer) return;
    clearTimeout(timer);
    timer = undefined;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, JSON.stringify(value));
    renameSync(`${path}.new`, path);
  };

  return {
    value,
    changed() {
      timer ??= setTimeout(flush, WRITE_DELAY_MS);
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
