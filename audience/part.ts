/** One part of an audience that is spread over several senders: by the person, so that no two parts share one. */
import { createHash } from 'node:crypto';
import type { AudiencePart } from '../domain/campaign-spec';
import { personKey } from '../domain/phones/person';
import type { PlannedDelivery } from './plan';

/** Those of the batch that belong to the part. The same person is in the same part of every campaign with these parts. */
export function ofPart(planned: readonly PlannedDelivery[], part: AudiencePart): PlannedDelivery[] {
  return planned.filter((one) => {
    // Who has no number of their own is counted in one part too: by the place in the source.
    const place = placeOf(one.phone === undefined ? `origin ${one.origin}` : personKey(one.phone)) * part.of;
    return part.from <= place && place < part.to;
  });
}

const WHOLE = 2 ** 32;

/** In [0, 1), evenly. */
function placeOf(key: string): number {
  return createHash('sha256').update(key).digest().readUInt32BE(0) / WHOLE;
}
