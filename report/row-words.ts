/** The words that rows of a table repeat, each looked up once: a hundred thousand rows have the same few. */
import { translate, type Language } from '../config/i18n';
import { sourceOf, type AudienceSource } from '../domain/audience';
import { adviceFor } from '../domain/failure-advice';
import type { DeliveryDocument } from '../store/documents';
import { meaningOf } from './meaning';

export interface RowWords {
  language: Language;
  state(state: DeliveryDocument['state']): string;
  skip(reason: NonNullable<DeliveryDocument['skipReason']>): string;
  meaning(code: string, detail: string | undefined): string;
  advice(code: string, detail: string | undefined): string;
  /** Where the person comes from: `line 14`, `lead 123`. Tells who is meant even where there is no number. */
  origin(delivery: Pick<DeliveryDocument, 'origin'>, audience: AudienceSource): string;
}

/** The vendor's sentences are many: they are not kept. */
const MOST_KEPT = 1000;

export function createRowWords(language: Language): RowWords {
  const known = new Map<string, string>();
  const once = (key: string, make: () => string): string => {
    const found = known.get(key) ?? make();
    if (known.size < MOST_KEPT) known.set(key, found);
    return found;
  };
  const word = (key: string): string => once(key, () => translate(language, key));
  return {
    language,
    state: (state) => word(`words.deliveryStates.${state}`),
    skip: (reason) => word(`words.skipReasons.${reason}`),
    meaning: (code, detail) => once(`${code} ${detail ?? ''}`, () => meaningOf(code, language, detail)),
    advice: (code, detail) =>
      once(`advice ${code} ${detail ?? ''}`, () => translate(language, `report.advice.${adviceFor(code, detail)}`)),
    origin: ({ origin: whole }, audience) => {
      const { source, origin } = sourceOf(audience, whole);
      const [before = '', after = ''] = once(source.kind, () =>
        translate(language, `report.origin.${source.kind}`, { origin: PLACE }),
      ).split(PLACE);
      return before + origin + after;
    },
  };
}

/** Stands for the origin in a sentence; no text holds it. */
const PLACE = '\u0001';
