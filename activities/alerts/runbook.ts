/** Which entry of docs/runbook.md says what to do about an alert; its name stands below the message. */
import { translate, type Language } from '../../config/i18n';
import { gravityOf, type AlertKind } from '../../domain/alerts';

/** By the heading's anchor; undefined for what is no trouble. */
export const RUNBOOK_OF_ALERT: Readonly<Record<AlertKind, string | undefined>> = {
  campaignPaused: 'a-campaign-is-paused',
  campaignEnded: undefined,
  campaignAside: 'a-sender-stands-aside',
  campaignResults: undefined,
  chainPaused: 'follow-ups-do-not-come',
  chainEnded: undefined,
  testFailed: undefined,
  template: 'a-template-is-paused',
  templateQuality: 'quality-is-red',
  templateCategory: 'a-template-changes-its-category',
  account: 'quality-is-red',
  number: 'quality-is-red',
  tier: 'the-messaging-limit-is-used-up',
  room: 'the-messaging-limit-is-used-up',
  rate: 'gupshup-answers-429',
  wallet: 'the-wallet-is-low',
  crm: 'gupshup-telegram-or-amocrm-does-not-answer',
  worker: 'no-worker',
  digest: undefined,
};

/** The text with the entry below it, while something is wrong. */
export function withRunbook(text: string, kind: AlertKind, condition: string, to: Language): string {
  const entry = gravityOf(kind, condition) > 0 ? RUNBOOK_OF_ALERT[kind] : undefined;
  return entry ? `${text}\n\n${translate(to, 'alerts.runbook', { entry })}` : text;
}
