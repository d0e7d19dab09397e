/** `templateDrafts`: templates put together here, from the first draft to Meta's answer. */
import type { Db, Filter } from 'mongodb';
import { customAlphabet } from 'nanoid';
import type { Actor } from '../domain/story/actor';
import type { TemplateDraft } from '../domain/templates/draft';
import type { TemplateCategory, TemplateStatus } from '../domain/templates/template';
import type { Indexes } from './shared';

/**
 * - `draft`      being put together, or Gupshup has refused it
 * - `submitting` claimed: the call may be under way
 * - `unsure`     no answer came: it is looked for in Gupshup's list, and not submitted again unseen
 * - `pending`    Gupshup has it, Meta reviews it
 * - `approved`, `rejected`  by Meta; a rejected one is written anew as another draft
 * - `gone`       Gupshup does not have it any more
 */
type DraftState = 'draft' | 'submitting' | 'unsure' | 'pending' | 'approved' | 'rejected' | 'gone';

export interface TemplateDraftDocument {
  _id: string;
  /** The app that it is submitted from. */
  sender: string;
  draft: TemplateDraft;
  state: DraftState;
  createdBy: Actor;
  createdAt: Date;
  changedAt: Date;
  /** The latest attempt to submit it. */
  claim?: { token: string; at: Date; by: Actor };
  submittedAt?: Date;
  /** Gupshup's. */
  templateId?: string;
  /** As Meta has it, where that is not what was asked for. */
  category?: TemplateCategory;
  /** Meta's words for a rejection. */
  reason?: string;
  /** Gupshup's words for not taking it; the draft can be changed and submitted again. */
  refusal?: string;
  decidedAt?: Date;
  /** What an event has said that the list may not say yet. */
  heard?: { status: TemplateStatus; reason?: string };
  /** When to look at Gupshup's list next. */
  lookAt?: Date;
  /** When to tell the team of Meta's answer. */
  tellAt?: Date;
  toldTo?: number[];
}

/** What Gupshup's list says of a submitted one. */
export interface Found {
  state: Extract<DraftState, 'pending' | 'approved' | 'rejected' | 'gone'>;
  templateId?: string;
  category?: TemplateCategory;
  reason?: string;
}

export interface TemplateDraftStore {
  /** `id`: of the new one, if it is to have a certain one. */
  add(
    one: Pick<TemplateDraftDocument, 'sender' | 'draft' | 'createdBy'>,
    now: Date,
    id?: string,
  ): Promise<TemplateDraftDocument>;
  /** Undefined when it is no draft (any more). */
  edit(id: string, draft: TemplateDraft, now: Date): Promise<TemplateDraftDocument | undefined>;
  find(id: string): Promise<TemplateDraftDocument | undefined>;
  /** Newest first. */
  all(limit: number): Promise<TemplateDraftDocument[]>;
  /**
   * For one submission alone: from a draft, or from one whose attempt began before `stuckBefore` and was not found.
   * Undefined where it is not as `seen` any more: edited, or claimed by another.
   */
  claim(
    seen: TemplateDraftDocument,
    claim: NonNullable<TemplateDraftDocument['claim']>,
    stuckBefore: Date,
  ): Promise<TemplateDraftDocument | undefined>;
  /** What came of the claim; a later claim or the list has the last word. */
  settle(
    id: string,
    token: string,
    outcome: Found | { state: 'unsure' } | { state: 'draft'; refusal: string },
    now: Date,
  ): Promise<void>;
  /** What the list says of one that waits; the team is told of a decision. False when another was faster. */
  found(id: string, found: Found, next: { now: Date; lookAt?: Date }): Promise<boolean>;
  /** `seen`: only if it is still to be looked at then; an event that came meanwhile has it looked at at once. */
  lookAgain(id: string, at: Date, seen?: Date): Promise<void>;
  /** An event about a template that waits for Meta: the list is looked at at once. True when it is one of ours. */
  hear(
    sender: string,
    which: { id?: string; name?: string; language?: string },
    heard: NonNullable<TemplateDraftDocument['heard']>,
    now: Date,
  ): Promise<boolean>;
  /** One that waits for an answer and is to be looked at now, for this process alone until `until`. */
  takeToLookAt(now: Date, until: Date): Promise<TemplateDraftDocument | undefined>;
  /** A decision that the team is to be told of, for this process alone until `until`. */
  takeToTell(now: Date, until: Date): Promise<TemplateDraftDocument | undefined>;
  toldTo(id: string, chatId: number): Promise<void>;
  told(id: string): Promise<void>;
  /** False where it is not in this state any more, or an attempt to submit it since `stuckBefore` may be under way. */
  remove(id: string, seen: { state: DraftState; stuckBefore: Date }): Promise<boolean>;
}

const UNANSWERED: DraftState[] = ['submitting', 'unsure'];
/** Those that Gupshup's list is looked at for. */
export const WAITING_DRAFTS: DraftState[] = [...UNANSWERED, 'pending'];

/** Unknown whether Gupshup has it. */
export function isUnanswered({ state }: Pick<TemplateDraftDocument, 'state'>): boolean {
  return UNANSWERED.includes(state);
}

