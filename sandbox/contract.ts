/**
 * What the parts of the sandbox share: the bus that carries WhatsApp messages to the phone wall, and each part's
 * options.
 */
import { EventEmitter } from 'node:events';
import type { FilledTemplate } from '../domain/templates/template';

/** A message as a recipient's phone shows it. */
export interface WhatsAppMessage {
  /** Gupshup's messageId. */
  id: string;
  /** Digits, no plus. */
  phone: string;
  /** The contact's name in the demo company, else what the message calls them, when either is known. */
  name?: string;
  /** The company that wrote, as the phone shows it. */
  business: string;
  template: string;
  category: string;
  message: FilledTemplate;
  state: 'accepted' | 'sent' | 'delivered' | 'read' | 'failed';
  code?: number;
  acceptedAt: number;
  stateAt: number;
  /** The recipient's reply or tap. */
  replies: { text: string; at: number }[];
}

interface SandboxEvents {
  /** A message appeared or changed. */
  whatsapp: [message: WhatsAppMessage];
  /** A Telegram chat changed: a message was sent, edited or deleted. */
  telegram: [change: { chatId: number }];
}

/** The one bus of a sandbox process. */
export class SandboxBus extends EventEmitter<SandboxEvents> {}

export interface SandboxOptions {
  /** Folder where the sandbox keeps its state over restarts. */
  home: string;
  bus: SandboxBus;
  /** Receipt delays are divided by this: 1 = as slow as life (about 5 s), 10 = quick. */
  speed: number;
}
