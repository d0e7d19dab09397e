/** The Temporal that the whole database is bound to (`meta`), since it carries its campaigns; and whether that of the settings is the same. */
import { type ConnectionLike, isGrpcServiceError } from '@temporalio/client';
import type { Db } from 'mongodb';
import { done, explain, refused, type Refused, type Result } from '../config/errors';
import { periodically } from '../config/waiting';
import type { Store } from './connect';
import { requireDataVersion, WrongDataVersion } from './setup';
import { insertNew } from './shared';

export interface TemporalIdentity {
  /** Empty where Temporal does not tell. */
  clusterId: string;
  namespace: string;
  namespaceId: string;
}

/** `meta` */
export interface MetaStore {
  /** What the database belongs to; the given values if it belongs to none yet. */
  temporal(first: TemporalIdentity): Promise<TemporalIdentity>;
  /** From now on it belongs to this one. */
  setTemporal(identity: TemporalIdentity): Promise<void>;
  /** Rejects with `WrongDataVersion` unless the data are of this code's version. */
  requireVersion(): Promise<void>;
}

type MetaDocument = { _id: 'temporal'; since: Date } & Partial<TemporalIdentity>;

export function createMetaStore(db: Db): MetaStore {
  const meta = db.collection<MetaDocument>('meta');
  async function keptOrFirst<T extends object>(_id: MetaDocument['_id'], first: T): Promise<T> {
    const kept = await meta.findOne({ _id });
    if (kept) return kept as unknown as T;
    await insertNew(meta, [{ _id, since: new Date(), ...first }]);
    return (await meta.findOne({ _id })) as unknown as T;
  }
  return {
    temporal: (first) => keptOrFirst('temporal', first),
    setTemporal: async (identity) =>
      void (await meta.replaceOne({ _id: 'temporal' }, { since: new Date(), ...identity }, { upsert: true })),
    requireVersion: () => requireDataVersion(db),
  };
}

/** A role must stop, because its Temporal is not the database's. The message says so. */
export class ForeignBinding extends Error {
  constructor({ refusal }: Refused) {
    super(explain(refusal, 'en'));
    this.name = 'ForeignBinding';
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
    // Temporal Cloud does not report it.
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

export interface BindingCheck {
  store: Pick<Store, 'meta'>;
  connection: TemporalServices;
  namespace: string;
}

/** Call before a role begins. Rejects with `ForeignBinding`, or `WrongDataVersion`. */
export async function ensureBinding({ store, connection, namespace }: BindingCheck): Promise<void> {
  await store.meta.requireVersion();
  const temporal = await checkTemporal(store.meta, connection, namespace);
  if (!temporal.ok) throw new ForeignBinding(temporal);
}

/**
 * Looks now and then; rejects with `ForeignBinding` once it is another one, as when Temporal was emptied, and with
 * `WrongDataVersion` once a later version has migrated the data. Resolves at the stop.
 */
export async function watchBinding(binding: BindingCheck, stop: AbortSignal, everyMs = EVERY_MS): Promise<void> {
  const found = new AbortController();
  let foreign: ForeignBinding | WrongDataVersion | undefined;
  await periodically(() => ensureBinding(binding), {
    everyMs,
    stop: AbortSignal.any([stop, found.signal]),
    // An outage says nothing.
    failed: (error) => {
      if (!(error instanceof ForeignBinding || error instanceof WrongDataVersion)) return;
      foreign = error;
      found.abort();
    },
  });
  if (foreign) throw foreign;
}

/** Temporal Cloud does not tell the cluster; the namespace's id alone is then enough. */
function isSameTemporal(kept: TemporalIdentity, present: TemporalIdentity): boolean {
  const cluster = kept.clusterId === '' || present.clusterId === '' || kept.clusterId === present.clusterId;
  return cluster && kept.namespaceId === present.namespaceId;
}
