/** Texts of failure codes, as Gupshup and Meta word them (gupshup.md#error-codes). */
import { ENDINGS } from './endings';

const REASONS: Record<number, string> = {
  470: 'Message failed to send because more than 24 hours have passed since the customer last replied to this number',
  471: 'Rate limit hit',
  472: "User's number is part of an experiment",
  500: 'Internal Server Error',
  503: 'Connection failed',
  1002: 'Number Does Not Exist On WhatsApp',
  1003: 'Unable to send message. Check your wallet balance',
  1008: 'User is not Opted in and Inactive',
  1012: 'User is opted out',
  4003: 'Message sending failed as there is no template match',
  131026: 'Message undeliverable.',
  131047: 'Re-engagement message',
  131048: 'Spam rate limit hit',
  131049: 'This message was not delivered to maintain healthy ecosystem engagement.',
  131050:
    'Unable to deliver the message. This recipient has chosen to stop receiving marketing messages on WhatsApp from your business',
  132000: 'Number of parameters does not match the expected number of params',
  132001: 'Template name does not exist in the translation',
  132015: 'Template is paused due to low quality so it cannot be sent in a template message.',
};

/** Text of a failure; clients must not decide by it. */
export function reasonOf(code: number): string {
  const row = ENDINGS.find((ending) => ending.code === code);
  return REASONS[code] ?? row?.what ?? 'Unknown error';
}
