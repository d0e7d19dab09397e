/**
 * The kinds of entries, each for a batch of leads: how to write it, and how to check whether it was already written.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DateTime } from 'luxon';
import { TooMuchError } from '../../clients/amocrm/api';
import type { AmocrmClient } from '../../clients/amocrm/client';
import { AmocrmUnansweredError } from '../../clients/amocrm/error';
import type { Written } from '../../clients/amocrm/writer';
import { type Language, translate } from '../../config/i18n';
import { moveOf } from '../../domain/reply-orders';
import { type WriteBackKind, writeBackMarker, type WriteBackOrders } from '../../domain/story/write-back';
import { meaningOf } from '../../report/meaning';
import type { CampaignDocument } from '../../store/documents';
import type { WriteBackMark } from '../../store/write-backs';
import type { LeadOutcome } from './leads';

/** The texts of notes and tasks. */
export interface WriteBackTexts {
  note(lead: LeadOutcome): string;
  task(lead: LeadOutcome): string;
  /** Part of both, to find them again. */
  marker: string;
}

export interface StepContext {
  crm: Pick<AmocrmClient, 'leadsById' | 'write'>;
  orders: WriteBackOrders;
  texts: WriteBackTexts;
  /** All of our entries in the CRM are newer. */
  since: Date;
  now: () => Date;
  /** How many notes or tasks go at once: fewer after amoCRM has shown that it is too many. */
  most: { atOnce: number };
  signal: AbortSignal;
  /** Throws if a newer attempt has replaced this one. */
  mayLeave: () => Promise<void>;
}

/** `begun`: an earlier run may have written some of these leads, so check first. Returns a mark for each lead. */
type Step = (context: StepContext, leads: LeadOutcome[], begun: boolean) => Promise<WriteBackMark[]>;

export const STEPS: Record<WriteBackKind, Step> = {
  tag: async ({ crm, orders, signal, mayLeave }, leads) => {
    const changes = leads.map(({ leadId }) => ({ leadId, addTag: orders.tag! }));
    return marksOf(await crm.write.changeLeads(changes, { signal, mayLeave }));
  },

  move: async ({ crm, orders, signal, mayLeave }, leads) => {
    const standing = await crm.leadsById(
      leads.map(({ leadId }) => leadId),
      signal,
    );
    const { move } = orders;
    const verdicts = new Map(
      leads.map((lead) => [lead.leadId, moveOf(standing.get(lead.leadId), move!, lead.stage)] as const),
    );
    // Someone has already moved or closed it: their decision stands.
    const movable = leads.filter(({ leadId }) => verdicts.get(leadId) === 'move');
    const written = await crm.write.changeLeads(
      movable.map(({ leadId }) => ({ leadId, move: move! })),
      { signal, mayLeave },
    );
    const others = leads.filter((lead) => !movable.includes(lead));
    return [
      ...marksOf(written),
      ...others.map(({ leadId }) => ({
        leadId,
        state: verdicts.get(leadId) === 'there' ? ('written' as const) : ('left' as const),
      })),
    ];
  },

  note: (context, leads, begun) => {
    const { crm, texts, since, signal, mayLeave, most } = context;
    return once(leads, begun, most, {
      present: (ids) => crm.write.leadsWithNote(ids, texts.marker, since, signal),
      add: (missing) =>
        crm.write.addNotes(
          missing.map((lead) => ({ leadId: lead.leadId, text: texts.note(lead) })),
          { signal, mayLeave },
        ),
      signal,
    });
  },

  task: async (context, leads, begun) => {
    const { crm, texts, now, signal, mayLeave, most } = context;
    const standing = await crm.leadsById(
      leads.map(({ leadId }) => leadId),
      signal,
    );
    const dueAt = new Date(now().getTime() + TASK_DUE_MS);
    return once(leads, begun, most, {
      present: (ids) => crm.write.leadsWithTask(ids, texts.marker, signal),
      add: (missing) =>
        crm.write.addTasks(
          missing.map((lead) => {
            const responsible = standing.get(lead.leadId)?.responsibleUserId;
            return {
              leadId: lead.leadId,
              text: texts.task(lead),
              dueAt,
              ...(responsible && { responsibleUserId: responsible }),
            };
          }),
          { signal, mayLeave },
        ),
      signal,
    });
  },
};

/** The responsible user has a day to answer. */
const TASK_DUE_MS = 86_400_000;
/** How often to check and retry after an unanswered write. */
const TRIES = 4;
/** Pause after an unanswered write, so that a write still in progress at amoCRM becomes visible. */
const LOOK_AFTER_MS = 2_000;

interface Adding {
  /** The leads that already have it. */
  present(leadIds: number[]): Promise<Set<number>>;
  add(leads: LeadOutcome[]): Promise<Written>;
  signal: AbortSignal;
}

/** Adds missing entries. After an unanswered write it checks before it tries again (amocrm.md#write-back). */
async function once(
  leads: LeadOutcome[],
  begun: boolean,
  most: StepContext['most'],
  adding: Adding,
): Promise<WriteBackMark[]> {
  const marks: WriteBackMark[] = [];
  let missing = leads;
  let mustLook = begun;
  for (let failures = 0; missing.length > 0;) {
    if (mustLook) {
      const present = await adding.present(missing.map(({ leadId }) => leadId));
      marks.push(...[...present].map((leadId) => ({ leadId, state: 'written' as const })));
      missing = missing.filter(({ leadId }) => !present.has(leadId));
      mustLook = false;
      continue;
    }
    const part = missing.slice(0, most.atOnce);
    try {
      marks.push(...marksOf(await adding.add(part)));
      missing = missing.slice(part.length);
    } catch (error) {
      const isTooMuch = error instanceof TooMuchError;
      if (!(isTooMuch && part.length > 1) && !(error instanceof AmocrmUnansweredError && ++failures < TRIES))
        throw error;
      if (isTooMuch) most.atOnce = Math.ceil(part.length / 2);
      mustLook = true;
      await sleep(LOOK_AFTER_MS, undefined, { signal: adding.signal });
    }
  }
  return marks;
}

function marksOf({ written, refused }: Written): WriteBackMark[] {
  return [
    ...written.map((leadId) => ({ leadId, state: 'written' as const })),
    ...refused.map(({ leadId, detail }) => ({ leadId, state: 'refused' as const, detail })),
  ];
}

/** The texts of the CRM's notes and tasks. They contain no message text and no number: the lead has its own. */
export function writeBackTexts(
  campaign: CampaignDocument,
  { language, timezone }: { language: Language; timezone: string },
): WriteBackTexts {
  const marker = writeBackMarker(campaign._id);
  const about = { name: campaign.spec.name, template: campaign.template.name, marker };
  return {
    marker,
    note: ({ state, code, detail, at, replied }) => {
      const word = translate(language, `words.deliveryStates.${state}`);
      const why = code === undefined ? '' : `: ${meaningOf(code, language, detail)}`;
      const when = at ? ` (${DateTime.fromJSDate(at, { zone: timezone }).toFormat('dd.MM.yyyy HH:mm')})` : '';
      const answer = replied ? translate(language, 'crm.noteReplied') : '';
      return translate(language, 'crm.note', { ...about, outcome: `${word}${when}${why}`, answer }).trim();
    },
    task: () => translate(language, 'crm.task', about),
  };
}
