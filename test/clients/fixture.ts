/** Reads a JSON fixture of test/fixtures. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function jsonFixture<T = unknown>(path: string): T {
  return JSON.parse(readFileSync(join(__dirname, '../fixtures', path), 'utf8')) as T;
}
