/**
 * Tells a reply to its person: the lead's responsible user where they are on the team, else those whom the campaign names
 * (domain/replies.ts). What is due stands in the reply (store/open-replies.ts), so a process that dies leaves it to the
 * next, which passes over whoever has been told; only a death between Telegram's answer and our note of it tells
 * somebody twice.
 */
import { LRUCache } from 'lru-cache';
import type { AmocrmClient } from '../clients/amocrm/client';
import { replyButtons } from '../clients/reply-buttons';
import type { TellTeam } from '../clients/tell-team';
import { atPoint } from '../config/crash-points';
import type { Logger } from '../config/logger';
import { translate } from '../config/i18n';
import { replyNoticeSeconds } from '../config/metrics';
import { drainPeriodically, within } from '../config/waiting';
import { hearersOf } from '../domain/replies';
import { namesFrom } from '../report/approval';
import { factsOf, renderReply, type ReplyFacts } from '../report/reply-card';
import type { Store } from '../store/connect';
import type { HandledReply } from '../store/open-replies';
import type { Member } from '../store/team';

export interface ReplyNoticesOptions {
  store: Pick<Store, 'campaigns' | 'contacts' | 'openReplies' | 'users'>;
  crm: Pick<AmocrmClient, 'leadsById'>;
  /** For links to leads. */
  crmUrl?: string | undefined;
  tell: TellTeam;
  timezone: string;
  log: Logger;
  /** How often to check (ms). */
  everyMs?: number;
  /** When to try again what Telegram or the CRM did not take (ms). */
  againMs?: number;
  /** How long one that a process took waits for it, should that process die (ms). */
  takenMs?: number;
}

const EVERY_MS = 300;
/** So many at a time: their leads are one question to the CRM. */
const BATCH = 50;
/** A process that takes one and dies holds it up for so long (ms): longer than telling a batch takes. */
const TAKEN_MS = 180_000;
/** More wait in the database. */
const MOST_ON_THEIR_WAY = 200;
const AGAIN_MS = 5_000;
/** How long the CRM may take to name those responsible (ms); after that the notice is tried again. */
const CRM_LIMIT_MS = 10_000;
/** So long it is tried to find out who is responsible; then those hear whom the campaign names (ms). */
const CRM_PATIENCE_MS = 600_000;
/** A reply so old (ms) is told to nobody new: it stands in `/replies`. */
const STALE_MS = 86_400_000;
/** For so long who is responsible for a lead is taken for known (ms). */
const KNOWN_MS = 60_000;

/** One reply on its way to those whom it concerns. */
interface Due {
  reply: HandledReply;
  facts: ReplyFacts;
}

/** Runs until aborted. Never rejects. */
export async function runReplyNotices(options: ReplyNoticesOptions, stop: AbortSignal): Promise<void> {
  const { log, everyMs = EVERY_MS } = options;
  const { tellSome, settled } = createReplyTeller(options);
  const failed = (err: unknown): void => log.error({ err }, 'Cannot tell replies: trying again');
  await drainPeriodically(async () => !stop.aborted && (await tellSome()), { everyMs, stop, failed });
  await settled();
}

interface ReplyTeller {
  /** Begins to tell those that are due; false when none is, or as many are on their way as may be. */
  tellSome(): Promise<boolean>;
  /** Resolves when none is on its way any more. */
  settled(): Promise<void>;
}

