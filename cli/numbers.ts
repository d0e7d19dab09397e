/** Options that are numbers. */
import { InvalidArgumentError } from 'commander';

/** A parser for commander: a whole number from 1. */
export function wholeNumber(option: string): (value: string) => number {
  return (value) => {
    if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError(`${option}: expected a whole number from 1.`);
    return Number(value);
  };
}

/** A parser for commander: a number above 0. */
export function positiveNumber(option: string): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (value.trim() === '' || !Number.isFinite(number) || number <= 0) {
      throw new InvalidArgumentError(`${option}: expected a number above 0.`);
    }
    return number;
  };
}
