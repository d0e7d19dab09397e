/** Lets accepted messages live: sends their receipts when due, also those still due after a restart. */
import { fillTemplate, type FilledTemplate } from '../../domain/templates/template';
import { COMPANY_NAME } from '../company/structure';
import type { SandboxBus, WhatsAppMessage } from '../contract';
import type { Snapshot } from '../snapshot';
import { receiptEvent, type Sender } from './events';
import type { Messages, PlannedReceipt, SandboxMessage } from './messages';
import type { GupshupState } from './state';
import type { DemoTemplate } from './templates';
import type { Webhooks } from './webhooks';

/**
 * The cost of a message in US dollars: Gupshup's fee on submission, WhatsApp's by category once billed
 * (whatsapp.md#prices, rounded).
 */
export const GUPSHUP_FEE = 0.001;
const WHATSAPP_FEES: Record<string, number> = { marketing: 0.06, utility: 0.005, authentication: 0.005, service: 0 };

export interface Lives {
  /** Starts a message that has just been accepted. */
  begin(message: SandboxMessage): void;
  /**
   * Sends the first `sent` receipt at once and resolves when it has been taken: for receipts that outrun the answer.
   */
  sendSentNow(message: SandboxMessage): Promise<void>;
  /** Takes up the messages whose receipts had not all gone out when the sandbox stopped. */
  resume(): void;
  /** The message as a phone shows it. */
  view(message: SandboxMessage): WhatsAppMessage;
  close(): void;
}

/** Most templates begin with the name: people of a file have no other on their phones. */
function calledBy([first = '']: readonly string[]): string | undefined {
  return /^\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+){0,2}$/u.test(first) ? first : undefined;
}

export interface LivesOptions {
  sender: Sender;
  templates: readonly DemoTemplate[];
  messages: Messages;
  state: Snapshot<GupshupState>;
  webhooks: Webhooks;
  bus: SandboxBus;
  nameOf: (phone: string) => string | undefined;
}

export function createLives({ sender, templates, messages, state, webhooks, bus, nameOf }: LivesOptions): Lives {
  const timers = new Set<NodeJS.Timeout>();

  const view = (message: SandboxMessage): WhatsAppMessage => {
    const template = templates.find(({ id }) => id === message.templateId);
    const plain: FilledTemplate = { body: message.text ?? '', buttons: [] };
    const name = nameOf(message.destination) ?? calledBy(message.params);
    return {
      id: message.messageId,
      phone: message.destination,
      ...(name && { name }),
      business: COMPANY_NAME,
      template: template?.name ?? '',
      category: template?.category ?? message.category.toUpperCase(),
      message: template ? fillTemplate(template, message.params, message.mediaUrl) : plain,
      state: message.state,
      ...(message.code !== undefined && { code: message.code }),
      acceptedAt: message.acceptedAt,
      stateAt: message.stateAt,
      replies: message.replies,
    };
  };

  const emit = async (message: SandboxMessage, receipt: PlannedReceipt, index: number): Promise<void> => {
    if (message.done.has(index)) return;
    const before = message.state;
    messages.moveBy(message, receipt);
    if (message.state !== before) bus.emit('whatsapp', view(message));
    if (receipt.kind === 'billing') {
      state.value.settings.walletBalance -= WHATSAPP_FEES[message.category] ?? 0;
      state.changed();
    }
    try {
      await webhooks.deliver(receiptEvent(sender, message, receipt));
    } catch {
      return; // Closed in between: the receipt goes out again after the next start.
    }
    if (!message.done.has(index)) messages.markDone(message, index);
  };

  const schedule = (message: SandboxMessage): void => {
    message.plan.forEach((receipt, index) => {
      if (message.done.has(index)) return;
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          void emit(message, receipt, index);
        },
        Math.max(0, receipt.at - Date.now()),
      );
      timers.add(timer);
    });
  };

  return {
    begin(message) {
      bus.emit('whatsapp', view(message));
      schedule(message);
    },
    async sendSentNow(message) {
      const index = message.plan.findIndex(({ kind }) => kind === 'sent');
      const receipt = message.plan[index];
      if (receipt) await emit(message, receipt, index);
    },
    resume() {
      for (const message of messages.all()) schedule(message);
    },
    view,
    close() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
