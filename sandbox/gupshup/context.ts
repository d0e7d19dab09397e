/** State and helpers shared by the routes of one app of the sandbox's Gupshup. */
import type { FastifyReply } from 'fastify';
import type { SandboxBus } from '../contract';
import type { Snapshot } from '../snapshot';
import type { Sender } from './events';
import type { Lives } from './lives';
import type { Messages } from './messages';
import type { SendRate } from './rate';
import type { GupshupState } from './state';
import type { DemoTemplate } from './templates';
import type { Webhooks } from './webhooks';

export interface GupshupContext {
  sender: Sender;
  apiKey: string;
  /** The app's own copies, and those submitted to it. */
  templates: DemoTemplate[];
  state: Snapshot<GupshupState>;
  messages: Messages;
  /** Phones that got a template message from any app since a moment (Unix ms): the messaging limit is the portfolio's. */
  recipientsSince: (since: number) => ReadonlySet<string>;
  lives: Lives;
  webhooks: Webhooks;
  rate: SendRate;
  bus: SandboxBus;
  nameOf: (phone: string) => string | undefined;
  /** Aborted when the sandbox closes. */
  closing: AbortSignal;
}

/** Gupshup's error body. */
export function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ message, status: 'error' });
}
