/**
 * Templates put together here: kept, checked by our rules, submitted through Gupshup and followed to Meta's answer. A
 * submission is claimed before the call and made once; without an answer it is looked for in Gupshup's list by its name,
 * which nobody had before, and never repeated unseen.
 */
import { nanoid } from 'nanoid';
import type { Sender, Senders } from '../clients/gupshup/senders';
import type { SubmitAnswer } from '../clients/gupshup/template-form';
import { done, refused, type Result } from '../config/errors';
import { templatesSubmitted } from '../config/metrics';
import { sendsTemplate } from '../domain/campaign-variants';
import { GOING_ON } from '../domain/story/campaign';
import type { Actor } from '../domain/story/actor';
import { freeName, type TemplateDraft } from '../domain/templates/draft';
import { blockingProblems, type DraftProblem, draftProblems } from '../domain/templates/draft-check';
import type { Template, TemplateStatus } from '../domain/templates/template';
import { problemText } from '../report/draft-problems';
import type { Language } from '../config/i18n';
import type { Store } from '../store/connect';
import type { Found, TemplateDraftDocument } from '../store/template-drafts';
import { vendorCall } from './catalogue';
import { senderNamed } from './sender-named';

export interface TemplateDesk {
  /** A new draft, or with `id` an earlier one written anew. It may have problems. */
  save(given: {
    id?: string;
    draft: TemplateDraft;
    sender?: string;
    by: Actor;
  }): Promise<Result<TemplateDraftDocument>>;
  find(id: string): Promise<Result<TemplateDraftDocument>>;
  /** Newest first. */
  list(): Promise<TemplateDraftDocument[]>;
  /** By our rules and the names that the sender has; Gupshup is asked only if its list is old. */
  check(draft: TemplateDraft, sender?: string): Promise<Result<DraftProblem[]>>;
  /** A name that no template of the sender has yet. */
  nameFor(wanted: string, sender?: string): Promise<string>;
  /** Once: a draft with problems is refused. `language`: of the first problem in the refusal. Without an answer the draft is `unsure`. */
  submit(id: string, options: { by: Actor; language: Language }): Promise<Result<TemplateDraftDocument>>;
  /** Looks at Gupshup's list now; with `id`, for this one. */
  look(id?: string): Promise<Result<TemplateDraftDocument[]>>;
  /** A new draft made of one that Meta has answered, under a name that is free. */
  again(id: string, by: Actor): Promise<Result<TemplateDraftDocument>>;
  /** Takes the draft away; one that Gupshup has is deleted there too, in every language. Refused while a campaign needs it. */
  remove(id: string): Promise<Result<{ name: string; atGupshup: boolean }>>;
}

export interface TemplateDeskDependencies {
  store: Pick<Store, 'campaigns' | 'templateDrafts' | 'templates'>;
  senders: Pick<Senders, 'all' | 'byDefault' | 'find'>;
  now?: () => Date;
}

/** After so long an attempt without an answer that is not in the list has not arrived (ms): longer than a call takes, and than the list lags. */
const STUCK_MS = 5 * 60_000;
/** While people wait for Meta, which mostly takes minutes; later more rarely (ms). */
const LOOK_MS = 60_000;
const LOOK_LATER_MS = 600_000;
const SOON_MS = 3_600_000;
const LISTED = 50;
const LISTED_CAMPAIGNS = 1_000;

const AT_GUPSHUP: TemplateDraftDocument['state'][] = ['pending', 'approved', 'rejected'];