/** Unguessable it need not be: it is read aloud and typed. */
export const newDraftId = customAlphabet('23456789abcdefghjkmnpqrstuvwxyz', 6);
/** The first look after submitting. */
const FIRST_LOOK_MS = 15_000;

// Sparse, as in receipts.ts.
export const TEMPLATE_DRAFT_INDEXES: Indexes = {
  templateDrafts: [
    { key: { createdAt: -1 } },
    { key: { lookAt: 1 }, sparse: true },
    { key: { tellAt: 1 }, sparse: true },
  ],
};

export function createTemplateDraftStore(db: Db): TemplateDraftStore {
  const drafts = db.collection<TemplateDraftDocument>('templateDrafts');
  const change = async (
    filter: Filter<TemplateDraftDocument>,
    update: object,
  ): Promise<TemplateDraftDocument | undefined> =>
    (await drafts.findOneAndUpdate(filter, update, { returnDocument: 'after' })) ?? undefined;

  const found: TemplateDraftStore['found'] = async (id, { state, ...facts }, { now, lookAt }) => {
    const isDecided = state !== 'pending';
    const { matchedCount } = await drafts.updateOne(
      { _id: id, state: { $in: WAITING_DRAFTS } },
      {
        $set: {
          ...{ state, ...facts },
          ...(isDecided && { decidedAt: now, tellAt: now, toldTo: [] }),
          ...(!isDecided && lookAt && { lookAt }),
        },
        $unset: { refusal: 1, ...(isDecided && { lookAt: 1, heard: 1 }) },
      },
    );
    return matchedCount === 1;
  };

  return {
    add: async (one, now, id = newDraftId()) => {
      const document: TemplateDraftDocument = { _id: id, ...one, state: 'draft', createdAt: now, changedAt: now };
      await drafts.insertOne(document);
      return document;
    },
    edit: (id, draft, now) =>
      change({ _id: id, state: 'draft' }, { $set: { draft, changedAt: now }, $unset: { refusal: 1 } }),
    find: async (id) => (await drafts.findOne({ _id: id })) ?? undefined,
    all: (limit) => drafts.find().sort({ createdAt: -1 }).limit(limit).toArray(),
    claim: ({ _id, changedAt, claim: before }, claim, stuckBefore) =>
      change(
        {
          ...{ _id, changedAt },
          // Null: none.
          'claim.token': (before?.token ?? null) as string,
          $or: [{ state: 'draft' }, { state: { $in: UNANSWERED }, 'claim.at': { $lt: stuckBefore } }],
        },
        {
          $set: { state: 'submitting', claim, lookAt: new Date(claim.at.getTime() + FIRST_LOOK_MS) },
          $unset: { refusal: 1, reason: 1, heard: 1 },
        },
      ),
    settle: async (id, token, outcome, now) => {
      const mine = { _id: id, state: 'submitting', 'claim.token': token } as const;
      if (outcome.state === 'draft') {
        const { refusal } = outcome;
        await drafts.updateOne(mine, { $set: { state: 'draft', refusal }, $unset: { lookAt: 1 } });
      } else if (outcome.state === 'unsure') await drafts.updateOne(mine, { $set: { state: 'unsure' } });
      else {
        await drafts.updateOne({ _id: id, 'claim.token': token }, { $set: { submittedAt: now } });
        await found(id, outcome, { now, lookAt: new Date(now.getTime() + FIRST_LOOK_MS) });
      }
    },
    found,
    lookAgain: async (id, at, seen) =>
      void (await drafts.updateOne(
        { _id: id, state: { $in: WAITING_DRAFTS }, ...(seen && { lookAt: seen }) },
        { $set: { lookAt: at } },
      )),
    hear: async (sender, { id, name, language }, heard, now) => {
      const names = [
        ...(id ? [{ templateId: id }] : []),
        ...(name && language ? [{ 'draft.name': name, 'draft.language': language }] : []),
      ];
      if (names.length === 0) return false;
      const { matchedCount } = await drafts.updateMany(
        { sender, state: { $in: WAITING_DRAFTS }, $or: names },
        { $set: { heard, lookAt: now } },
      );
      return matchedCount > 0;
    },
    takeToLookAt: (now, until) =>
      change({ lookAt: { $lte: now }, state: { $in: WAITING_DRAFTS } }, { $set: { lookAt: until } }),
    takeToTell: (now, until) => change({ tellAt: { $lte: now } }, { $set: { tellAt: until } }),
    toldTo: async (id, chatId) => void (await drafts.updateOne({ _id: id }, { $addToSet: { toldTo: chatId } })),
    told: async (id) => void (await drafts.updateOne({ _id: id }, { $unset: { tellAt: 1 } })),
    remove: async (id, { state, stuckBefore }) => {
      const settled = UNANSWERED.includes(state) ? { 'claim.at': { $lt: stuckBefore } } : {};
      return (await drafts.deleteOne({ _id: id, state, ...settled })).deletedCount === 1;
    },
  };
}
