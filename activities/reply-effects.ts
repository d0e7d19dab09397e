/**
 * Does what a reply orders in the CRM (domain/reply-orders.ts): a note, a task, another stage. What is due stands in the
 * reply (store/reply-effects.ts). Each effect is noted before its request and after it. One that was begun and not ended is
 * looked for in the CRM: a note or task that is not there is written then, a move is never tried twice. People's words go
 * to the CRM only: neither to Temporal nor into a log.
 */
import type { AmocrmClient } from '../clients/amocrm/client';
import { AmocrmError, AmocrmUnansweredError } from '../clients/amocrm/error';
import type { Written } from '../clients/amocrm/writer';
import { atPoint } from '../config/crash-points';
import { translate, type Language } from '../config/i18n';
import type { Logger } from '../config/logger';
import { replyEffects } from '../config/metrics';
import { shorten } from '../config/text';
import { drainPeriodically } from '../config/waiting';
import { moveOf, REPLY_EFFECTS, type EffectState, type OnReply, type ReplyEffect } from '../domain/reply-orders';
import { factsOf, type ReplyFacts } from '../report/reply-card';
import type { Store } from '../store/connect';
import type { HandledReply } from '../store/open-replies';
import type { TakenReply } from '../store/reply-effects';

export interface ReplyEffectsOptions {
  store: Pick<Store, 'campaigns' | 'contacts' | 'openReplies' | 'replyEffects'>;
  crm: Pick<AmocrmClient, 'leadsById' | 'write'>;
  /** Of notes and tasks. */
  language: Language;
  log: Logger;
  /** How often to check (ms). */
  everyMs?: number;
}

const EVERY_MS = 1_000;
/** amoCRM's recommendation for writes (amocrm.md#collections). */
const BATCH = 50;
/** How long a reply that a process took waits for it, should that process die (ms): longer than a batch takes. */
const TAKEN_MS = 600_000;
/** Nothing leaves in this last part of that time: longer than a request may be under way. */
const MARGIN = 0.25;
/** When to look for what the CRM did not answer to (ms): by then it shows what it has done. */
const LOOK_MS = 60_000;
const AGAIN_MS = 30_000;
/** Of the time that one has waited which amoCRM does not take by itself, and at most so long (ms). */
const AGAIN_SHARE = 0.1;
const AGAIN_MOST_MS = 3_600_000;
/** Then what is left undone is given up (ms). */
const PATIENCE_MS = 3 * 86_400_000;
/** The responsible user has a day to answer (ms). */
const TASK_DUE_MS = 86_400_000;
/** The move first: it is decided on a reading that the others would make old. */
const IN_TURN: readonly ReplyEffect[] = ['move', 'note', 'task'];
const NOTE_CHARACTERS = 4_000;
const TASK_CHARACTERS = 300;

/** One reply whose campaign orders something, with its lead. */
interface Due {
  reply: TakenReply;
  orders: OnReply;
  facts: ReplyFacts & { deliveryId: string };
  leadId: number;
  /** Something of it is to be tried again then. */
  again?: Date;
}

/** Not before that time (ms) has passed, and not sooner than another of its effects has asked for. */
function putOff(one: Due, ms: number): void {
  one.again = new Date(Math.max(one.again?.getTime() ?? 0, Date.now() + ms));
}

interface Begun {
  one: Due;
  /** `again`: it may have been done before. */
  how: 'fresh' | 'again';
}

/** `until`: this process has the replies until then (Unix ms). */
interface Requests {
  call: (part: readonly Due[], mayLeave: () => Promise<void>) => Promise<Written>;
  until: number;
}

/** One that amoCRM refuses by itself: the longer it has waited, the rarer the tries (ms). */
function againMs({ reply }: Due): number {
  return AGAIN_MS + Math.min(AGAIN_MOST_MS, (Date.now() - reply.crm.receivedAt.getTime()) * AGAIN_SHARE);
}

/** What of an error goes into the log: amoCRM's own words may quote what the person wrote. */
function withoutWords(error: unknown): object {
  if (!(error instanceof AmocrmError)) return { err: error };
  const { code, values } = error.refusal;
  return { code, ...('status' in values && { status: values.status }) };
}

/** This process has had the reply for too long: nothing has left. */
class LateError extends Error {}

type Leads = Awaited<ReturnType<AmocrmClient['leadsById']>>;

/** Runs until aborted. Never rejects. */
export async function runReplyEffects(options: ReplyEffectsOptions, stop: AbortSignal): Promise<void> {
  const { log, everyMs = EVERY_MS } = options;
  const someDone = createReplyEffects(options, stop);
  const failed = (err: unknown): void => log.error({ err }, 'Cannot do what replies order in the CRM: trying again');
  await drainPeriodically(async () => !stop.aborted && (await someDone()), { everyMs, stop, failed });
}

