/** The sections of the bench by name, each with its full and its quick size. */
import { measureCap } from './at-the-cap';
import { measureAudience } from './audience';
import type { Figure } from './figures';
import { measureImport } from './file-import';
import { measureHistory } from './history-size';
import type { Scope } from './scope';
import type { BenchServers } from './servers';
import { measureUncapped } from './uncapped';
import { measureWebhooks } from './webhook-load';

type Section = (scope: Scope, servers: BenchServers, quick: boolean) => Promise<Figure[]>;

const cap =
  (perSecond: number, seconds: number): Section =>
  (scope, servers, quick) =>
    measureCap(scope, servers, { cap: perSecond, seconds: quick ? 5 : seconds });

export const SECTIONS = {
  'cap-20': cap(20, 60),
  'cap-80': cap(80, 60),
  'cap-250': cap(250, 60),
  uncapped: (scope, servers, quick) => measureUncapped(scope, servers, { contacts: quick ? 400 : 3_000 }),
  webhooks: (scope, servers, quick) =>
    measureWebhooks(scope, servers, { eventsPerSecond: 500, seconds: quick ? 2 : 10, backlog: quick ? 1_000 : 10_000 }),
  history: (scope, servers, quick) => measureHistory(scope, servers, { contacts: quick ? 200 : 5_200, perSecond: 80 }),
  import: (scope, servers, quick) => measureImport(scope, servers, { rows: quick ? 2_000 : 100_000 }),
  audience: (scope, servers, quick) => measureAudience(scope, servers, { people: quick ? 1_000 : 20_000 }),
} as const satisfies Record<string, Section>;

export type SectionName = keyof typeof SECTIONS;

export function isSection(name: string): name is SectionName {
  return name in SECTIONS;
}
