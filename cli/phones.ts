/** Numbers on the command line and in files. */
import { refused } from '../config/errors';
import type { Person } from '../domain/audience';
import { normalisePhones, validNumbers } from '../domain/phone';
import { refusal } from './errors';
import type { Services } from './services';

/** Every number of every text; a text without one, or with a piece that is none, is refused before anything is done. */
export function phonesOf(texts: readonly string[], services: Services): string[] {
  const { DEFAULT_COUNTRY } = services.common();
  return texts.flatMap((text) => {
    const { valid, invalid } = normalisePhones(text, DEFAULT_COUNTRY);
    if (valid.length === 0 || invalid.length > 0) {
      throw refusal(refused('phone_invalid', { value: invalid[0] ?? text }).refusal);
    }
    return valid.map(({ e164 }) => e164);
  });
}

/** All valid numbers of a row of a file: they are of one person. */
export function phonesOfRow({ phones }: Person, services: Services): string[] {
  return validNumbers(phones, services.common().DEFAULT_COUNTRY);
}