function createReplyEffects(options: ReplyEffectsOptions, stop: AbortSignal): () => Promise<boolean> {
  const { store, crm, language, log } = options;
  const { replyEffects: effects } = store;
  /** How many go in one request: fewer once amoCRM has not taken so many. */
  const atOnce: Record<ReplyEffect, number> = { note: BATCH, task: BATCH, move: BATCH };

  async function settle(
    { reply, facts }: Due,
    effect: ReplyEffect,
    state: EffectState,
    detail?: string,
  ): Promise<void> {
    // Nobody has got a task: the person's next message may order it. First: of one that was settled nobody would free it.
    if (effect === 'task' && state === 'left') await effects.unclaim(reply, effect, facts.deliveryId);
    await atPoint('reply-effect-done', () => effects.settle(reply, effect, state, detail));
    replyEffects.inc({ effect, state });
    // Without its words, which may quote what the person wrote.
    if (state === 'refused') log.warn({ campaignId: reply.campaignId, effect }, 'amoCRM refused what a reply orders');
  }

  async function settleAll(due: readonly Due[], effect: ReplyEffect, { written, refused }: Written): Promise<void> {
    for (const one of due) {
      const no = refused.find(({ leadId }) => leadId === one.leadId);
      if (no) await settle(one, effect, 'refused', no.detail);
      else if (written.includes(one.leadId)) await settle(one, effect, 'written');
    }
  }

  /** What this reply is called in the CRM: it says nothing of the person. */
  const markerOf = ({ reply }: Due): string => `re:${reply.campaignId}/${reply.crm.id}`;

  const said = ({ reply }: Due): string =>
    reply.text ?? reply.buttonText ?? translate(language, 'crm.replyWithoutText');

  /** The leads whose note or task the CRM has already. */
  function look(effect: 'note' | 'task', due: readonly Due[]): Promise<ReadonlySet<number>> {
    const markers = new Map(due.map((one) => [one.leadId, markerOf(one)]));
    const marker = (leadId: number): string => markers.get(leadId)!;
    if (effect === 'task') return crm.write.leadsWithTask([...markers.keys()], marker, stop);
    const since = new Date(Math.min(...due.map(({ reply }) => reply.crm.receivedAt.getTime())));
    return crm.write.leadsWithNote([...markers.keys()], marker, since, stop);
  }

  function add(effect: 'note' | 'task', due: readonly Due[], leads: Leads, mayLeave: () => Promise<void>) {
    const texts = (one: Due, most: number) => ({
      name: one.facts.campaign!.spec.name,
      text: shorten(said(one), most),
      marker: markerOf(one),
    });
    if (effect === 'note')
      return crm.write.addNotes(
        due.map((one) => ({
          leadId: one.leadId,
          text: translate(language, 'crm.replyNote', texts(one, NOTE_CHARACTERS)),
        })),
        { signal: stop, mayLeave },
      );
    const dueAt = new Date(Date.now() + TASK_DUE_MS);
    return crm.write.addTasks(
      due.map((one) => {
        const responsibleUserId = leads.get(one.leadId)?.responsibleUserId;
        const text = translate(language, 'crm.replyTask', texts(one, TASK_CHARACTERS));
        return { leadId: one.leadId, text, dueAt, ...(responsibleUserId && { responsibleUserId }) };
      }),
      { signal: stop, mayLeave },
    );
  }

  /** One request, and what became of it. `due`: of different leads, each begun. */
  async function request(effect: ReplyEffect, due: readonly Due[], { call, until }: Requests): Promise<void> {
    let hasLeft = false;
    const mayLeave = async (): Promise<void> => {
      if (Date.now() > until - TAKEN_MS * MARGIN)
        throw new LateError('another process may have taken what replies order');
      hasLeft = true;
    };
    try {
      await settleAll(due, effect, await atPoint('reply-effect-call', () => call(due, mayLeave)));
      if (due.length === atOnce[effect] && due.length < BATCH) atOnce[effect]++;
    } catch (error) {
      // Of every other end it may have been done: it stays begun, and is looked for.
      const isRefused = error instanceof AmocrmError && !(error instanceof AmocrmUnansweredError);
      const hasStayed = isRefused || error instanceof LateError || !hasLeft;
      // It may be too much for amoCRM, or one of them what it refuses: the others go without it.
      if (hasLeft && !stop.aborted) atOnce[effect] = Math.ceil(due.length / 2);
      for (const one of due) {
        putOff(one, !hasStayed ? LOOK_MS : stop.aborted ? 0 : due.length > 1 ? AGAIN_MS : againMs(one));
        if (hasStayed) await effects.release(one.reply, effect);
      }
      log.warn({ ...withoutWords(error), effect }, 'amoCRM did not take what replies order: trying again');
    }
  }

  async function carryOut(effect: ReplyEffect, due: readonly Due[], leads: Leads, until: number): Promise<void> {
    if (stop.aborted) {
      for (const one of due) putOff(one, 0);
      return;
    }
    const begun: Begun[] = [];
    for (const one of due.filter(({ orders }) => orders[effect])) {
      const how = await atPoint('reply-effect-begun', () => effects.begin(one.reply, effect, one.facts.deliveryId));
      if (how !== 'ended') begun.push({ one, how });
    }
    const ready = effect === 'move' ? await toMove(begun, leads) : await toAdd(effect, begun, leads);
    const call: Requests['call'] = (part, mayLeave) => {
      if (effect !== 'move') return add(effect, part, leads, mayLeave);
      const changes = part.map(({ leadId, orders }) => ({
        leadId,
        move: { pipelineId: orders.move!.pipelineId, statusId: orders.move!.statusId },
      }));
      return crm.write.changeLeads(changes, { signal: stop, mayLeave, once: true });
    };
    for (let from = 0; from < ready.length;) {
      const part = ready.slice(from, from + atOnce[effect]);
      await request(effect, part, { call, until });
      from += part.length;
    }
  }

  /** Of those begun, the ones whose leads are to be moved; the others are settled. */
  async function toMove(begun: readonly Begun[], leads: Leads): Promise<Due[]> {
    const ready: Due[] = [];
    for (const { one, how } of begun) {
      const verdict = moveOf(leads.get(one.leadId), one.orders.move!, one.facts.foundIn);
      if (verdict === 'there') await settle(one, 'move', 'written');
      // Perhaps it was done, and somebody has moved the lead since.
      else if (how === 'again') await settle(one, 'move', 'unknown');
      else if (verdict === 'left') await settle(one, 'move', 'left');
      else ready.push(one);
    }
    return ready;
  }

  /** Likewise the ones whose note or task is to be written. */
  async function toAdd(effect: 'note' | 'task', begun: readonly Begun[], leads: Leads): Promise<Due[]> {
    const isOld = ({ reply }: Due): boolean => Date.now() - reply.crm.receivedAt.getTime() > LOOK_MS;
    // Of an old one also where nothing is noted: the database may be a restored copy.
    const doubtful = begun.flatMap(({ one, how }) =>
      (how === 'again' || isOld(one)) && leads.has(one.leadId) ? [one] : [],
    );
    const present = doubtful.length > 0 ? await look(effect, doubtful) : new Set<number>();
    const ready: Due[] = [];
    for (const { one } of begun) {
      if (present.has(one.leadId)) await settle(one, effect, 'written');
      else if (!leads.has(one.leadId) || (effect === 'task' && (await effects.isDealtWith(one.reply))))
        await settle(one, effect, 'left');
      else ready.push(one);
    }
    return ready;
  }

  /** Too old: what has not begun is left, what has is unknown. */
  async function giveUp(one: Due): Promise<void> {
    for (const effect of REPLY_EFFECTS.filter((each) => one.orders[each])) {
      const how = await effects.begin(one.reply, effect, one.facts.deliveryId);
      if (how !== 'ended') await settle(one, effect, how === 'again' ? 'unknown' : 'left');
    }
  }

  /** `wave`: of different leads. */
  async function doWave(wave: readonly Due[], until: number): Promise<void> {
    const old = wave.filter(({ reply }) => Date.now() - reply.crm.receivedAt.getTime() > PATIENCE_MS);
    for (const one of old) await giveUp(one);
    const due = wave.filter((one) => !old.includes(one));
    try {
      if (due.length > 0) {
        const leads = await crm.leadsById(
          due.map(({ leadId }) => leadId),
          stop,
        );
        for (const effect of IN_TURN) await carryOut(effect, due, leads, until);
      }
    } catch (error) {
      if (!(error instanceof AmocrmError) && !stop.aborted) throw error;
      log.warn(withoutWords(error), 'Cannot ask amoCRM about leads that replied: trying again');
      for (const one of due) putOff(one, stop.aborted ? 0 : AGAIN_MS);
    }
    for (const { reply, again } of wave) await (again ? effects.putOff(reply, again) : effects.finish(reply));
  }

  async function dueOf(reply: TakenReply): Promise<Due | undefined> {
    const facts = await factsOf(reply as HandledReply & TakenReply, { store });
    const { leadId, deliveryId } = facts;
    const orders = facts.campaign?.spec.onReply;
    if (!orders || leadId === undefined || deliveryId === undefined) return undefined;
    return { reply, orders, facts: { ...facts, deliveryId }, leadId };
  }

  return async () => {
    const now = Date.now();
    const taken = await effects.take(new Date(now), new Date(now + TAKEN_MS), BATCH);
    if (taken.length === 0) return false;
    let left: Due[] = [];
    const found = await Promise.all(taken.map(async (reply) => ({ reply, one: await dueOf(reply) })));
    for (const { reply, one } of found) {
      if (one) left.push(one);
      // A person without a lead: there is nothing to do it to.
      else await effects.finish(reply);
    }
    while (left.length > 0) {
      const wave = left.filter((one, at) => left.findIndex(({ leadId }) => leadId === one.leadId) === at);
      left = left.filter((one) => !wave.includes(one));
      await doWave(wave, now + TAKEN_MS);
    }
    return true;
  };
}
