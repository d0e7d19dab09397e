/** The sections of the bench by name, each with its full and its quick size. */
import { measureCap } from './at-the-cap';
import { measureAudience } from './audience';
import type { Build } from './build';
import { measureClicks } from './clicks';
import type { Figure } from './figures';
import { measureImport } from './file-import';
import { measureHistory } from './history-size';
import { measureLedgerWays } from './ledger-ways';
import { measureMillion } from './million';
import { measureNoCap } from './no-cap';
import { measurePresses } from './presses';
import type { Scope } from './scope';
import { measureSearch } from './search';
import type { BenchServers } from './servers';
import { measureSlowAnswers } from './slow-answers';
import { measureTakeovers } from './takeover';
import { measureUncapped } from './uncapped';
import { measureWorkerMemory } from './worker-memory';
import { measureWebhooks } from './webhook-load';

/** `rows`: how many people sections about files and audiences take, in place of their own number. */
export interface SectionRun {
  quick: boolean;
  build: Build;
  rows?: number | undefined;
}

export type Section = (scope: Scope, servers: BenchServers, run: SectionRun) => Promise<Figure[]>;

const cap =
  (perSecond: number, seconds: number): Section =>
  (scope, servers, { quick, build }) =>
    measureCap(scope, servers, { cap: perSecond, seconds: quick ? 5 : seconds, build });

const noCap =
  (receipts: boolean): Section =>
  (scope, servers, { quick, build }) =>
    measureNoCap(scope, servers, { seconds: quick ? 3 : 20, receipts, build });

const webhooks =
  (eventsPerSecond: number): Section =>
  (scope, servers, { quick }) =>
    measureWebhooks(scope, servers, { eventsPerSecond, seconds: quick ? 2 : 10, backlog: quick ? 1_000 : 10_000 });

/** Driven from outside: these measure a former build as well (`--against`). */
export const OF_ANY_BUILD = {
  receipts: noCap(true),
  'no-receipts': noCap(false),
  'cap-20': cap(20, 60),
  'cap-80': cap(80, 60),
  'cap-250': cap(250, 60),
  'slow-answers': (scope, servers, { quick, build }) =>
    measureSlowAnswers(scope, servers, { cap: 80, seconds: quick ? 3 : 30, build }),
  import: (scope, servers, { quick, build, rows = quick ? 2_000 : 100_000 }) =>
    measureImport(scope, servers, { rows, build }),
} as const satisfies Record<string, Section>;

export const SECTIONS = {
  ...OF_ANY_BUILD,
  uncapped: (scope, servers, { quick }) => measureUncapped(scope, servers, { contacts: quick ? 400 : 3_000 }),
  bot: (scope, servers, { quick }) => measurePresses(scope, servers, { cap: 80, presses: quick ? 3 : 30 }),
  search: (scope, servers, { quick, rows: people = quick ? 2_000 : 150_000 }) =>
    measureSearch(scope, servers, { people, rounds: quick ? 3 : 20, cap: 80 }),
  takeover: (scope, servers, { quick }) => measureTakeovers(scope, servers, { cap: 40, quick }),
  webhooks: webhooks(1_000),
  clicks: (scope, servers, { quick }) => measureClicks(scope, servers, { perSecond: 1_000, seconds: quick ? 2 : 10, cap: quick ? 20 : 80 }), // prettier-ignore
  history: (scope, servers, { quick, rows: contacts = quick ? 200 : 5_200 }) =>
    measureHistory(scope, servers, { contacts, perSecond: 80 }),
  audience: (scope, servers, { quick, rows: people = quick ? 1_000 : 20_000 }) =>
    measureAudience(scope, servers, { people }),
  'worker-memory': (scope, servers, { quick, rows: people = quick ? 1_000 : 100_000 }) =>
    measureWorkerMemory(scope, servers, { people, seconds: quick ? 3 : 30 }),
  'ledger-ways': (scope, servers, { quick }) => measureLedgerWays(scope, servers, { messages: quick ? 500 : 10_000 }),
} as const satisfies Record<string, Section>;

/** No section of the others' table: it takes an hour and more. */
export const ofMillion =
  (minutes: number): Section =>
  (scope, servers, { quick, rows = quick ? 5_000 : 1_000_000 }) =>
    measureMillion(scope, servers, { rows, minutes, perSecond: 80 });

export type SectionName = keyof typeof SECTIONS;

export function isSection(name: string): name is SectionName {
  return name in SECTIONS;
}

/** Whether a former build can be measured by it. */
export function isOfAnyBuild(name: string): name is keyof typeof OF_ANY_BUILD {
  return name in OF_ANY_BUILD;
}
