/**
 * Tables and counts of 100,000 deliveries take no more memory than those of a few (measured in a process of its own,
 * which holds nothing else).
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ReportFormat } from '../../report/reports';
import { nodeArguments } from '../support/programs';
import type { Held } from './held-in-child';

const ROWS = 100_000;
/** Live memory is looked at after so many rows. */
const LOOK_EVERY = 10_000;

async function held(format?: ReportFormat): Promise<Held> {
  const args = [ROWS, LOOK_EVERY, ...(format ? [format] : [])].map(String);
  const command = [...nodeArguments('test/report/held-in-child.ts'), ...args];
  const { stdout } = await promisify(execFile)(process.execPath, command, { timeout: 110_000 });
  return JSON.parse(stdout) as Held;
}

function expectBounded({ live }: Held): void {
  expect(live.length).toBeGreaterThanOrEqual(ROWS / LOOK_EVERY);
  const [first = 0, ...later] = live;
  expect(Math.max(...later) - first).toBeLessThan(4_000_000);
}

test('counting', async () => {
  const report = await held();
  expect(report.tried).toBe(ROWS);
  expect(report.columns).toBeLessThanOrEqual(48);
  expectBounded(report);
}, 120_000);

test.each<ReportFormat>(['xlsx', 'csv'])(
  '%s',
  async (format) => {
    const table = await held(format);
    expect(table.size).toBeGreaterThan(ROWS * 20);
    expectBounded(table);
  },
  120_000,
);
