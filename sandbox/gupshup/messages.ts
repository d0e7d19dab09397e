/**
 * The messages that the sandbox's Gupshup has accepted, and its journal: a line is appended when a message is
 * accepted (before the answer goes out) and when one of its receipts has been delivered. Read back at start, so the
 * sandbox's own count survives SIGKILL.
 */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export type ReceiptKind = 'enqueued' | 'sent' | 'delivered' | 'read' | 'failed' | 'mismatch' | 'billing';

/** One event that a message will cause, decided when it is accepted. */
export interface PlannedReceipt {
  /** Unix milliseconds. */
  at: number;
  kind: ReceiptKind;
  code?: number;
  sync?: true;
  withoutCode?: true;
  withoutGsId?: true;
  asStrings?: true;
  /** The destination as WhatsApp rewrote it. */
  destination?: string;
}

export interface SandboxMessage {
  messageId: string;
  whatsappId: string;
  /** Digits, no plus. */
  destination: string;
  kind: 'template' | 'session';
  /** Only for template messages; a session message has `text`. */
  templateId?: string;
  text?: string;
  params: string[];
  mediaUrl?: string;
  /** Lower case: the category in receipts. */
  category: string;
  /** Unix milliseconds. */
  acceptedAt: number;
  plan: PlannedReceipt[];
  state: 'accepted' | 'sent' | 'delivered' | 'read' | 'failed';
  code?: number;
  stateAt: number;
  /** Indices of the plan that have been delivered (or given up). */
  done: Set<number>;
  replies: { text: string; at: number }[];
}

type JournalLine =
  | { accepted: Omit<SandboxMessage, 'done' | 'replies' | 'state' | 'stateAt' | 'code'> }
  | { done: [messageId: string, index: number] }
  | { reply: [messageId: string, text: string, at: number] };

export type NewMessage = Extract<JournalLine, { accepted: unknown }>['accepted'];

export interface Messages {
  /** On disk when it returns. */
  accept(message: NewMessage): SandboxMessage;
  /** Moves the state by a receipt that goes out now. Forward only. */
  moveBy(message: SandboxMessage, receipt: PlannedReceipt): void;
  markDone(message: SandboxMessage, index: number): void;
  addReply(message: SandboxMessage, text: string, at: number): void;
  get(messageId: string): SandboxMessage | undefined;
  /** In order of acceptance. */
  all(): SandboxMessage[];
  lastTo(destination: string): SandboxMessage | undefined;
  /** Messages to one phone since a moment (Unix ms). */
  countTo(destination: string, since: number): number;
  /** Phones that got a template message since a moment (Unix ms). */
  recipientsSince(since: number): ReadonlySet<string>;
  /** After the last change. */
  close(): void;
}

const RANK = { accepted: 0, sent: 1, failed: 2, delivered: 3, read: 4 } as const;

/** Opens the journal at `path` and reads what it holds. */
export function openMessages(path: string): Messages {
  const byId = new Map<string, SandboxMessage>();
  const byDestination = new Map<string, SandboxMessage[]>();

  const add = (message: NewMessage): SandboxMessage => {
    const full: SandboxMessage = {
      ...message,
      state: 'accepted',
      stateAt: message.acceptedAt,
      done: new Set(),
      replies: [],
    };
    byId.set(full.messageId, full);
    const others = byDestination.get(full.destination);
    if (others) others.push(full);
    else byDestination.set(full.destination, [full]);
    return full;
  };
  const moveBy = (message: SandboxMessage, receipt: PlannedReceipt): void => {
    const state = receipt.kind;
    if (state === 'enqueued' || state === 'mismatch' || state === 'billing') return;
    if (RANK[state] <= RANK[message.state]) return;
    message.state = state;
    message.stateAt = receipt.at;
    if (receipt.code) message.code = receipt.code;
  };

  for (const line of readLines(path)) {
    if ('accepted' in line) add(line.accepted);
    else if ('done' in line) {
      const message = byId.get(line.done[0]);
      const receipt = message?.plan[line.done[1]];
      if (!message || !receipt) continue;
      moveBy(message, receipt);
      message.done.add(line.done[1]);
    } else byId.get(line.reply[0])?.replies.push({ text: line.reply[1], at: line.reply[2] });
  }

  mkdirSync(dirname(path), { recursive: true });
  const journal = openSync(path, 'a');
  // Ends a line torn by a kill, so that the next one stands alone. Empty lines are skipped.
  writeSync(journal, '\n');
  // No fsync: the page cache outlives a killed process, and only that is promised.
  const append = (line: JournalLine): void => void writeSync(journal, `${JSON.stringify(line)}\n`);

  return {
    accept(message) {
      append({ accepted: message });
      return add(message);
    },
    moveBy,
    markDone(message, index) {
      message.done.add(index);
      append({ done: [message.messageId, index] });
    },
    addReply(message, text, at) {
      message.replies.push({ text, at });
      append({ reply: [message.messageId, text, at] });
    },
    get: (messageId) => byId.get(messageId),
    all: () => [...byId.values()],
    lastTo: (destination) => byDestination.get(destination)?.at(-1),
    countTo: (destination, since) =>
      (byDestination.get(destination) ?? []).filter(({ acceptedAt }) => acceptedAt > since).length,
    recipientsSince: (since) =>
      new Set([...byDestination].filter(([, sent]) => sent.at(-1)!.acceptedAt > since).map(([phone]) => phone)),
    close: () => closeSync(journal),
  };
}

/** The last line may be torn by a kill in the middle of its write; it was not answered for, so it is left out. */
function readLines(path: string): JournalLine[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line ? [JSON.parse(line) as JournalLine] : [];
      } catch {
        return [];
      }
    });
}
