/** Which entry of docs/runbook.md says what to do about a check of `doctor` that is not ok. */

const RUNBOOK = 'docs/runbook.md';

/** By the check's name, without the sender or setting that it names: the heading's anchor. */
export const RUNBOOK_OF_CHECK: Readonly<Record<string, string>> = {
  Settings: 'a-role-does-not-start',
  Setting: 'a-role-does-not-start',
  Clock: 'the-clock-is-wrong',
  Telegram: 'gupshup-telegram-or-amocrm-does-not-answer',
  Gupshup: 'gupshup-telegram-or-amocrm-does-not-answer',
  amoCRM: 'gupshup-telegram-or-amocrm-does-not-answer',
  'Webhooks subscribed': 'no-webhooks-come',
  'Webhook receiver': 'no-webhooks-come',
  Temporal: 'temporal-or-mongodb-does-not-answer',
  MongoDB: 'temporal-or-mongodb-does-not-answer',
  'Task queues': 'no-worker',
  Workers: 'no-worker',
  'Search attributes': 'a-campaign-does-not-move',
  Senders: 'a-campaign-is-paused',
  'Messaging limit': 'the-messaging-limit-is-used-up',
  'Receipts waiting': 'receipts-are-late',
  'Local processes': 'a-role-is-down',
};

/** The entry for a check by the name it is shown with; undefined where its advice says all. */
export function runbookOf(check: string): string | undefined {
  const name = Object.keys(RUNBOOK_OF_CHECK).find((one) => check === one || check.startsWith(`${one} `));
  const slug = name && RUNBOOK_OF_CHECK[name];
  return slug && `${RUNBOOK}#${slug}`;
}
