/** Parsers for numeric options. */
import { InvalidArgumentError } from 'commander';

/** Makes a parser for commander: a whole number from 1. */
export function wholeNumber(option: string): (value: string) => number {
  return (value) => {
    if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError(`${option}: expected a whole number from 1.`);
    return Number(value);
  };
}

const UNIT_MS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration such as 90m, 4h or 1.5d in milliseconds; undefined for anything else. */
export function durationMs(value: string): number | undefined {
  const [, count, unit] = /^(\d{1,6}(?:\.\d{1,3})?)([mhd])$/i.exec(value.trim()) ?? [];
  const ms = count && unit ? Number(count) * UNIT_MS[unit.toLowerCase()]! : 0;
  return ms > 0 ? ms : undefined;
}

/** Makes a parser for commander: a duration, in milliseconds. */
export function duration(option: string): (value: string) => number {
  return (value) => {
    const ms = durationMs(value);
    if (ms === undefined) throw new InvalidArgumentError(`${option}: expected a time such as 90m, 4h or 2d.`);
    return ms;
  };
}

/** Makes a parser for commander: a number above 0. */
export function positiveNumber(option: string): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (value.trim() === '' || !Number.isFinite(number) || number <= 0) {
      throw new InvalidArgumentError(`${option}: expected a number above 0.`);
    }
    return number;
  };
}
