/** The receiver's metrics for `/metrics`. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Store } from '../store/connect';
import { within } from '../config/waiting';

export interface WebhookMetrics {
  registry: Registry;
  /** Accepted bodies. */
  bodies: Counter;
  /** All answers by status. */
  answers: Counter<'status'>;
  seconds: Histogram;
}

/** How long to wait for the backlog (ms): the other figures are useful without it. */
const ASK_LIMIT_MS = 2_000;

/** Added to the role's registry. */
export function createWebhookMetrics(
  store: { receipts: Pick<Store['receipts'], 'backlog'> },
  registry = new Registry(),
): WebhookMetrics {
  const registers = [registry];
  new Gauge({
    name: 'bobcofer_receipts_backlog',
    help: 'Events written and not yet applied',
    registers,
    async collect() {
      this.set(await within(ASK_LIMIT_MS, store.receipts.backlog()).catch(() => NaN));
    },
  });
  return {
    registry,
    bodies: new Counter({ name: 'bobcofer_webhook_events_total', help: 'Webhooks taken', registers }),
    answers: new Counter({
      name: 'bobcofer_webhook_answers_total',
      help: 'Answers of the receiver by status: 404 and 429 are wrong secrets and paths, 500 events not kept',
      labelNames: ['status'],
      registers,
    }),
    seconds: new Histogram({
      name: 'bobcofer_webhook_seconds',
      help: 'Time to acknowledge a webhook',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
  };
}
