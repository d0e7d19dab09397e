/** Whether the Temporal and the sender of the settings are those that the database belongs to. */
import { isGrpcServiceError, type ConnectionLike } from '@temporalio/client';
import { explain, refused, type Refused, type Result, done } from '../config/errors';
import { periodically } from '../config/periodically';
import { isSameTemporal } from '../domain/belonging';
import { GOING_ON } from '../domain/story/campaign';
import type { Store } from './connect';
import type { SenderIdentity, TemporalIdentity } from './meta';

/** A role must not go on: its surroundings are not those of its database. Its message is the sentence. */
export class ForeignSurroundings extends Error {
  constructor({ refusal }: Refused) {
    super(explain(refusal, 'en'));
    this.name = 'ForeignSurroundings';
  }
}

type TemporalServices = Pick<ConnectionLike, 'workflowService'>;

const EVERY_MS = 15_000;
/** gRPC. */
const NOT_FOUND = 5;

/** Which Temporal answers; refused when it has no such namespace. */
async function identityOf({ workflowService }: TemporalServices, namespace: string): Promise<Result<TemporalIdentity>> {
  try {
    const described = await workflowService.describeNamespace({ namespace });
    // Temporal Cloud tells nobody.
    const cluster = await workflowService.getClusterInfo({}).catch(() => undefined);
    return done({ clusterId: cluster?.clusterId ?? '', namespace, namespaceId: described.namespaceInfo?.id ?? '' });
  } catch (error) {
    if (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND) {
      return refused('temporal_namespace_missing', { namespace });
    }
    throw error;
  }
}

/** Refused when another Temporal carries the campaigns of this database; the first one that is seen becomes its own. */
export async function checkTemporal(
  meta: Store['meta'],
  connection: TemporalServices,
  namespace: string,
): Promise<Result<TemporalIdentity>> {
  const present = await identityOf(connection, namespace);
  if (!present.ok) return present;
  const kept = await meta.temporal(present.value);
  return isSameTemporal(kept, present.value)
    ? present
    : refused('temporal_foreign', { namespace, expected: kept.namespace });
}

/** This Temporal is the one from now on. */
export async function adoptTemporal(
  meta: Store['meta'],
  connection: TemporalServices,
  namespace: string,
): Promise<Result<TemporalIdentity>> {
  const present = await identityOf(connection, namespace);
  if (present.ok) await meta.setTemporal(present.value);
  return present;
}

/** Refused while campaigns of another sender go on, or a role of it lives; one without either gives its place up. */
async function checkSender({ store, sender: wanted }: Surroundings, mayChange: boolean): Promise<Result<void>> {
  const kept = await store.meta.sender(wanted);
  if (kept.app === wanted.app && kept.source === wanted.source) return done(undefined);
  const isFree = async (): Promise<boolean> =>
    (await store.campaigns.list({ limit: 1, states: GOING_ON, tests: true })).length === 0 &&
    (await store.heartbeats.all()).every(({ lives }) => !lives);
  if (mayChange && (await isFree()) && (await store.meta.changeSender(kept, wanted))) return done(undefined);
  return refused('sender_second', {
    app: wanted.app,
    source: wanted.source,
    other: kept.app,
    otherSource: kept.source,
  });
}

export interface Surroundings {
  store: Pick<Store, 'campaigns' | 'heartbeats' | 'meta'>;
  connection: TemporalServices;
  namespace: string;
  sender: SenderIdentity;
}

/** Call before a role begins. Rejects with `ForeignSurroundings`. */
export async function ensureBelonging(surroundings: Surroundings, { mayChange = true } = {}): Promise<void> {
  const { store, connection, namespace } = surroundings;
  const temporal = await checkTemporal(store.meta, connection, namespace);
  if (!temporal.ok) throw new ForeignSurroundings(temporal);
  const sender = await checkSender(surroundings, mayChange);
  if (!sender.ok) throw new ForeignSurroundings(sender);
}

/** Looks now and then; rejects with `ForeignSurroundings` once they are others, as when Temporal was emptied. Resolves at the stop. */
export async function watchBelonging(surroundings: Surroundings, stop: AbortSignal, everyMs = EVERY_MS): Promise<void> {
  const found = new AbortController();
  let foreign: ForeignSurroundings | undefined;
  await periodically(() => ensureBelonging(surroundings, { mayChange: false }), {
    everyMs,
    stop: AbortSignal.any([stop, found.signal]),
    // An outage says nothing.
    failed: (error) => {
      if (!(error instanceof ForeignSurroundings)) return;
      foreign = error;
      found.abort();
    },
  });
  if (foreign) throw foreign;
}
