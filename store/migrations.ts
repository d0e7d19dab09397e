/**
 * What has become of the data's shape, version by version. Each step brings data of the version before it to its own; it
 * runs once, in the setup step (setup.ts). It may be cut off at any moment and is then run again from its beginning, so
 * what it does is safe to repeat. Steps are never changed once released: a mistake in one is mended by the next.
 */
import type { Db } from 'mongodb';
import { fromBeforeVersions } from './migrations/001-before-versions';
import { foundByEndOfNumber } from './migrations/002-number-ends';
import { foundByTwoWords } from './migrations/003-name-pairs';

export interface Migration {
  /** What it does, for whoever runs the setup. */
  readonly what: string;
  /** Roles of the version before may go on meanwhile, and with its outcome. */
  readonly whileRunning: boolean;
  /** `tell` says how far it is. */
  run(db: Db, tell: (progress: string) => void): Promise<void>;
}

/** Of version 0 to 1, of 1 to 2, … */
export const MIGRATIONS: readonly Migration[] = [fromBeforeVersions, foundByEndOfNumber, foundByTwoWords];

/** The version of the data that this code reads and writes. */
export const DATA_VERSION = MIGRATIONS.length;
