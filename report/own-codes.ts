/** Codes of our own, which come with a sentence in English: the same sentence in the reader's language. */
import { translate, type Language } from '../config/i18n';

/** How the sentence of each code is made, with what a translation needs of it (campaigns/breaker.ts, webhooks/apply.ts, activities/campaign.ts, workflows/campaign-run.ts). */
const SENTENCES: Record<string, RegExp> = {
  failure_share: /^(?<failed>\d+) of the last (?<tried>\d+) messages failed, most with (?<code>\S+):/,
  template_event: /^template (?<template>.+) is (?<status>\S+)$/,
  template_not_approved: /^template (?<template>.+) is (?<status>\S+), expected APPROVED$/,
  template_changed: /^template (?<template>.+) was deleted and made again/,
  send_broken: /^/,
  workflow_gone: /^its workflow is (?<status>\S+) in Temporal/,
  database_older: /^the database is older than Temporal's history/,
  restored: /^the database was restored from a copy of (?<taken>[^;]+);/,
  ended_since_copy: /^its workflow had ended (?<status>\S+)/,
  account_event: /^Gupshup account: (?<event>.+)$/,
};

/** `undefined` for a code that is not ours, or a sentence that reads otherwise. `meaning` says what a quoted code means. */
export function ownSentence(
  code: string,
  detail: string,
  language: Language,
  meaning: (code: string) => string,
): string | undefined {
  const sentence = SENTENCES[code]?.exec(detail);
  if (!sentence) return undefined;
  const { code: quoted, ...rest } = sentence.groups ?? {};
  return translate(language, `report.ownCodes.${code}`, {
    ...rest,
    ...(quoted !== undefined && { code: quoted, meaning: meaning(quoted) }),
  });
}