/** Nobody's notices wait for those of another, whom Telegram lets have one a second. */
function createReplyTeller(options: ReplyNoticesOptions): ReplyTeller {
  const { store, crm, crmUrl, tell, timezone, log, againMs = AGAIN_MS, takenMs = TAKEN_MS } = options;
  const { openReplies } = store;
  const onTheirWay = new Set<Promise<void>>();
  const responsible = new LRUCache<number, number>({ max: 10_000, ttl: KNOWN_MS });

  /** False when the CRM does not say. */
  async function learnResponsible(due: readonly Due[]): Promise<boolean> {
    const leads = due.flatMap(({ facts }) => facts.leadId ?? []).filter((id) => !responsible.has(id));
    if (leads.length === 0) return true;
    try {
      const found = await within(CRM_LIMIT_MS, crm.leadsById([...new Set(leads)]));
      for (const id of leads) responsible.set(id, found.get(id)?.responsibleUserId ?? 0);
      return true;
    } catch (err) {
      log.warn({ err }, 'Cannot read from the CRM who is responsible for the leads that replied: trying again');
      return false;
    }
  }

  async function tellOne({ reply, facts }: Due, team: readonly Member[], isKnown: boolean): Promise<void> {
    const age = Date.now() - reply.at.getTime();
    const waitsForCrm = !isKnown && facts.leadId !== undefined && !responsible.has(facts.leadId);
    if (waitsForCrm && age < CRM_PATIENCE_MS) return openReplies.putOff(reply, new Date(Date.now() + againMs));
    const hearers = hearersOf({
      responsibleUserId: facts.leadId === undefined ? undefined : responsible.get(facts.leadId),
      repliesTo: facts.campaign?.spec.repliesTo,
      team: team.map(({ _id, crmUserId }) => ({ id: _id, ...(crmUserId !== undefined && { crmUserId }) })),
    });
    const members = new Set(team.map(({ _id }) => _id));
    // Whose answer has failed hears of it all the same.
    const besides = (reply.tellTo ?? []).filter((id) => members.has(id));
    const isQuiet = facts.campaign === undefined || (facts.campaign.test && !facts.campaign.single);
    const nobodyNew = isQuiet || age > STALE_MS;
    const to = new Set([...(nobodyNew ? [] : hearers), ...besides].filter((id) => !reply.toldTo?.includes(id)));
    if (to.size === 0 || reply.done) return openReplies.told(reply);
    const failed: number[] = [];
    await tell(
      'replies.handle',
      to,
      { reply: reply.key },
      (language) => ({
        text: renderReply(reply, facts, { language, timezone, nameOf: namesFrom(team, language), now: new Date() }),
        buttons: replyButtons(reply.key, (action) => translate(language, `replies.buttons.${action}`)),
      }),
      async (message) => {
        await atPoint('reply-noted', () => openReplies.toldTo(reply._id, message, reply.more?.length ?? 0));
        replyNoticeSeconds.observe(Math.max(0, Date.now() - (reply.receivedAt ?? reply.at).getTime()) / 1000);
      },
      (id) => failed.push(id),
    ).catch(() => 0); // What it throws is in `failed`.
    if (failed.length > 0) await openReplies.putOff(reply, new Date(Date.now() + againMs));
    else await atPoint('reply-told', () => openReplies.told(reply));
  }

  function send(one: Due, team: readonly Member[], isKnown: boolean): void {
    const telling: Promise<void> = tellOne(one, team, isKnown)
      .catch((err: unknown) => log.error({ err, reply: one.reply.key }, 'Cannot tell a reply: trying again'))
      .finally(() => onTheirWay.delete(telling));
    onTheirWay.add(telling);
  }

  return {
    settled: async () => void (await Promise.all(onTheirWay)),
    tellSome: async () => {
      if (onTheirWay.size >= MOST_ON_THEIR_WAY) return false;
      const now = new Date();
      const until = new Date(now.getTime() + takenMs);
      const taken = await openReplies.takeUntold(now, until, BATCH);
      if (taken.length === 0) return false;
      const team = await store.users.members();
      const due = await Promise.all(
        taken.map(async (reply) => ({ reply, facts: await factsOf(reply, { store, crmUrl }) })),
      );
      // Nobody asks the CRM where nobody on the team is one of its users.
      const asks = team.some(({ crmUserId }) => crmUserId !== undefined);
      const isKnown = !asks || (await learnResponsible(due));
      for (const one of due) send(one, team, isKnown);
      return true;
    },
  };
}
