/** What the dashboard shows: each panel with its queries. `build.ts` makes ops/grafana/bobcofer.json of it. */

export interface Panel {
  title: string;
  /** Grafana's name of the unit. */
  unit: string;
  /** PromQL, and the legend by label. */
  queries: readonly { expr: string; legend: string }[];
  /** One number instead of lines. */
  stat?: true;
  help?: string;
}

export interface Row {
  title: string;
  panels: readonly Panel[];
}

const one = (expr: string, legend: string): Panel['queries'] => [{ expr, legend }];
const share = (part: string, whole: string): string => `${part} / ${whole}`;
const quantiles = (series: string, by: string, legend = ''): Panel['queries'] =>
  [0.5, 0.95, 0.99].map((quantile) => ({
    expr: `histogram_quantile(${quantile}, sum by (le${by && `, ${by}`}) (rate(${series}_bucket[5m])))`,
    legend: `p${quantile * 100}${legend && ` ${legend}`}`,
  }));

export const ROWS: readonly Row[] = [
  {
    title: 'Sending',
    panels: [
      {
        title: 'Messages a second against the cap',
        unit: 'short',
        help: 'Wanted: what campaigns would send now if the sender kept its cap. Learned: what the provider takes.',
        queries: [
          { expr: 'sum by (sender) (rate(bobcofer_departures_total[1m]))', legend: '{{sender}}' },
          { expr: 'max by (sender) (bobcofer_send_cap)', legend: '{{sender}} cap' },
          { expr: 'max by (sender) (bobcofer_send_rate_learned)', legend: '{{sender}} learned' },
          { expr: 'max by (sender) (bobcofer_send_rate_wanted)', legend: '{{sender}} wanted' },
        ],
      },
      {
        title: 'What became of sends, a second',
        unit: 'short',
        queries: one('sum by (outcome) (rate(bobcofer_sends_total[1m]))', '{{outcome}}'),
      },
      {
        title: 'Not accepted, by code, in five minutes',
        unit: 'short',
        queries: one(
          'topk(10, sum by (outcome, code) (increase(bobcofer_sends_total{outcome!="accepted"}[5m])))',
          '{{outcome}} {{code}}',
        ),
      },
      {
        title: 'Put back because too fast (429)',
        unit: 'percentunit',
        queries: one(
          share(
            'sum by (sender) (rate(bobcofer_sends_total{outcome="queued", code=~"http_429|130429|80007|4"}[5m]))',
            'sum by (sender) (rate(bobcofer_sends_total[5m]))',
          ),
          '{{sender}}',
        ),
      },
      {
        title: 'Part of the time that the provider asked to rest',
        unit: 'percentunit',
        queries: one('sum by (sender) (rate(bobcofer_held_back_seconds_total[5m]))', '{{sender}}'),
      },
      {
        title: 'From slot to answer',
        unit: 's',
        queries: quantiles('bobcofer_send_answer_seconds', ''),
      },
      {
        title: 'Who dispatches a sender',
        unit: 'short',
        help: '1 in the worker that sends, 0 in one that stands by. Two at 1 must never be.',
        queries: one('bobcofer_lease_held', '{{sender}} {{instance}}'),
      },
      {
        title: 'Senders that cannot send',
        unit: 'short',
        queries: one('max by (sender) (bobcofer_sender_stopped)', '{{sender}}'),
      },
    ],
  },
  {
    title: 'Campaigns',
    panels: [
      { title: 'Campaigns by state', unit: 'short', queries: one('max by (state) (bobcofer_campaigns)', '{{state}}') },
      {
        title: 'Ledger of campaigns under way',
        unit: 'short',
        help: 'As last counted: within half a minute while they send.',
        queries: one('max by (state) (bobcofer_deliveries)', '{{state}}'),
      },
      { title: 'Unknown', unit: 'short', stat: true, queries: one('max(bobcofer_unknown_deliveries)', '') },
      { title: 'Alerts to the team', unit: 'short', queries: one('max by (kind) (bobcofer_alerts)', '{{kind}}') },
      {
        title: 'Wallets',
        unit: 'currencyUSD',
        queries: one('max by (sender) (bobcofer_wallet_usd)', '{{sender}}'),
      },
    ],
  },
  {
    title: 'Webhooks and receipts',
    panels: [
      {
        title: 'Webhook answers a second',
        unit: 'short',
        queries: one('sum by (status) (rate(bobcofer_webhook_answers_total[1m]))', '{{status}}'),
      },
      {
        title: 'Events taken a second',
        unit: 'short',
        queries: one('sum(rate(bobcofer_webhook_events_total[1m]))', 'events'),
      },
      { title: 'Time to acknowledge', unit: 's', queries: quantiles('bobcofer_webhook_seconds', '') },
      {
        title: 'Events to apply',
        unit: 'short',
        queries: one('max(bobcofer_receipts_backlog)', 'waiting'),
      },
      {
        title: 'Receipts lag',
        unit: 's',
        queries: [
          { expr: 'max(bobcofer_receipts_oldest_seconds)', legend: 'oldest not tried' },
          ...quantiles('bobcofer_receipt_lag_seconds', ''),
        ],
      },
    ],
  },
  {
    title: 'Queues and services',
    panels: [
      { title: 'Pollers', unit: 'short', queries: one('max by (queue) (bobcofer_queue_pollers)', '{{queue}}') },
      {
        title: 'Tasks waiting',
        unit: 'short',
        queries: one('max by (queue) (bobcofer_queue_backlog)', '{{queue}}'),
      },
      {
        title: 'Oldest task',
        unit: 's',
        queries: one('max by (queue) (bobcofer_queue_oldest_seconds)', '{{queue}}'),
      },
      {
        title: 'Calls a second',
        unit: 'short',
        queries: one('sum by (service, outcome) (rate(bobcofer_calls_total[1m]))', '{{service}} {{outcome}}'),
      },
      {
        title: 'Time of a call, 95 of 100',
        unit: 's',
        queries: one(
          'histogram_quantile(0.95, sum by (le, service) (rate(bobcofer_call_seconds_bucket[5m])))',
          '{{service}}',
        ),
      },
      {
        title: 'Roles and what they need',
        unit: 'short',
        queries: [
          { expr: 'up{job="bobcofer"}', legend: '{{role}} {{instance}}' },
          { expr: 'min by (dependency) (bobcofer_dependency_up)', legend: '{{dependency}}' },
        ],
      },
    ],
  },
  {
    title: 'Temporal in the workers, and processes',
    panels: [
      {
        title: 'Workflow task, from scheduled to started',
        unit: 's',
        queries: one(
          'histogram_quantile(0.95, sum by (le) (rate(temporal_workflow_task_schedule_to_start_latency_seconds_bucket[5m])))',
          'p95',
        ),
      },
      {
        title: 'Activity, from scheduled to started',
        unit: 's',
        queries: one(
          'histogram_quantile(0.95, sum by (le, task_queue) (rate(temporal_activity_schedule_to_start_latency_seconds_bucket[5m])))',
          '{{task_queue}}',
        ),
      },
      {
        title: 'Requests to Temporal a second',
        unit: 'short',
        queries: [
          { expr: 'sum(rate(temporal_request_total[1m]))', legend: 'requests' },
          { expr: 'sum(rate(temporal_request_failure_total[1m])) or vector(0)', legend: 'failed' },
        ],
      },
      {
        title: 'Free places in the worker',
        unit: 'short',
        queries: one(
          'min by (task_queue, worker_type) (temporal_worker_task_slots_available)',
          '{{task_queue}} {{worker_type}}',
        ),
      },
      {
        title: 'Workflows kept in memory',
        unit: 'short',
        queries: one('sum by (instance) (temporal_sticky_cache_size)', '{{instance}}'),
      },
      {
        title: 'Processor',
        unit: 'percentunit',
        queries: one('rate(process_cpu_seconds_total{job="bobcofer"}[1m])', '{{role}} {{instance}}'),
      },
      {
        title: 'Memory',
        unit: 'bytes',
        queries: one('process_resident_memory_bytes{job="bobcofer"}', '{{role}} {{instance}}'),
      },
      {
        title: 'Event loop, 99 of 100',
        unit: 's',
        queries: one('nodejs_eventloop_lag_p99_seconds', '{{role}} {{instance}}'),
      },
    ],
  },
];

export const PANELS: readonly Panel[] = ROWS.flatMap(({ panels }) => panels);
