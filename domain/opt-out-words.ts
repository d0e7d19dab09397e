/** What a message says about further messages: a STOP word, a START word, or nothing of the kind. */

/** What the person wants of marketing from now on. */
export type Choice = 'stop' | 'start';

export interface OptOutWords {
  /** A message that is nothing but one of these is an opt-out. */
  stop: readonly string[];
  /** …one of these takes it back. */
  start: readonly string[];
  /** Buttons that are an opt-out, besides those labelled with a STOP word. */
  stopButtons: readonly string[];
}

export const DEFAULT_OPT_OUT_WORDS: OptOutWords = {
  stop: [
    ...['стоп', 'отписаться', 'отписка', 'отпишите', 'отпишите меня', 'отпиши', 'хватит', 'не писать', 'не пишите'],
    ...['не пишите мне', 'не пиши', 'не присылать', 'не присылайте', 'не беспокоить', 'не беспокойте'],
    ...['удалите мой номер', 'удалите меня', 'прекратите', 'отказ от рассылки', 'отказаться от рассылки'],
    ...['stop', 'stop all', 'stopall', 'unsubscribe', 'opt out', 'optout', 'remove me', 'do not write', 'don’t write'],
  ],
  start: ['старт', 'подписаться', 'подписка', 'start', 'subscribe', 'resubscribe', 'unstop', 'opt in'],
  stopButtons: ['остановить рекламу', 'отписаться от рассылки', 'не присылать рекламу', 'stop promotions'],
};

/**
 * Makes the reader of messages. Whole messages are compared, without case, punctuation, signs and needless spaces:
 * "СТОП!!!" is one, "не останавливайтесь, стоп-кран не нужен" is none.
 */
export function createChoiceReader(
  words: OptOutWords,
): (message: { text?: string; buttonText?: string }) => Choice | undefined {
  const stop = new Set(words.stop.map(bare));
  const start = new Set(words.start.map(bare));
  const stopButtons = new Set([...words.stop, ...words.stopButtons].map(bare));
  return ({ text, buttonText }) => {
    const said = bare(buttonText ?? text ?? '');
    if (said === '') return undefined;
    if ((buttonText === undefined ? stop : stopButtons).has(said)) return 'stop';
    return start.has(said) ? 'start' : undefined;
  };
}

/** Letters and digits only, one space between words. ё is е: people write both. */
function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/['’`]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
