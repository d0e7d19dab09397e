/**
 * Templates put together here: kept, checked by our rules, submitted through Gupshup and followed to Meta's answer. A
 * submission is claimed before the call and made once; without an answer it is looked for in Gupshup's list by its name,
 * which nobody had before, and never repeated unseen.
 */
import { nanoid } from 'nanoid';
import type { Sender, Senders } from '../clients/gupshup/senders';
import type { SubmitAnswer } from '../clients/gupshup/template-form';
import { done, refused, type Refused, type Result } from '../config/errors';
import { templatesSubmitted } from '../config/metrics';
import { sendsTemplate } from '../domain/campaign-variants';
import { stepToComeSends } from '../domain/follow-ups';
import type { OptOutWords } from '../domain/opt-outs/opt-out-words';
import { GOING_ON } from '../domain/story/campaign';
import type { Actor } from '../domain/story/actor';
import { freeName, type TemplateDraft } from '../domain/templates/draft';
import { blockingProblems, type DraftProblem, draftProblems } from '../domain/templates/draft-check';
import { templateName, type Template, type TemplateStatus } from '../domain/templates/template';
import { problemText } from '../report/draft-problems';
import type { Language } from '../config/i18n';
import type { Store } from '../store/connect';
import { isUnanswered, WAITING_DRAFTS, type Found, type TemplateDraftDocument } from '../store/template-drafts';
import { readTemplates, vendorCall } from './catalogue';
import { senderNamed } from './sender-named';

