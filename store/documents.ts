/** The shapes of what is kept in MongoDB. Dates are Date, ids are strings. */
import type { CanaryLook } from '../domain/canary';
import type { EffectState, ReplyEffect } from '../domain/reply-orders';
import type { Actor } from '../domain/story/actor';
import type { LeadStage, Person } from '../domain/audience';
import type { Chain } from '../domain/follow-ups';
import type { CampaignState, StateReason } from '../domain/story/campaign';
import type { CampaignSpec } from '../domain/campaign-spec';
import type { ConsentProof } from '../domain/opt-outs/consent';
import type { DeliveryState, SkipReason } from '../domain/story/delivery';
import type { LedgerReport } from '../domain/story/ledger';
import type { CampaignVariant } from '../domain/campaign-variants';
import type { CampaignSender } from '../domain/campaign-senders';
import type { Choice } from '../domain/opt-outs/opt-out-words';
import type { OwnRate } from '../domain/story/pace';
import type { SuppressionReason, SuppressionScope } from '../domain/opt-outs/suppression';
import type { Template, TemplateCategory } from '../domain/templates/template';

/** The order of what the campaign's workflow records. */
export type RecordedKind = 'state' | 'schedule' | 'rate' | 'sender';

/** `campaigns` */
export interface CampaignDocument {
  _id: string;
  /** The spec. Everything below it is a fact of its run. */
  spec: CampaignSpec;
  /** A test send or a single `send`: goes first and at any hour, and nobody is told how it ended. */
  test: boolean;
  /** A single `send`, which is no test: it stands in lists and reports. */
  single?: true;
  state: CampaignState;
  stateReason?: StateReason;
  stateChangedAt: Date;
  /** The template as it was when the campaign was created. */
  template: Template;
  /** Only if the people are divided among several templates: the further ones, in the spec's order. */
  variants?: CampaignVariant[];
  /** Only if a test finds the winner among them: what it came to. */
  winner?: CampaignWinner;
  /** The series that made it. */
  seriesId?: string;
  /** Only if it has follow-ups: its steps in force, and how far they are. */
  chain?: Chain;
  /** It carries out a step (0-based) of that campaign's follow-ups. */
  followUpOf?: { campaignId: string; step: number };
  /** The Gupshup app that sends, the first of several; also names the task queue `send-<sender>`. */
  sender: string;
  /** Only if there are several. */
  senders?: CampaignSender[];
  /** The rate in force where it is not the spec's; the sender's cap holds besides. */
  rate?: OwnRate;
  /** When to start; absent = as soon as confirmed. */
  scheduledAt?: Date;
  createdBy: Actor;
  /** The press of a button that made it: repeated, it finds this one. */
  commandId?: string;
  createdAt: Date;
  startedAt?: Date;
  endedAt?: Date;
  /** Since when it no longer identifies its people (store/retention.ts). */
  forgottenAt?: Date;
  /** Of one with a canary: how its first people were looked at last. */
  canaryLook?: CanaryLook;
  /** The messaging limit had no room when it was last asked; it asks again then. */
  roomWait?: { limit: number; kept?: number; until: Date };
  /** The counts as last taken, and when. */
  counts?: LedgerReport;
  countedAt?: Date;
  /** The database was restored from a copy: what had been claimed until then is settled. */
  restoredAt?: Date;
  /** When a cancel was accepted. */
  cancelAskedAt?: Date;
  /** The order of what the workflow has recorded last: what comes late with a lower one is left out. */
  recorded?: Partial<Record<RecordedKind, number>>;
  /** Telegram messages that show this campaign's live progress. */
  watchers: { chatId: number; messageId: number }[];
}

/** A test of variants: its figures when they were last judged, and what went to the rest. */
export interface CampaignWinner {
  /** How many are in the test: the deliveries below this number. */
  test: number;
  judged?: {
    at: Date;
    /** Of each variant: how many of those it was sent to did what is measured. */
    parts: { hits: number; of: number }[];
    mayBeChance: boolean;
  };
  /** `by`: whoever chose it (as `actorName` writes it); absent = the figures. */
  settled?: { variant: number; at: Date; by?: string };
}

