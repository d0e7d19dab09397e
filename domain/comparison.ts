/**
 * Whether one share is really higher than another, or chance may have made it so: Wilson's interval of a share, and
 * Newcombe's of a difference of two (Statistics in Medicine 17, 1998, methods 3 and 10). Both hold for small numbers too.
 */

/** `hits` of `of` people, 0 ≤ hits ≤ of. */
export interface Part {
  hits: number;
  of: number;
}

export interface Interval {
  from: number;
  to: number;
}

/** Two-sided 95 %. */
const Z_95 = 1.959964;
/** The same for all pairs of two, three or four shares together (Bonferroni): 5 % divided by 1, 3 and 6. */
const Z_BY_COUNT: Record<number, number> = { 2: Z_95, 3: 2.39398, 4: 2.638257 };

/** The share with its interval; from 0 to 1 where there is nobody. */
export function wilson({ hits, of }: Part, z = Z_95): Interval {
  if (of === 0) return { from: 0, to: 1 };
  const share = hits / of;
  const middle = share + (z * z) / (2 * of);
  const half = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  const whole = 1 + (z * z) / of;
  return { from: Math.max(0, (middle - half) / whole), to: Math.min(1, (middle + half) / whole) };
}

/** The difference of the shares, `one` less `other`, and its interval; both between −1 and 1. */
export function difference(one: Part, other: Part, z = Z_95): Interval & { difference: number } {
  const [p, q] = [shareOf(one), shareOf(other)];
  const [a, b] = [wilson(one, z), wilson(other, z)];
  return {
    difference: p - q,
    from: p - q - Math.hypot(p - a.from, b.to - q),
    to: p - q + Math.hypot(a.to - p, q - b.from),
  };
}

function shareOf({ hits, of }: Part): number {
  return of === 0 ? 0 : hits / of;
}

/** The highest share against the next one; indexes of the given list. */
export interface Lead extends Interval {
  best: number;
  next: number;
  difference: number;
  /** The interval holds 0: chance alone may have made this difference. */
  mayBeChance: boolean;
}

/**
 * Who leads among two to four, and by how much, with 95 % for all their pairs together: of several the best looks better
 * than it is. Undefined when fewer than two have anybody.
 */
export function leadOf(parts: readonly Part[]): Lead | undefined {
  const ranked = parts
    .map((part, index) => ({ part, index }))
    .filter(({ part }) => part.of > 0)
    .sort((a, b) => shareOf(b.part) - shareOf(a.part) || a.index - b.index);
  const [best, next] = ranked;
  if (!best || !next) return undefined;
  const found = difference(best.part, next.part, Z_BY_COUNT[ranked.length] ?? Z_BY_COUNT[4]);
  return { best: best.index, next: next.index, ...found, mayBeChance: found.from <= 0 };
}
