/** How soon somebody is found among very many: by name, by the end or the middle of a number; with nothing else going on, and under a campaign at the cap with all receipts. */
import { ordinaryPhones } from '../sandbox/ordinary-phones';
import { percentile, type Figure } from './figures';
import type { Scope } from './scope';
import type { BenchServers } from './servers';
import { openSite, sendMeanwhile, type Site } from './site';

const WANTED_MS = 300;
/** As many as a screen of `/find` takes. */
const FOUND = 50;
const CAMPAIGN_SECONDS = 60;
const APART_MS = 250;
const OPERATORS = ['903', '905', '911', '916', '921', '926', '977', '985', '987', '999'];
const FIRST = ['Анна', 'Борис', 'Вера', 'Глеб', 'Дарья', 'Егор', 'Жанна', 'Иван', 'Кирилл', 'Лидия', 'Марк', 'Нина', 'Олег', 'Павел', 'Роман', 'Софья', 'Тимур', 'Ульяна', 'Фёдор', 'Юлия']; // prettier-ignore
const LAST = ['Иванов', 'Смирнов', 'Кузнецов', 'Попов', 'Васильев', 'Петров', 'Соколов', 'Михайлов', 'Новиков', 'Фёдоров', 'Морозов', 'Волков', 'Алексеев', 'Лебедев', 'Семёнов', 'Егоров', 'Павлов', 'Козлов', 'Степанов', 'Николаев', 'Орлов', 'Андреев', 'Макаров', 'Никитин', 'Захаров', 'Зайцев', 'Соловьёв', 'Борисов', 'Яковлев', 'Григорьев', 'Романов', 'Воробьёв', 'Сергеев', 'Кузьмин', 'Фролов', 'Александров', 'Дмитриев', 'Королёв', 'Гусев', 'Киселёв']; // prettier-ignore

interface Somebody {
  phone: string;
  name: string;
}

/** Five digits from within a number. */
const middleOf = ({ phone }: Somebody): string => phone.slice(5, 10);

/** What people type to find somebody. */
const KINDS: readonly [what: string, typed: (one: Somebody) => string][] = [
  ['first and last name', ({ name }) => name],
  ['last name alone, that of one in forty', ({ name }) => name.split(' ')[1]!],
  ['the last four digits', ({ phone }) => phone.slice(-4)],
  ['five digits in the middle, which are nobody’s end', middleOf],
  ['the last seven digits, with hyphens', ({ phone }) => phone.slice(-7).replace(/(\d{3})(\d\d)(\d\d)/, '$1-$2-$3')],
];

export async function measureSearch(
  scope: Scope,
  servers: BenchServers,
  { people: count, rounds, cap }: { people: number; rounds: number; cap: number },
): Promise<Figure[]> {
  const site = await openSite(scope, servers, { sendsPerSecond: cap, workers: 1, receipts: true });
  await site.start('webhooks');
  const people = somebodies(count);
  await site.services.store.contacts.met(people, { source: 'list:bench', at: new Date() });
  const idle = await searchedFor(scope, site, people, { rounds, cap });
  await sendMeanwhile(scope, site, sentTo(cap));
  const busy = await searchedFor(scope, site, people, { rounds, cap });
  return KINDS.flatMap(([what], kind) => {
    const [idleMs, busyMs] = [idle, busy].map((of) => percentile(of[kind]!, 0.95)) as [number, number];
    return [
      {
        figure: `found among ${count} by ${what}, p95 of ${rounds}`,
        measured: `${idleMs.toFixed(0)} ms, the first time ${idle[kind]![0]!.toFixed(0)} ms`,
        value: idleMs,
        wanted: { text: `< ${WANTED_MS} ms`, met: Math.max(idleMs, idle[kind]![0]!) < WANTED_MS },
      },
      {
        figure: `the same while a campaign sends ${cap} a second with receipts`,
        measured: `${busyMs.toFixed(0)} ms`,
        value: busyMs,
        ratio: { value: busyMs / idleMs, of: 'idle' },
        wanted: { text: `< ${WANTED_MS} ms`, met: busyMs < WANTED_MS },
      },
    ];
  });
}

/** How long each kind of search took (ms), in the order of the rounds, each for somebody else. Throws when they are not found. */
async function searchedFor(
  scope: Scope,
  { services: { store } }: Site,
  people: readonly Somebody[],
  { rounds, cap }: { rounds: number; cap: number },
): Promise<number[][]> {
  const tookMs = KINDS.map((): number[] => []);
  // An end is meant where somebody has it; the others are not found then.
  const ends = new Set([...people.map(({ phone }) => phone), ...sentTo(cap)].map((phone) => phone.slice(-5)));
  const fitting = people.filter((one) => !ends.has(middleOf(one)));
  for (let round = 0; round < rounds; round++) {
    for (const [kind, [what, typed]] of KINDS.entries()) {
      const one = fitting[Math.floor(((round + 0.5) / rounds) * fitting.length)]!;
      const at = performance.now();
      const { found, count } = await store.contacts.search({ text: typed(one) }, FOUND);
      tookMs[kind]!.push(performance.now() - at);
      if (count <= FOUND && !found.some(({ _id }) => _id === one.phone)) throw new Error(`not found by ${what}`);
      await scope.pause(APART_MS);
    }
  }
  return tookMs;
}

/** Whom the campaign writes to: they are contacts as well. */
const sentTo = (cap: number): string[] => ordinaryPhones(cap * CAMPAIGN_SECONDS);

/** The same ones each time; numbers and names spread as those of a shop's customers are. */
function somebodies(count: number): Somebody[] {
  let state = 1;
  const below = (limit: number): number => (state = (state * 48_271) % 2_147_483_647) % limit;
  const of = <T>(some: readonly T[]): T => some[below(some.length)]!;
  const phones = new Set<string>();
  while (phones.size < count) phones.add(`+7${of(OPERATORS)}${String(below(10_000_000)).padStart(7, '0')}`);
  return [...phones].map((phone) => ({ phone, name: `${of(FIRST)} ${of(LAST)}` }));
}