/**
 * `deliveries`, `_id` = `<campaignId>:<n>`; the sendable ones are numbered first, 0…queued−1, the skipped ones after
 * them.
 */
export interface DeliveryDocument {
  _id: string;
  campaignId: string;
  n: number;
  state: DeliveryState;
  /** E.164. Absent for people without a usable or with an already used number. */
  phone?: string;
  /** The number as it stood in the source. */
  original?: string;
  name?: string;
  /** Line of the file or lead of the CRM. */
  origin: string;
  params: string[];
  /** Of a campaign with variants: which template it goes out with; 0 is the campaign's own. */
  variant?: number;
  /** Of the rest, while a test is to settle its variant: the parameters of the further templates. It cannot be sent. */
  otherParams?: string[][];
  /** Of a campaign with follow-ups: where the lead stood when the audience was frozen. */
  stage?: LeadStage;
  /** Of the template when the audience was frozen; absent = unknown, which counts as marketing. */
  category?: TemplateCategory;
  skipReason?: SkipReason;
  /** Error code of a failure, or what made it unknown. */
  code?: string;
  family?: string;
  detail?: string;
  /** Of a campaign with several senders: the one that claimed it last. */
  sender?: string;
  /** The claim's holder while `sending`. */
  token?: string;
  claimedAt?: Date;
  /** While `sending`: it has taken room in the messaging limit. */
  inRoom?: true;
  /** What a reply does in the CRM once for a person in a campaign: which reply does it (`crm.id`). */
  onReply?: { task?: string; move?: string };
  /** Token of the attempt that recorded the present state. */
  settledBy?: string;
  attempts: number;
  /** How often it has been claimed: never falls, so that a copy of the database that lacks a claim is known by it. */
  claims?: number;
  /** Later waves that it was put into. */
  waves?: number;
  /** A queued one that must wait for its retry. */
  dueAt?: Date;
  /** An admin decided that an unknown one was sent. */
  assumed?: boolean;
  messageId?: string;
  whatsappId?: string;
  acceptedAt?: Date;
  sentAt?: Date;
  deliveredAt?: Date;
  readAt?: Date;
  failedAt?: Date;
}

/** `_id` of delivery `n` of a campaign. */
export function deliveryId(campaignId: string, n: number): string {
  return `${campaignId}:${n}`;
}

/** The fields that only a delivery in trouble has, for `$unset`. */
export const TROUBLE_FIELDS = { code: 1, family: 1, detail: 1 } as const;

/** A webhook event as it is saved. `receipts` keeps it without what is said about its being applied (store/receipts.ts). */
export interface ReceiptDocument {
  /** Identity of the event, so that a repeated delivery of it is one document. */
  _id: string;
  receivedAt: Date;
  /** The event in our words (clients/gupshup/events.ts); `body` for a body that is kept whole. */
  event: unknown;
  /**
   * The body as it came, as text: whatever it holds, a text can be stored. Absent of an event of several in one body.
   */
  raw?: string;
  /** The `_id` of the whole body that it came in, with others. */
  body?: string;
  /** When to try to apply it; absent of one that is kept for the record, or waits for nothing but what `waitsFor` names. */
  nextTryAt?: Date;
  /** Ids that may reveal whose event it is. */
  waitsFor?: string[];
  tries: number;
  /** Applied twice, it changes no more than once: it needs no record of its own by which a repetition is known. */
  repeatable?: true;
}

/** `lists`: a saved list's head; its people are in `listRows`. */
export interface ListDocument {
  _id: string;
  name: string;
  columns: string[];
  /** Column that holds the phone. */
  phoneColumn: string;
  count: number;
  /** All its people are contacts: nobody has to look whether they are. Whatever removes contacts takes this away. */
  met?: true;
  createdAt: Date;
  createdBy: Actor;
}

/** `listRows`: some hundred people of a list, `_id` = `<listId>:<chunk>`; chunks are in the order of the file. */
export interface ListRowsDocument {
  _id: string;
  listId: string;
  chunk: number;
  people: Person[];
}

/** `suppressions`, `_id` = `<phone>:<reason>:<scope>`: a number that must not be sent to. */
export interface SuppressionDocument {
  _id: string;
  /** E.164 */
  phone: string;
  reason: SuppressionReason;
  scope: SuppressionScope;
  detail?: string;
  createdAt: Date;
  createdBy: Actor;
}

