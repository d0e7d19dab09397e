/**
 * State that the sandbox's Gupshup keeps besides messages: settings, wallet, subscriptions, template states, windows.
 */
import { z } from 'zod';
import type { TemplateStatus } from '../../domain/templates/template';
import type { DemoTemplate } from './templates';

const share = z.number().min(0).max(1);

/** Settable with `PUT /sandbox/gupshup/settings`. */
export const settingsSchema = z.strictObject({
  /** No sliding second above this many sends; more get 429. */
  sendsPerSecond: z.number().int().positive(),
  /** Receipt delays are divided by this. */
  speed: z.number().positive(),
  /** US dollars. */
  walletBalance: z.number(),
  /** Share of delivered messages that get read. */
  readShare: share,
  /** Share of accepted messages that get any receipt. */
  receiptShare: share,
  duplicateShare: share,
  disorderShare: share,
  /** Unique recipients in a moving day; beyond it messages fail with 131048. */
  messagingLimit: z.enum(['TIER_250', 'TIER_1K', 'TIER_10K', 'TIER_100K', 'TIER_UNLIMITED']),
  /** How long `no-answer` withholds its answer, milliseconds. Not divided by speed. */
  withholdMs: z.number().int().positive(),
  /** How long Meta reviews a submitted template, milliseconds; divided by speed. */
  reviewMs: z.number().int().positive(),
  /** How long `slow` takes to answer, milliseconds. Not divided by speed. */
  slowMs: z.number().int().positive(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const TIER_RECIPIENTS: Record<Settings['messagingLimit'], number> = {
  TIER_250: 250,
  TIER_1K: 1_000,
  TIER_10K: 10_000,
  TIER_100K: 100_000,
  TIER_UNLIMITED: Infinity,
};

export interface Subscription {
  id: string;
  active: boolean;
  modes: string[];
  tag: string;
  url: string;
  version: 2 | 3;
  showOnUI: boolean;
  createdOn: number;
  modifiedOn: number;
  headers: Record<string, string>;
}

/** `lost`: the request never arrives; `no-answer`: it is carried out. In both the connection breaks. */
export const TEMPLATE_FAULTS = ['lost', 'no-answer'] as const;
type TemplateFault = (typeof TEMPLATE_FAULTS)[number];

export interface GupshupState {
  settings: Settings;
  subscriptions: Subscription[];
  nextSubscription: number;
  /** Current status by template id. */
  templates: Record<string, TemplateStatus>;
  /** Submitted here, besides the demo ones. */
  created: { template: DemoTemplate; mayChangeCategory: boolean }[];
  /** Names that cannot be used again yet. */
  deletedNames: string[];
  /** Faults forced on the next submissions of templates. */
  templateFaults: TemplateFault[];
  /** When each phone last wrote, Unix ms: opens its 24 h window. */
  lastInbound: Record<string, number>;
  /** Phones that stopped marketing messages of this business. */
  stopped: Record<string, true>;
  /** Sends so far by phone, for the endings that go wrong once. */
  attempts: Record<string, number>;
  /** Faults forced on the next sends, regardless of the phone. */
  faults: { kind: string; left: number }[];
  /** Uploaded files by their id; `at`: Unix ms. */
  media: Record<string, { type: string; size: number; at: number }>;
}

export function initialState(speed: number, templates: readonly DemoTemplate[]): GupshupState {
  return {
    settings: {
      sendsPerSecond: 20,
      speed,
      walletBalance: 5_000,
      readShare: 0.58,
      receiptShare: 1,
      duplicateShare: 0.02,
      disorderShare: 0.02,
      messagingLimit: 'TIER_100K',
      withholdMs: 120_000,
      slowMs: 3_000,
      reviewMs: 20_000,
    },
    subscriptions: [],
    nextSubscription: 10_380_410,
    templates: Object.fromEntries(templates.map(({ id, status }) => [id, status])),
    created: [],
    deletedNames: [],
    templateFaults: [],
    lastInbound: {},
    stopped: {},
    attempts: {},
    faults: [],
    media: {},
  };
}
