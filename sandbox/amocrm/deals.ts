/**
 * Deals that move by themselves: those of people who read or answered a message, and any on order. Which ones, and how
 * far, is decided by the lead's number and a seed, so the same leads move alike on every machine.
 */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { SandboxBus, WhatsAppMessage } from '../contract';
import { leadsByPhone } from '../company/directory';
import type { Lead } from '../company/model';
import { LOST, WON } from '../company/structure';
import { nowSeconds, type AmocrmContext } from './context';
import type { chances, moveDealsSchema } from './deals-schema';

type Fate = 'won' | 'lost' | 'forward' | 'stays';

/** The same for a lead and a seed, always. */
function fateOf(leadId: number, { won, lost, forward, seed }: z.output<typeof chances>): Fate {
  const place = (createHash('sha256').update(`${seed}:${leadId}`).digest().readUInt32BE(0) / 2 ** 32) * 100;
  if (place < won) return 'won';
  if (place < won + lost) return 'lost';
  return place < won + lost + forward ? 'forward' : 'stays';
}

/** Moves the lead as its fate says; a closed one stays closed. Answers with whether it moved. */
function move({ company, state }: AmocrmContext, lead: Lead, fate: Fate): boolean {
  if (lead.is_deleted || lead.status_id === WON || lead.status_id === LOST || fate === 'stays') return false;
  const open = (company.pipelines.find(({ id }) => id === lead.pipeline_id)?.statuses ?? []).filter(
    ({ id }) => id !== WON && id !== LOST,
  );
  const next = open[open.findIndex(({ id }) => id === lead.status_id) + 1]?.id;
  const to = fate === 'won' ? WON : fate === 'lost' ? LOST : next;
  if (to === undefined) return false;
  const now = nowSeconds();
  Object.assign(lead, { status_id: to, updated_at: now, closed_at: to === WON || to === LOST ? now : null });
  state.value.leads[lead.id] = lead;
  state.changed();
  return true;
}

/** Carries out an order; answers with how many leads moved. */
export function moveDeals(context: AmocrmContext, { ids, stage, chances }: z.output<typeof moveDealsSchema>): number {
  const isMeant = (lead: Lead): boolean =>
    (!ids || ids.includes(lead.id)) &&
    (!stage || (lead.pipeline_id === stage.pipelineId && lead.status_id === stage.statusId));
  const meant = [...context.company.leads.values()].filter(isMeant);
  return meant.filter((lead) => move(context, lead, fateOf(lead.id, chances))).length;
}

/** Moves the deals of people as they read or answer, while the settings say so. Answers with how to stop. */
export function followMessages(context: AmocrmContext, bus: SandboxBus): () => void {
  const byPhone = leadsByPhone(context.company);
  const timers = new Set<NodeJS.Timeout>();
  /** A message says several times that it was read. */
  const heard = new Set<string>();
  const onMessage = ({ id, phone, state, replies }: WhatsAppMessage): void => {
    const { deals } = context.state.value.settings;
    if (!deals || !(deals.when === 'read' ? state === 'read' : replies.length > 0) || heard.has(id)) return;
    heard.add(id);
    const timer = setTimeout(() => {
      timers.delete(timer);
      for (const leadId of byPhone.get(phone) ?? []) {
        const lead = context.company.leads.get(leadId);
        if (lead) move(context, lead, fateOf(leadId, deals.chances));
      }
    }, deals.afterMs);
    timers.add(timer);
  };
  bus.on('whatsapp', onMessage);
  return () => {
    bus.off('whatsapp', onMessage);
    for (const timer of timers) clearTimeout(timer);
  };
}