export interface TemplateDesk {
  /** A new draft, which gets `newId` if that is given; or with `id` an earlier one written anew. It may have problems. */
  save(given: {
    id?: string;
    newId?: string;
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
  /**
   * Looks at Gupshup's list now, once for each sender; for these only, or for all that wait. Where one sender's cannot be
   * had, the others' are looked at all the same, and it is refused.
   */
  look(ids?: readonly string[]): Promise<Result<TemplateDraftDocument[]>>;
  /** A new draft made of one that Meta has answered, under a name that is free. */
  again(id: string, by: Actor): Promise<Result<TemplateDraftDocument>>;
  /**
   * Takes the draft away; one that Gupshup has is deleted there too, in every language. Refused while a campaign or a
   * follow-up needs it, and while an attempt to submit it may still arrive. `onlyHere`: refused where Gupshup has it.
   */
  remove(id: string, options?: { onlyHere?: boolean }): Promise<Result<{ name: string; atGupshup: boolean }>>;
}

export interface TemplateDeskDependencies {
  store: Pick<Store, 'campaigns' | 'chains' | 'templateDrafts' | 'templates'>;
  senders: Pick<Senders, 'all' | 'byDefault' | 'find'>;
  /** By which replies and buttons opt out; default: the built-in ones. */
  optOutWords?: OptOutWords;
  now?: () => Date;
}

/** What is not in the list so long (ms) after it was submitted is not at Gupshup: longer than a call takes, and than the list lags. */
const STUCK_MS = 5 * 60_000;
/** While people wait for Meta, which mostly takes minutes; later more rarely (ms). */
const LOOK_MS = 60_000;
const LOOK_LATER_MS = 600_000;
const SOON_MS = 3_600_000;
const LISTED = 50;
const LISTED_CAMPAIGNS = 1_000;

const AT_GUPSHUP: TemplateDraftDocument['state'][] = ['pending', 'approved', 'rejected'];

export function createTemplateDesk({
  store,
  senders,
  optOutWords,
  now = () => new Date(),
}: TemplateDeskDependencies): TemplateDesk {
  const { templateDrafts: drafts } = store;
  const stuckBefore = (): Date => new Date(now().getTime() - STUCK_MS);

  const find: TemplateDesk['find'] = async (id) => {
    const one = await drafts.find(id);
    return one ? done(one) : refused('draft_not_found', { id });
  };

  const listOf = (sender: Sender): Promise<Result<Template[]>> => readTemplates(sender, store.templates, now());

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
    const found = foundIn(one, row, age);
    if (found) await drafts.found(one._id, found, { now: at });
    await drafts.lookAgain(one._id, next, one.lookAt);
  }

  /** The campaigns that still send a template of these ids from the app, themselves or by a follow-up to come. */
  async function needing(app: string, ids: readonly string[]): Promise<string[]> {
    const unended = await store.campaigns.list({ limit: LISTED_CAMPAIGNS, states: [...GOING_ON, 'draft'] });
    const campaigns = [...unended, ...(await store.chains.open())].filter((campaign) =>
      ids.some((id) => sendsTemplate(campaign, app, id) || stepToComeSends(campaign, app, id)),
    );
    return [...new Map(campaigns.map(({ _id, spec }) => [_id, spec.name])).values()];
  }

  const look: TemplateDesk['look'] = async (ids) => {
    const asked = ids?.map(find);
    const kept = asked === undefined ? await drafts.all(LISTED) : [];
    for (const one of await Promise.all(asked ?? [])) {
      if (one.ok) kept.push(one.value);
      // One of several that was deleted meanwhile holds up none of the others.
      else if (ids?.length === 1) return one;
    }
    const waiting = kept.filter(({ state }) => WAITING_DRAFTS.includes(state));
    let missing: Refused | undefined;
    for (const app of new Set(waiting.map(({ sender }) => sender))) {
      const named = senderNamed(app, senders);
      const listed = named.ok ? await listOf(named.value) : named;
      if (!listed.ok) missing ??= listed;
      else for (const one of waiting) if (one.sender === app) await lookAt(one, listed.value);
    }
    if (missing) return missing;
    if (ids === undefined) return done(await drafts.all(LISTED));
    return done((await Promise.all(ids.map(drafts.find))).filter((one) => one !== undefined));
  };

  /** As it is now: one whose attempt had no answer is looked for. */
  async function looked(id: string): Promise<Result<TemplateDraftDocument>> {
    const kept = await find(id);
    if (!kept.ok || !isUnanswered(kept.value)) return kept;
    const there = await look([id]);
    return there.ok ? find(id) : there;
  }

  async function submit(
    id: string,
    { by, language }: { by: Actor; language: Language },
  ): Promise<Result<TemplateDraftDocument>> {
    const kept = await find(id);
    if (!kept.ok) return kept;
    const { draft, sender: app, state } = kept.value;
    if (AT_GUPSHUP.includes(state) || state === 'gone') return refused('draft_settled', { id, draftState: state });
    const named = senderNamed(app, senders);
    if (!named.ok) return named;
    const problems = blockingProblems(draftProblems(draft, optOutWords));
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
    if (taken) return refused('template_name_taken', { template: templateName(draft) });
    const token = nanoid();
    const claimed = await drafts.claim(kept.value, { token, at: now(), by }, stuckBefore());
    if (!claimed) {
      const meanwhile = await find(id);
      const isEdited = meanwhile.ok && meanwhile.value.state === 'draft' && meanwhile.value.claim?.token === kept.value.claim?.token; // prettier-ignore
      // What has been checked is what is submitted.
      return isEdited ? submit(id, { by, language }) : refused('draft_under_way', { id });
    }
    const answer = await named.value.gupshup.submitTemplate(claimed.draft);
    templatesSubmitted.inc({ outcome: answer.kind });
    await drafts.settle(id, token, outcomeOf(answer), now());
    if (answer.kind === 'refused') {
      return refused('submit_refused', { template: draft.name, detail: answer.message });
    }
    if (answer.kind === 'unreachable') return refused('gupshup_unreachable', { detail: answer.detail });
    return find(id);
  }

  return {
    find,
    list: () => drafts.all(LISTED),

    save: async ({ id, newId, draft, sender, by }) => {
      const named = senderNamed(sender, senders);
      if (!named.ok) return named;
      if (id === undefined)
        return done(await drafts.add({ sender: named.value.app, draft, createdBy: by }, now(), newId));
      const edited = await drafts.edit(id, draft, now());
      if (edited) return done(edited);
      const kept = await find(id);
      return kept.ok ? refused('draft_settled', { id, draftState: kept.value.state }) : kept;
    },

    check: async (draft, sender) => {
      const named = senderNamed(sender, senders);
      return named.ok ? done(draftProblems(draft, optOutWords)) : named;
    },

    nameFor: async (wanted, sender) => {
      const named = senderNamed(sender, senders);
      return named.ok ? freeName(wanted, await names(named.value.app)) : wanted;
    },

    submit,

    look,

    again: async (id, by) => {
      const kept = await find(id);
      if (!kept.ok) return kept;
      const { sender, draft } = kept.value;
      const name = freeName(draft.name, await names(sender));
      return done(await drafts.add({ sender, draft: { ...draft, name }, createdBy: by }, now()));
    },

    remove: async (id, { onlyHere = false } = {}) => {
      const kept = await looked(id);
      if (!kept.ok) return kept;
      const { draft, sender: app, state, templateId } = kept.value;
      const atGupshup = AT_GUPSHUP.includes(state);
      if (atGupshup && onlyHere) return refused('draft_settled', { id, draftState: state });
      if (atGupshup) {
        const named = senderNamed(app, senders);
        if (!named.ok) return named;
        const { templates } = await store.templates.list(app);
        // By name, so in every language.
        const ids = [...templates.filter(({ name }) => name === draft.name).map((one) => one.id), templateId ?? ''];
        const campaigns = await needing(
          app,
          ids.filter((one) => one !== ''),
        );
        if (campaigns.length > 0)
          return refused('template_in_use', { template: draft.name, campaigns: campaigns.join(', ') });
        const gone = await vendorCall(() => named.value.gupshup.deleteTemplate(draft.name));
        if (!gone.ok) return gone;
        await listOf(named.value);
      }
      if (!(await drafts.remove(id, { state, stuckBefore: stuckBefore() }))) return refused('draft_under_way', { id });
      return done({ name: draft.name, atGupshup });
    },
  };
}

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

/** Undefined: it is not to be seen yet, `ageMs` after it was submitted. An event may know of a decision before the list does. */
function foundIn(
  { state, heard, draft, templateId }: TemplateDraftDocument,
  row: Template | undefined,
  ageMs: number,
): Found | undefined {
  if (!row) {
    const isGone = state === 'pending' && templateId !== undefined && !heard && ageMs >= STUCK_MS;
    return isGone ? { state: 'gone' } : undefined;
  }
  const isBehind = stateOf(row.status).state === 'pending' && heard !== undefined;
  const reason = row.reason ?? heard?.reason;
  return {
    ...stateOf(isBehind ? heard.status : row.status),
    templateId: row.id,
    ...(row.category !== draft.category && row.category !== 'UNKNOWN' && { category: row.category }),
    ...(reason !== undefined && { reason }),
  };
}
