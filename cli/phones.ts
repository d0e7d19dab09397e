/** Phone numbers from the command line and from files. */
import { refused } from '../config/errors';
import type { Person } from '../domain/audience';
import { normalisePhones, validNumbers, type NormalisedPhones } from '../domain/phones/phone';
import { refusal } from './errors';
import type { Services } from './services';

/**
 * Every number in every text. A text without a number, or with a piece that is not one, is refused before anything is
 * done.
 */
export function phonesOf(texts: readonly string[], services: Services): string[] {
  return readAll(texts, services).flatMap(({ valid }) => valid.map(({ e164 }) => e164));
}

/** The same, but a number with two readings stays as written, so that the preview shows it. */
export function writtenPhonesOf(texts: readonly string[], services: Services): string[] {
  return readAll(texts, services).flatMap(({ valid, unclear = [] }) =>
    valid.map(({ e164 }) => unclear.find(({ taken }) => taken === e164)?.piece ?? e164),
  );
}

function readAll(texts: readonly string[], services: Services): NormalisedPhones[] {
  const { DEFAULT_COUNTRY } = services.common();
  return texts.map((text) => {
    const read = normalisePhones(text, DEFAULT_COUNTRY);
    if (read.valid.length === 0 || read.invalid.length > 0) {
      throw refusal(refused('phone_invalid', { value: read.invalid[0] ?? text }).refusal);
    }
    return read;
  });
}

/** All valid numbers in a row of a file; they belong to one person. */
export function phonesOfRow({ phones }: Person, services: Services): string[] {
  return validNumbers(phones, services.common().DEFAULT_COUNTRY);
}
