/**
 * The rules of a send as a small machine: a database, two workers under a lease, Gupshup's book, receipts on their way, a
 * campaign's workflow with its memory, and everything that may go wrong at any moment: kills, freezes, lost answers,
 * repeated attempts, a restored backup. `Rules` are what the product promises to keep to; the tests break them one by one.
 *
 * Time is a count of ticks. What takes part of a delivery's story is the product's own fold (domain/story/fold.ts) and
 * its own test for an older database (domain/story/restored.ts).
 */
import { fold, type Receipt } from '../../domain/story/fold';
import type { DeliveryState, ReceiptKind } from '../../domain/story/delivery';
import { isOlder, laterOf, type Witness } from '../../domain/story/restored';

interface Delivery {
  state: DeliveryState;
  token?: string;
  claims: number;
  messageId?: string;
}

interface Database {
  deliveries: Delivery[];
  /** Whom a rule leaves out (a stop, a country, a consent that lacks): each may come and go at any time. */
  leftOut: boolean[];
  lease: { holder: number; epoch: number; until: number };
  /** `after-restore` has run at this tick. */
  restoredAt?: number;
}

interface Release {
  worker: number;
  epoch: number;
}

interface Attempt {
  n: number;
  token: string;
  stage: 'begun' | 'claimed' | 'looked' | 'called' | 'lost';
  /** A rule left the person out already when they were claimed. */
  wasLeftOut?: boolean;
  /** And still did when they were looked at again. */
  wasOutAtLook?: boolean;
  /** Gupshup's answer, once it has come: its id of the message. */
  messageId?: string;
}

interface Worker {
  isAlive: boolean;
  isFrozen: boolean;
  /** The lease as it believes to hold it. */
  lease?: { epoch: number; until: number };
  attempts: Attempt[];
}

interface Message {
  n: number;
  messageId: string;
  /** Its story at Gupshup, of which receipts tell. */
  told: ReceiptKind[];
}

export interface World {
  now: number;
  database: Database;
  backup?: Database;
  /** A backup is in place of what was, and `after-restore` has not run. */
  isRestored: boolean;
  workers: [Worker, Worker];
  book: Message[];
  receipts: { messageId: string; kind: ReceiptKind }[];
  /** Leases given back, on their way to the database: it may hear of one late. */
  releases: Release[];
  /** What the workflow remembers: the latest claim it heard of, and what it has handed out and not got back. */
  witness?: Witness;
  handedOut: Set<number>;
  tokens: number;
  /** What must never be, found as it happened. */
  broken: string[];
}

/** What the product keeps to. Each may be replaced by a broken variant. */
export interface Rules {
  /** The write before the call: whether the delivery is this attempt's now. */
  claim(delivery: Delivery, token: string): boolean;
  /** The claim comes before the call. */
  claimsFirst: boolean;
  /** What an attempt does with a claim that it finds and does not hold. */
  foreignClaim: 'unknown' | 'send';
  /** Whether the last look before the call, after the claim, finds that a rule leaves the person out. */
  looksAgain(database: Database, n: number): boolean;
  /** Whether a worker lets a message leave. */
  mayLeave(worker: Worker, now: number): boolean;
  /** Whether the lease is given to a worker that asks. */
  takesLease(lease: Database['lease'], worker: number, now: number): boolean;
  /** Whether a lease that is given back is ended by that. */
  releases(lease: Database['lease'], release: Release): boolean;
  /** A delivery's state after receipts. */
  apply(state: DeliveryState, receipts: readonly ReceiptKind[]): DeliveryState;
  /** Whether the workflow notices that the database lacks what it remembers. */
  isOlder(witness: Witness | undefined, database: Database): boolean;
  /** Whether the answer of an attempt is recorded: only by who holds the claim. */
  mayRecord(delivery: Delivery, token: string): boolean;
}

const LEASE_TICKS = 6;
/** Its holder lets nothing leave so long before the lease can end. */
const STOPS_BEFORE = 2;

export const RULES: Rules = {
  claim: (delivery) => delivery.state === 'queued',
  claimsFirst: true,
  foreignClaim: 'unknown',
  looksAgain: ({ leftOut }, n) => leftOut[n]!,
  mayLeave: ({ lease }, now) => lease !== undefined && now < lease.until - STOPS_BEFORE,
  takesLease: (lease, worker, now) => lease.until <= now || lease.holder === worker,
  releases: (lease, { worker, epoch }) => lease.holder === worker && lease.epoch === epoch,
  apply: (state, kinds) =>
    fold(
      { state },
      kinds.map((kind): Receipt => ({ kind, at: new Date(0) })),
    ).state,
  isOlder: (witness, { deliveries, restoredAt }) =>
    witness !== undefined &&
    isOlder(witness, deliveries[witness.n]!.claims, restoredAt === undefined ? undefined : new Date(restoredAt)),
  mayRecord: (delivery, token) => delivery.token === token && ['sending', 'unknown'].includes(delivery.state),
};

