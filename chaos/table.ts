/** Prints what a chaos run did and found as tables for a terminal. */
import Table from 'cli-table3';
import { acceptedCount } from '../domain/story/ledger';
import type { ChaosResult } from './judge';
import type { Trouble } from './plan';

export function renderChaos(result: ChaosResult, { seed, seconds }: { seed: number; seconds: number }): string {
  const {
    deeds,
    ledger,
    looks,
    retries,
    settledByReceipts,
    unknownByRestore,
    closedByMistake,
    busiestSecond,
    busiestLeft,
    traced,
    refusedByModel,
    slowestTakeovers,
    findings,
  } = result;
  const counts = new Map<string, number>();
  for (const { trouble, skipped } of deeds) {
    const name = skipped === undefined ? nameOf(trouble) : `left out: ${nameOf(trouble)} (${skipped})`;
    counts.set(name, (counts.get(name) ?? 0) + (trouble.kind === 'fault' ? trouble.count : 1));
  }
  const kills = deeds.filter(({ trouble }) => trouble.kind === 'kill').length;
  return [
    tableOf('done', [...[...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)), ['kills in all', kills]]),
    tableOf('found', [
      ['people', ledger.total],
      ['skipped', ledger.skipped],
      ['accepted', acceptedCount(ledger)],
      ['failed', ledger.failed],
      ['unknown, settled by a receipt', settledByReceipts],
      ['unknown by a restore, left', unknownByRestore],
      ['unknown otherwise, left', ledger.unknown - unknownByRestore],
      ['tried again', retries],
      ['paused by trouble, resumed', looks.resumed],
      ['campaigns closed by mistake', closedByMistake],
      ['looks at the ledger', looks.taken],
      ['looks while MongoDB was away', looks.missed],
      ['looks that did not balance', looks.unbalanced.length],
      ['most messages within a second, at the sockets', busiestLeft],
      ['the same as the sandbox counts on arrival', busiestSecond],
      ['writes and calls in the trace', traced],
      ['deliveries whose trace the model refuses', refusedByModel],
      ...Object.entries(slowestTakeovers).map(([by, ms]): [string, number] => [`slowest takeover after ${by}, ms`, ms]),
      ['seed', seed],
      ['seconds', Math.round(seconds)],
    ]),
    ...findings.map(({ ok, text }) => `${ok ? 'ok  ' : 'FAIL'}  ${text}`),
  ].join('\n');
}

function tableOf(title: string, rows: [string, number][]): string {
  const table = new Table({
    head: [title, 'count'],
    colAligns: ['left', 'right'],
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows);
  return table.toString();
}

function nameOf(trouble: Trouble): string {
  switch (trouble.kind) {
    case 'restore':
      return `MongoDB restored, ${trouble.told ? 'after-restore at once' : 'after-restore once noticed'}`;
    case 'empty':
      return 'Temporal emptied, then campaign adopt';
    case 'takeover':
      if (trouble.both) return `${trouble.by} to both workers at once`;
      return `${trouble.by} to the worker that sends, another takes over`;
    case 'kill':
      return `SIGKILL ${trouble.target}`;
    case 'stop':
      return `SIGSTOP ${trouble.target}`;
    case 'partition':
      return `${trouble.who} parted from ${trouble.from}, ${trouble.how}`;
    case 'clock':
      return `the roles' clock ${trouble.byMs > 0 ? 'ahead' : 'behind'}`;
    case 'disk':
      return 'the disk of MongoDB full';
    case 'fault':
      return `sends that met ${trouble.fault}`;
  }
}