export function createTemplateDesk({ store, senders, now = () => new Date() }: TemplateDeskDependencies): TemplateDesk {
  const { templateDrafts: drafts } = store;

  const find: TemplateDesk['find'] = async (id) => {
    const one = await drafts.find(id);
    return one ? done(one) : refused('draft_not_found', { id });
  };

  /** Gupshup's list as it is now; what is known of templates follows it. */
  async function listOf(sender: Sender): Promise<Result<Template[]>> {
    const listed = await vendorCall(() => sender.gupshup.listTemplates());
    if (listed.ok) await store.templates.replace(sender.app, listed.value, now());
    return listed;
  }

  async function names(app: string): Promise<Set<string>> {
    const [{ templates }, kept] = [await store.templates.list(app), await drafts.all(LISTED)];
    return new Set([
      ...templates.map(({ name }) => name),
      ...kept.filter(({ sender }) => sender === app).map(({ draft }) => draft.name),
    ]);
  }

  async function lookAt(one: TemplateDraftDocument, list: readonly Template[]): Promise<void> {
    const at = now();
    const { name, language } = one.draft;
    const row = list.find(
      (template) => template.id === one.templateId || (template.name === name && template.language === language),
    );
    const age = at.getTime() - (one.submittedAt ?? one.claim?.at ?? at).getTime();
    const next = new Date(at.getTime() + (age < SOON_MS ? LOOK_MS : LOOK_LATER_MS));
    const found = foundIn(one, row);
    if (found) await drafts.found(one._id, found, { now: at, lookAt: next });
    else await drafts.lookAgain(one._id, next);
  }

  return {
    find,
    list: () => drafts.all(LISTED),

    save: async ({ id, draft, sender, by }) => {
      const named = senderNamed(sender, senders);
      if (!named.ok) return named;
      if (id === undefined) return done(await drafts.add({ sender: named.value.app, draft, createdBy: by }, now()));
      const edited = await drafts.edit(id, draft, now());
      if (edited) return done(edited);
      const kept = await find(id);
      return kept.ok ? refused('draft_settled', { id, draftState: kept.value.state }) : kept;
    },

    check: async (draft, sender) => {
      const named = senderNamed(sender, senders);
      return named.ok ? done(draftProblems(draft)) : named;
    },

    nameFor: async (wanted, sender) => {
      const named = senderNamed(sender, senders);
      return named.ok ? freeName(wanted, await names(named.value.app)) : wanted;
    },

    submit: async (id, { by, language }) => {
      const kept = await find(id);
      if (!kept.ok) return kept;
      const { draft, sender: app, state } = kept.value;
      if (AT_GUPSHUP.includes(state) || state === 'gone') return refused('draft_settled', { id, draftState: state });
      const named = senderNamed(app, senders);
      if (!named.ok) return named;
      const problems = blockingProblems(draftProblems(draft));
      const [first] = problems;
      if (first) {
        return refused('draft_has_problems', {
          ...{ name: draft.name, count: problems.length },
          first: problemText(first, language),
        });
      }
      const listed = await listOf(named.value);
      if (!listed.ok) return listed;
      const taken = listed.value.find((one) => one.name === draft.name && one.language === draft.language);
      if (taken && state !== 'draft') {
        // The attempt without an answer had arrived.
        await lookAt(kept.value, listed.value);
        return find(id);
      }
      if (taken) return refused('template_name_taken', { template: `${draft.name}/${draft.language}` });
      const at = now();
      const token = nanoid();
      const claimed = await drafts.claim(id, { token, at, by }, new Date(at.getTime() - STUCK_MS));
      if (!claimed) return refused('draft_under_way', { id });
      const answer = await named.value.gupshup.submitTemplate(claimed.draft);
      templatesSubmitted.inc({ outcome: answer.kind });
      await drafts.settle(id, token, outcomeOf(answer), now());
      if (answer.kind === 'refused') {
        return refused('submit_refused', { template: draft.name, detail: answer.message });
      }
      if (answer.kind === 'unreachable') return refused('gupshup_unreachable', { detail: answer.detail });
      return find(id);
    },

    look: async (id) => {
      const kept = id === undefined ? done(undefined) : await find(id);
      if (!kept.ok) return kept;
      const waiting = (kept.value ? [kept.value] : await drafts.all(LISTED)).filter(isWaiting);
      for (const app of new Set(waiting.map(({ sender }) => sender))) {
        const named = senderNamed(app, senders);
        if (!named.ok) return named;
        const listed = await listOf(named.value);
        if (!listed.ok) return listed;
        for (const one of waiting) if (one.sender === app) await lookAt(one, listed.value);
      }
      if (id === undefined) return done(await drafts.all(LISTED));
      const looked = await find(id);
      return looked.ok ? done([looked.value]) : looked;
    },

    again: async (id, by) => {
      const kept = await find(id);
      if (!kept.ok) return kept;
      const { sender, draft } = kept.value;
      const name = freeName(draft.name, await names(sender));
      return done(await drafts.add({ sender, draft: { ...draft, name }, createdBy: by }, now()));
    },

    remove: async (id) => {
      const kept = await find(id);
      if (!kept.ok) return kept;
      const { draft, sender: app, state, templateId } = kept.value;
      const atGupshup = AT_GUPSHUP.includes(state);
      if (atGupshup) {
        const named = senderNamed(app, senders);
        if (!named.ok) return named;
        const { templates } = await store.templates.list(app);
        // By name, so in every language.
        const ids = [...templates.filter(({ name }) => name === draft.name).map((one) => one.id), templateId ?? ''];
        const needing = (
          await store.campaigns.list({ limit: LISTED_CAMPAIGNS, states: [...GOING_ON, 'draft'] })
        ).filter((campaign) => ids.some((one) => one !== '' && sendsTemplate(campaign, app, one)));
        if (needing.length > 0) {
          const campaigns = needing.map(({ spec }) => spec.name).join(', ');
          return refused('template_in_use', { template: draft.name, campaigns });
        }
        const gone = await vendorCall(() => named.value.gupshup.deleteTemplate(draft.name));
        if (!gone.ok) return gone;
        await listOf(named.value);
      }
      if (!(await drafts.remove(id))) return refused('draft_under_way', { id });
      return done({ name: draft.name, atGupshup });
    },
  };
}

const isWaiting = ({ state }: TemplateDraftDocument): boolean =>
  state === 'submitting' || state === 'unsure' || state === 'pending';

function outcomeOf(answer: SubmitAnswer): Parameters<Store['templateDrafts']['settle']>[2] {
  switch (answer.kind) {
    case 'accepted':
      return { ...stateOf(answer.status), templateId: answer.templateId };
    case 'ambiguous':
      return { state: 'unsure' };
    case 'refused':
      return { state: 'draft', refusal: answer.message };
    case 'unreachable':
      return { state: 'draft', refusal: answer.detail };
  }
}

function stateOf(status: TemplateStatus): Pick<Found, 'state'> {
  if (status === 'APPROVED' || status === 'PAUSED' || status === 'DISABLED') return { state: 'approved' };
  if (status === 'REJECTED' || status === 'FAILED') return { state: 'rejected' };
  return { state: status === 'DELETED' ? 'gone' : 'pending' };
}

/** Undefined: it is not to be seen yet. An event may know of a decision before the list does. */
function foundIn(
  { state, heard, draft, templateId }: TemplateDraftDocument,
  row: Template | undefined,
): Found | undefined {
  if (!row) return state === 'pending' && templateId !== undefined && !heard ? { state: 'gone' } : undefined;
  const isBehind = stateOf(row.status).state === 'pending' && heard !== undefined;
  const reason = row.reason ?? heard?.reason;
  return {
    ...stateOf(isBehind ? heard.status : row.status),
    templateId: row.id,
    ...(row.category !== draft.category && row.category !== 'UNKNOWN' && { category: row.category }),
    ...(reason !== undefined && { reason }),
  };
}