const PEOPLE = 2;
/** Of a worker at a time; more only make the runs longer. */
const MOST_ATTEMPTS = 3;

export function newWorld(): World {
  const worker = (): Worker => ({ isAlive: true, isFrozen: false, attempts: [] });
  return {
    now: 0,
    isRestored: false,
    database: {
      deliveries: Array.from({ length: PEOPLE }, (): Delivery => ({ state: 'queued', claims: 0 })),
      lease: { holder: -1, epoch: 0, until: 0 },
      leftOut: Array.from({ length: PEOPLE }, () => false),
    },
    workers: [worker(), worker()],
    book: [],
    receipts: [],
    releases: [],
    handedOut: new Set(),
    tokens: 0,
    broken: [],
  };
}

/** One thing that may happen now. */
export interface Step {
  name: string;
  /** How often it is chosen, beside the others: mishaps seldom, or no send would get anywhere. */
  weight: number;
  do(): void;
}

type StepWithout = Omit<Step, 'weight'>;
const [SELDOM, OFTEN] = [1, 4];

/** All that may happen in this world. Doing one changes it. */
export function stepsOf(world: World, rules: Rules): Step[] {
  const weighing =
    (weight: number) =>
    (step: StepWithout): Step => ({ ...step, weight });
  return [
    ...surroundings(world, rules).map(weighing(SELDOM)),
    ...world.workers.flatMap((worker, index) => mishapsOf(worker, index)).map(weighing(SELDOM)),
    ...world.workers.flatMap((worker, index) => workOf(world, rules, worker, index)).map(weighing(OFTEN)),
    ...receiptSteps(world, rules).map(weighing(SELDOM)),
  ];
}

function surroundings(world: World, rules: Rules): StepWithout[] {
  const steps: StepWithout[] = [
    { name: 'time passes', do: () => void world.now++ },
    { name: 'a lease passes', do: () => void (world.now += LEASE_TICKS) },
  ];
  const { leftOut } = world.database;
  leftOut.forEach((isOut, n) =>
    steps.push({
      name: `a rule ${isOut ? 'takes' : 'leaves'} ${n} ${isOut ? 'in' : 'out'}`,
      do: () => void (leftOut[n] = !isOut),
    }),
  );
  if (!world.backup) steps.push({ name: 'backup', do: () => void (world.backup = structuredClone(world.database)) });
  else
    steps.push({
      name: 'restore',
      // The roles are stopped for it (docs/backup.md): a send that goes on meanwhile would claim in the older database,
      // and the workflow would remember that claim. The lease of the backup has ended, by the database's clock.
      do: () => {
        for (const worker of world.workers) stop(worker);
        world.database = structuredClone(world.backup!);
        world.database.lease = { holder: -1, epoch: world.database.lease.epoch + 1, until: world.now + LEASE_TICKS };
        delete world.backup;
        world.isRestored = true;
      },
    });
  for (const release of world.releases)
    steps.push({
      name: `the lease of worker ${release.worker} comes back`,
      do: () => {
        world.releases.splice(world.releases.indexOf(release), 1);
        const { lease } = world.database;
        if (rules.releases(lease, release)) Object.assign(lease, { holder: -1, until: world.now });
      },
    });
  if (world.isRestored) steps.push({ name: 'after-restore', do: () => afterRestore(world) });
  return steps;
}

/** As `bobcofer after-restore` without `--temporal-kept`, the workers stopped: whatever may have been sent is unknown. */
function afterRestore(world: World): void {
  for (const worker of world.workers) stop(worker);
  world.database.restoredAt = world.now;
  world.isRestored = false;
  for (const delivery of world.database.deliveries)
    if (delivery.state === 'queued' || delivery.state === 'sending') delivery.state = 'unknown';
}

/** The process ends, and with it what it had begun. */
function stop(worker: Worker): void {
  Object.assign(worker, { isAlive: false, isFrozen: false, attempts: [] });
  delete worker.lease;
}

function mishapsOf(worker: Worker, index: number): StepWithout[] {
  const who = `worker ${index}`;
  if (!worker.isAlive) return [{ name: `${who} starts`, do: () => void (worker.isAlive = true) }];
  return [
    { name: `${who} is killed`, do: () => stop(worker) },
    { name: `${who} ${worker.isFrozen ? 'wakes' : 'freezes'}`, do: () => void (worker.isFrozen = !worker.isFrozen) },
  ];
}