/** A recorded consent: to what, where it was given, and who wrote it down. */
export interface Consent extends ConsentProof {
  /** When it was recorded, where that is not when they agreed. */
  recordedAt?: Date;
  /** Who recorded it. */
  by: Actor;
}

/** `contacts`, `_id` = E.164 */
export interface ContactDocument {
  _id: string;
  consents: Consent[];
  /** As sources write it, the newest first. */
  names?: string[];
  /** The names as they are searched. */
  search?: string[];
  /** The beginnings of their words, and of each two of them, by which they are found (contact-meetings.ts). */
  searchKeys?: string[];
  /** The number's last four digits, by which it is found (number-parts.ts). */
  numberEnd?: string;
  tags?: string[];
  /** Where it was met, the newest first: `list:…`, `campaign:…`. */
  sources?: string[];
  firstSeenAt?: Date;
  lastSeenAt?: Date;
}

/** `replies`: what a person wrote or tapped, `_id` = WhatsApp's id of it. */
export interface ReplyDocument {
  _id: string;
  /** E.164 */
  phone: string;
  at: Date;
  text?: string;
  buttonText?: string;
  /** The campaign it answers. */
  campaignId?: string;
  /** It was a STOP or START word. */
  choice?: Choice;
  /** The Gupshup app that they wrote to, where that is known. */
  sender?: string;
  /** Of a reply that somebody has to deal with: its key in buttons and on the command line. */
  key?: string;
  /** Nobody has dealt with it yet. */
  open?: true;
  /** When it came to us; `at` is the person's clock. */
  receivedAt?: Date;
  /** When to tell those whom it concerns, or to try again; absent: there is nothing to tell. */
  tellAt?: Date;
  /** The process that tells it now. */
  takenBy?: string;
  /** Who is told besides: somebody whose answer has failed. */
  tellTo?: number[];
  /** Chats that were told. */
  toldTo?: number[];
  /** Messages in Telegram that show it. */
  messages?: { chatId: number; messageId: number }[];
  /** Those of them that do not show it as it is now (`toShow` of contact-history.ts). */
  toShow?: { chatId: number; messageId: number; turn?: string }[];
  /** What the person wrote in the seconds after it: together they are one to deal with. */
  more?: { _id: string; at: Date; text?: string; buttonText?: string }[];
  /** Of such a further message: the reply that it belongs to. */
  joins?: string;
  done?: { how: ReplyEnd; by: Actor; at: Date };
  /** When to do what it orders in the CRM, or to try again; absent: nothing is left to do (reply-effects.ts). */
  crmAt?: Date;
  /** The process that does it now. */
  crmTakenBy?: string;
  /** What it orders there: a name for it that says nothing of the person, and how each effect stands. */
  crm?: ReplyEffects;
  /** What was written back, in the order of writing. */
  answers?: ReplyAnswer[];
}

/** What a reply does to its lead in the CRM, as far as it has come. */
interface ReplyEffects extends Partial<Record<ReplyEffect, EffectState>> {
  id: string;
  receivedAt: Date;
  /** The CRM's words to a refusal. */
  detail?: string;
}

/** What somebody of the team did about a reply. */
export type ReplyEnd = 'done' | 'answered' | 'opted_out';

/** A message written back to a person. */
export interface ReplyAnswer {
  /** The press or message that ordered it: repeated, it sends nothing. */
  id: string;
  text: string;
  by: Actor;
  at: Date;
  /**
   * `sending` while Gupshup is being asked, and after a crash in the middle of it; `unknown`: Gupshup may have it;
   * `failed`: Gupshup took it, and WhatsApp did not deliver it.
   */
  state: 'sending' | 'accepted' | 'refused' | 'unknown' | 'failed';
  messageId?: string;
  /** Gupshup's words. */
  detail?: string;
  /** Of one that failed. */
  code?: string;
}

/** `templates`: the last list read from Gupshup. */
export interface TemplateDocument extends Template {
  _id: string;
  sender: string;
  syncedAt: Date;
  /** When it last changed by an event that came after the reading. */
  changedAt?: Date;
  /** An event has named a template that the reading did not have. */
  stale?: true;
}
