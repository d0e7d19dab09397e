/**
 * The crash suite in short (`npm run chaos` is the whole of it): processes killed, MongoDB restored and Temporal
 * emptied while a campaign sends.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHORT, TARGETS } from '../../chaos/plan';
import { runChaos } from '../../chaos/run-chaos';
import { rolePrograms } from '../support/programs';
import { quietRuntime } from '../support/time-skipping';

const SEED = 1;
const SAID_ON_FAILURE = 60;

test('processes killed, MongoDB restored, Temporal emptied in mid-campaign: it balances at every look, nobody lost, nobody twice, none closed', async () => {
  quietRuntime();
  const home = mkdtempSync(join(tmpdir(), 'bobcofer-chaos-test-'));
  const said: string[] = [];
  try {
    const result = await runChaos({
      home,
      size: SHORT,
      seed: SEED,
      report: (line) => said.push(line),
      scripts: rolePrograms(),
    });
    const failed = result.findings.filter(({ ok }) => !ok).map(({ text }) => text);
    expect({ failed, ...(failed.length > 0 && { said: said.slice(-SAID_ON_FAILURE) }) }).toEqual({ failed: [] });
    const killed = result.deeds.flatMap(({ trouble }) => (trouble.kind === 'kill' ? [trouble.target] : []));
    expect(killed.toSorted()).toEqual([...TARGETS].toSorted());
    expect(
      result.deeds.flatMap(({ trouble, survived }) => (survived ? [{ ...survived, kind: trouble.kind }] : [])),
    ).toEqual([
      { kind: 'restore', sentUntold: 0, goesOn: true },
      { kind: 'empty', sentUntold: 0, goesOn: true },
    ]);
    expect(result.closedByMistake).toBe(0);
    expect(result.looks.taken).toBeGreaterThan(10);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}, 420_000);