function workOf(world: World, rules: Rules, worker: Worker, index: number): StepWithout[] {
  if (!worker.isAlive || worker.isFrozen) return [];
  const who = `worker ${index}`;
  const steps: StepWithout[] = [
    { name: `${who} asks for the lease`, do: () => takeLease(world, rules, worker, index) },
  ];
  if (worker.lease) {
    const { epoch } = worker.lease;
    steps.push({
      name: `${who} gives the lease back`,
      do: () => {
        world.releases.push({ worker: index, epoch });
        delete worker.lease;
      },
    });
    if (worker.attempts.length < MOST_ATTEMPTS)
      world.database.deliveries.forEach((_, n) =>
        steps.push({ name: `${who} is given ${n}`, do: () => begin(world, rules, worker, n) }),
      );
  }
  for (const attempt of worker.attempts) steps.push(...attemptSteps(world, rules, { worker, index, attempt, who }));
  return steps;
}

function takeLease(world: World, rules: Rules, worker: Worker, index: number): void {
  const { lease } = world.database;
  if (!rules.takesLease(lease, index, world.now)) {
    delete worker.lease;
    return;
  }
  const until = world.now + LEASE_TICKS;
  // A new one, also for who had it last and has not heard that: what it gave back before must not end it.
  const epoch = lease.until <= world.now || !worker.lease ? lease.epoch + 1 : lease.epoch;
  world.database.lease = { holder: index, epoch, until };
  worker.lease = { epoch, until };
}

/** The workflow hands out a delivery that is not done, also a second time: an activity runs at least once. */
function begin(world: World, rules: Rules, worker: Worker, n: number): void {
  if (rules.isOlder(world.witness, world.database)) return;
  world.handedOut.add(n);
  worker.attempts.push({ n, token: `t${world.tokens++}`, stage: 'begun' });
}

interface AttemptAt {
  worker: Worker;
  index: number;
  attempt: Attempt;
  who: string;
}

function attemptSteps(world: World, rules: Rules, at: AttemptAt): StepWithout[] {
  const { worker, attempt, who } = at;
  const { n } = attempt;
  const end = (): void => void worker.attempts.splice(worker.attempts.indexOf(attempt), 1);
  if (attempt.stage === 'begun')
    return rules.claimsFirst
      ? [{ name: `${who} claims ${n}`, do: () => claim(world, rules, attempt, end) }]
      : [{ name: `${who} calls for ${n} unclaimed`, do: () => call(world, rules, at, end) }];
  if (attempt.stage === 'claimed')
    return [{ name: `${who} looks at ${n} again`, do: () => look(world, rules, attempt, end) }];
  if (attempt.stage === 'looked') return [{ name: `${who} calls for ${n}`, do: () => call(world, rules, at, end) }];
  // The answer comes, or does not.
  if (attempt.stage === 'called')
    return [
      { name: `${who} records the answer for ${n}`, do: () => record(world, rules, attempt, end) },
      { name: `the answer for ${n} is lost`, do: () => void (attempt.stage = 'lost') },
    ];
  return [{ name: `${who} records that no answer came for ${n}`, do: () => recordLost(world, rules, attempt, end) }];
}

function claim(world: World, rules: Rules, attempt: Attempt, end: () => void): void {
  const delivery = world.database.deliveries[attempt.n]!;
  if (rules.claim(delivery, attempt.token)) {
    Object.assign(delivery, { state: 'sending', token: attempt.token });
    attempt.wasLeftOut = world.database.leftOut[attempt.n]!;
    delivery.claims++;
    world.witness = laterOf(world.witness, { n: attempt.n, claims: delivery.claims, at: world.now });
    attempt.stage = 'claimed';
    return;
  }
  if (delivery.state === 'sending' && delivery.token !== attempt.token) {
    if (rules.foreignClaim === 'send') {
      attempt.stage = 'claimed';
      return;
    }
    delivery.state = 'unknown';
  }
  end();
}

/** The claim is ours: whoever is left out by now is skipped for good. */
function look(world: World, rules: Rules, attempt: Attempt, end: () => void): void {
  attempt.wasOutAtLook = world.database.leftOut[attempt.n]!;
  if (!rules.looksAgain(world.database, attempt.n)) {
    attempt.stage = 'looked';
    return;
  }
  const delivery = world.database.deliveries[attempt.n]!;
  if (delivery.state === 'sending' && delivery.token === attempt.token) {
    delivery.state = 'skipped';
    delete delivery.token;
  }
  end();
}

