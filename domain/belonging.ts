/** Whether the Temporal that answers is the one that carries our campaigns. */

interface Identity {
  clusterId: string;
  namespaceId: string;
}

/** Temporal Cloud does not tell the cluster; the namespace's id alone is then enough. */
export function isSameTemporal(kept: Identity, present: Identity): boolean {
  const cluster = kept.clusterId === '' || present.clusterId === '' || kept.clusterId === present.clusterId;
  return cluster && kept.namespaceId === present.namespaceId;
}

/** A workflow or two may be gone by somebody's hand; more at once, or all, say that it is another Temporal, or an emptied one. */
const FEW = 2;

export function tooManyUnknown({ unknown, goingOn }: { unknown: number; goingOn: number }): boolean {
  return unknown > FEW || (unknown > 1 && unknown === goingOn);
}
