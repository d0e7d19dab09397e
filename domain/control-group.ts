/** The control group: people of the audience who get nothing, so that the others can be compared with them. */
import { placeOf } from './stable-share';

/** Whole percent of the audience. Above a half, more people would be compared with than written to. */
export const CONTROL_PERCENT = { least: 1, most: 50 } as const;

/** What a spec says of it. `splitKey`: campaigns with the same one leave the same people out. */
interface WithControl {
  controlPercent?: number;
  splitKey?: string;
  name: string;
}

/**
 * Says of an E.164 number whether its person is held back; undefined when nobody is. With the same key, everyone held
 * back at 5 % is also held back at 10 %. A spec that names no key divides by its name.
 */
export function controlOf({ controlPercent, splitKey, name }: WithControl): ((phone: string) => boolean) | undefined {
  if (controlPercent === undefined) return undefined;
  return (phone) => placeOf('control', splitKey ?? name, phone) * 100 < controlPercent;
}