function call(world: World, rules: Rules, { worker, index, attempt }: AttemptAt, end: () => void): void {
  const { n, token } = attempt;
  if (!rules.mayLeave(worker, world.now)) {
    const delivery = world.database.deliveries[n]!;
    if (rules.claimsFirst && delivery.state === 'sending' && delivery.token === token) {
      delivery.state = 'queued';
      delete delivery.token;
    }
    return end();
  }
  const { lease } = world.database;
  const isDispatcher = lease.holder === index && lease.until > world.now;
  // A restore takes the lease's document back in time: whose it was then says nothing of who sends.
  if (!isDispatcher && lease.holder !== -1) world.broken.push(`worker ${index} sends, and the lease is another's`);
  // One that comes between the look and the call is too late, and one that went again between two attempts did not hold.
  if (attempt.wasLeftOut && attempt.wasOutAtLook) world.broken.push(`${n} was left out by a rule, and was messaged`);
  const messageId = `m${world.book.length}`;
  world.book.push({ n, messageId, told: [] });
  if (world.book.filter((one) => one.n === n).length > 1) world.broken.push(`${n} was messaged twice`);
  Object.assign(attempt, { stage: 'called', messageId });
}

function record(world: World, rules: Rules, attempt: Attempt, end: () => void): void {
  const delivery = world.database.deliveries[attempt.n]!;
  if (!rules.claimsFirst) Object.assign(delivery, { state: 'accepted', messageId: attempt.messageId });
  else if (rules.mayRecord(delivery, attempt.token)) {
    Object.assign(delivery, { state: 'accepted', messageId: attempt.messageId });
    delete delivery.token;
  }
  end();
}

function recordLost(world: World, rules: Rules, attempt: Attempt, end: () => void): void {
  const delivery = world.database.deliveries[attempt.n]!;
  if (rules.claimsFirst && delivery.state === 'sending' && delivery.token === attempt.token) delivery.state = 'unknown';
  end();
}

/** WhatsApp's own order; receipts of them come in any order, late, twice or never. */
const STORIES: readonly ReceiptKind[][] = [['sent', 'delivered', 'read'], ['sent', 'failed'], ['failed']];

function receiptSteps(world: World, rules: Rules): StepWithout[] {
  const told = world.book.flatMap((message) => {
    const nexts = new Set(
      STORIES.filter((story) => message.told.every((kind, at) => story[at] === kind)).flatMap(
        (story) => story[message.told.length] ?? [],
      ),
    );
    return [...nexts].map((kind) => ({
      name: `${message.n} is ${kind}`,
      do: (): void => {
        message.told.push(kind);
        world.receipts.push({ messageId: message.messageId, kind });
      },
    }));
  });
  const applied = world.receipts.map(({ messageId, kind }) => ({
    name: `the receipt ${kind} of ${messageId} is applied`,
    // It stays: any event may come again.
    do: (): void => {
      const delivery = world.database.deliveries.find((one) => one.messageId === messageId);
      if (!delivery) return;
      const before = delivery.state;
      delivery.state = rules.apply(before, [kind]);
      if (rankOf(delivery.state) < rankOf(before)) world.broken.push(`${messageId} went back from ${before} to ${delivery.state}`); // prettier-ignore
    },
  }));
  return [...told, ...applied];
}

const RANKS: Partial<Record<DeliveryState, number>> = { accepted: 1, sent: 2, failed: 3, delivered: 4, read: 5 };
export const rankOf = (state: DeliveryState): number => RANKS[state] ?? 0;

/** What must hold in every world, whatever has happened. */
export function brokenIn(world: World, rules: Rules): string[] {
  const inDoubt = rules.isOlder(world.witness, world.database);
  return world.database.deliveries.reduce(
    (found, { state, messageId, token }, n) => {
      const sent = world.book.some((one) => one.n === n);
      if (rankOf(state) > 0 && !sent) found.push(`${n} is ${state}, and Gupshup knows nothing of it`);
      if (messageId !== undefined && !world.book.some((one) => one.messageId === messageId && one.n === n))
        found.push(`${n} has the message of another`);
      if (state === 'sending' && token === undefined) found.push(`${n} is claimed by nobody`);
      if (state === 'skipped' && sent && !inDoubt) found.push(`${n} is skipped, and was messaged`);
      // It would be sent again.
      if (state === 'queued' && sent && !inDoubt) found.push(`${n} is queued, and was messaged`);
      return found;
    },
    [...world.broken],
  );
}
