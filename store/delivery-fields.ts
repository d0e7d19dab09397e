/** What the writes of deliveries have in common. */

/** `_id` of delivery `n` of a campaign. */
export function deliveryId(campaignId: string, n: number): string {
  return `${campaignId}:${n}`;
}

/** Clears what only a delivery in trouble has. */
export const NO_TROUBLE = { code: 1, family: 1, detail: 1 } as const;

/** Filter: without a due time, or due by `now`. Not as $or: SecantusDB reads the whole collection for one, beside an _id too. */
export function dueBy(now: Date): { dueAt: { $not: { $gt: Date } } } {
  return { dueAt: { $not: { $gt: now } } };
}

/** In a pipeline: the value that stands where the document's own key stands among the keys. */
export function valueOf(key: string | object, keys: readonly string[], values: readonly unknown[]): object {
  return { $arrayElemAt: [{ $literal: values }, { $indexOfArray: [{ $literal: keys }, key] }] };
}
