/** A conversation about a new campaign: what has been answered so far, and which question comes next or came before. */
import type { Actor } from '../../domain/story/actor';
import { parametersOf, needsMedia, type Template } from '../../domain/templates/template';
import { audienceOf, type ParameterSource } from '../../domain/audience';
import type { CampaignDraft, Preflight } from '../../campaigns/contract';
import { sendingSeconds } from '../../domain/times/finish';
import type { CampaignOptions, CampaignSpec, Pace } from '../../domain/campaign-spec';
import { columnsOfAudience, labelOfAudience, withPart } from './chosen-audience';
import type { AudiencePart, ChosenAudience, PartRole } from './chosen-audience';
import type { FollowUpQuestion, OpenFollowUp, Question, Step } from './steps';

/** Answers that are part of the spec as they are. */
type AnsweredSpec = Partial<Omit<CampaignSpec, 'template' | 'audience' | 'audienceLabel' | 'parameters'>>;

/** The spec as far as it is answered, and what the conversation needs besides. JSON only: it lives in the session. */
export interface Draft extends AnsweredSpec {
  template?: Template;
  audience?: ChosenAudience;
  /** What the chosen people are for; absent = the audience. */
  role?: Exclude<PartRole, 'only'>;
  /** One for each parameter answered so far, in order. */
  parameters: ParameterSource[];
  /** What preflight said about exactly this draft. */
  checked?: Preflight;
  /** Set once the campaign is stored: confirming again starts the same one. */
  campaignId?: string;
  /** When it is to start (ISO), as chosen last; absent = not chosen, or at once. */
  startAt?: string;
  /** Its parts are answered from the card, in any order: each answer leads back there. */
  fromCard?: true;
}

export const emptyDraft: Draft = { parameters: [] };

/** The same message, with the same options, for people who are yet to be chosen; it gets a name of its own. */
export function draftLike(spec: CampaignSpec, template: Template): Draft {
  const { name, audience, audienceLabel, template: _template, ...same } = spec;
  // What won for those people is tested anew on others.
  const { known, ...winner } = same.winner ?? {};
  return { ...same, ...(same.winner && { winner: winner as typeof same.winner }), template };
}

/** The question that follows an answer: the first without one, or the card that the parts are chosen from; `preview` after all. */
export function nextStep(draft: Draft): Step {
  const open = firstOpen(draft);
  return draft.fromCard && open.at !== 'preview' ? { at: 'parts' } : open;
}

/** The first question that the draft has no answer to; `preview` when it has all. */
export function firstOpen(draft: Draft): Question {
  if (!draft.template) return { at: 'template', page: 0 };
  if (!draft.audience) return { at: 'audience' };
  if (draft.parameters.length < parametersOf(draft.template).length) return { at: 'parameter', page: 0 };
  if (needsMedia(draft.template) && !draft.mediaUrl) return { at: 'media' };
  if (!draft.name) return { at: 'name' };
  return { at: 'preview' };
}

/** The draft with a changed answer: earlier checks and stored campaigns no longer describe it. */
export function change(draft: Draft, answers: Partial<Draft>): Draft {
  return { ...without(draft, 'checked', 'campaignId'), ...answers };
}

/** A new template: its parameters and media must be asked again. */
export function withTemplate(draft: Draft, template: Template): Draft {
  return change(withoutMadeName(without(draft, 'mediaUrl', 'variants', 'winner')), { template, parameters: [] });
}

/** Another sender: it has templates of its own, and what they ask for. */
export function withSender(draft: Draft, sender: string): Draft {
  return {
    ...change(without(draft, 'template', 'mediaUrl', 'name', 'alsoFrom', 'variants', 'winner', 'followUps'), {
      parameters: [],
    }),
    sender,
  };
}

/** A new audience: answers that name missing columns, and those after them, must be asked again. */
export function withAudience(draft: Draft, audience: ChosenAudience): Draft {
  const known = new Set(columnsOfAudience(audience).map((column) => column.name));
  const firstLost = draft.parameters.findIndex((source) => source.kind === 'column' && !known.has(source.column));
  const parameters = firstLost < 0 ? draft.parameters : draft.parameters.slice(0, firstLost);
  return change(draft, { audience, parameters });
}

/** An option answered anew, or taken back: what was checked still holds, what is stored does not. */
export function withOption<K extends keyof CampaignOptions>(
  draft: Draft,
  option: K,
  value: CampaignOptions[K] | undefined,
): Draft {
  const rest = without(draft, 'campaignId', option);
  return value === undefined ? rest : { ...rest, [option]: value };
}

/** Another pace: who gets it stays as it was checked, how long it takes does not. `cap` is the sender's. */
export function withPace(draft: Draft, pace: Pace, cap: number): Draft {
  const { checked, ...rest } = without(draft, 'campaignId');
  if (!checked) return { ...rest, pace };
  return { ...rest, pace, checked: { ...checked, secondsToSend: sendingSeconds(checked.sendable, pace, cap) } };
}

/** The chosen people take their place, and the next question opens: the audience itself when it is being put together. */
export function withPeople(draft: Draft, part: AudiencePart): { step: Step; draft: Draft } {
  const { role = 'only' } = draft;
  // A name that was made of other people is asked for anew; one that more or fewer of them joined stays.
  const before = role === 'only' ? withoutMadeName(draft) : without(draft, 'role');
  const next = withAudience(before, withPart(draft.audience, part, role));
  return { step: role === 'only' ? nextStep(next) : { at: 'people' }, draft: next };
}

/** A name was mostly made of the template and the people. On the card it is seen, and stays until it is changed there. */
function withoutMadeName(draft: Draft): Draft {
  return draft.fromCard ? draft : without(draft, 'name');
}

/** The draft while people for this role are chosen. */
export function choosing(draft: Draft, role: PartRole): Draft {
  return role === 'only' ? without(draft, 'role') : { ...draft, role };
}

function without(draft: Draft, ...answers: Exclude<keyof Draft, 'parameters'>[]): Draft {
  const rest = { ...draft };
  for (const answer of answers) delete rest[answer];
  return rest;
}

/** Questions that the card opens, and that lead back to it. */
const OF_CARD: readonly Step['at'][] = [
  'template',
  'audience',
  'people',
  'parameter',
  'media',
  'name',
  'when',
  'option',
];

/** The question before this one, with the draft as it was then. `home` leaves the conversation. */
export function stepBack(step: Step, draft: Draft): { step: Step; draft: Draft } {
  const to = (at: Step, answers: Draft = draft): { step: Step; draft: Draft } => ({ step: at, draft: answers });
  const lastParameter = (): { step: Step; draft: Draft } =>
    draft.parameters.length > 0
      ? to({ at: 'parameter', page: 0 }, change(draft, { parameters: draft.parameters.slice(0, -1) }))
      : to({ at: 'audience' });
  if (draft.fromCard && !draft.role && OF_CARD.includes(step.at)) return to(nextStep(draft));
  switch (step.at) {
    case 'parts':
      return to(firstOpen(draft), without(draft, 'fromCard'));
    case 'tableChoice':
      // Without what it hides there is nobody in it.
      if (step.of === 'hiddenRows' || step.of === 'hiddenColumns') return to({ at: 'audience' });
      return to({ at: 'table', file: step.file });
    case 'home':
    case 'unfinished':
    case 'drafts':
    case 'template':
    case 'reschedule':
    case 'repeat':
    case 'rate':
    case 'writeBack':
    case 'replyAnswer':
    case 'approvalReason':
    case 'templateNew':
    case 'templateDraft':
    case 'find':
    case 'listName':
    case 'stoplist':
    case 'prices':
      return to({ at: 'home' });
    case 'rules':
      return to(draft.template ? { at: 'preview' } : { at: 'home' });
    case 'templateText':
      return to({ at: 'templateNew' });
    case 'templatePart':
    case 'templateSubmit':
      return to({ at: 'templateDraft', id: step.id });
    case 'pricesDay':
      return to({ at: 'prices' });
    case 'stoplistMany':
      return to({ at: 'stoplist' });
    case 'tag':
    case 'erase':
      return to({ at: 'find', page: 0, phone: step.phone });
    case 'writeBackStage': {
      const { campaignId, name, orders } = step;
      return to({ at: 'writeBack', campaignId, name, orders });
    }
    case 'repeatTime':
      return to({ at: 'repeat', campaignId: step.campaignId, name: step.name });
    case 'audience':
      return draft.role ? to({ at: 'people' }, choosing(draft, 'only')) : to({ at: 'template', page: 0 });
    case 'people':
      return to(nextStep(draft));
    case 'outcome':
      return to({ at: 'earlier', page: 0 });
    case 'pipeline':
    case 'earlier':
    case 'list':
    case 'numbers':
    case 'table':
    case 'file':
      return to({ at: 'audience' });
    case 'crmPick':
    case 'crmDates':
    case 'stage':
      return to({ at: 'pipeline', page: 0, ...(step.only && { only: step.only }) });
    case 'crmField': {
      const only = step.only && { only: step.only };
      return to(
        step.fieldId === undefined ? { at: 'pipeline', page: 0, ...only } : { at: 'crmField', page: 0, ...only },
      );
    }
    case 'parameter':
    case 'media':
      return lastParameter();
    case 'name':
      return draft.template && needsMedia(draft.template) ? to({ at: 'media' }) : lastParameter();
    case 'preview':
      return to(draft.fromCard ? { at: 'parts' } : { at: 'name' });
    case 'fallback':
    case 'seek':
    case 'testPhone':
    case 'option':
    case 'when':
      return to({ at: 'preview' });
    case 'followUp': {
      const { open, ...card } = step;
      if (open && draft.followUps?.[step.index]) return to(card);
      const before = open && questionBefore(step.value, open);
      return to(before ? { ...card, ...before } : { at: 'option', option: 'followUps' });
    }
    case 'chainStep': {
      const { open: _open, ...card } = step;
      return to(step.open === undefined ? { at: 'home' } : card);
    }
    case 'calendar':
    case 'confirm':
      return to({ at: 'when' });
    case 'typedCount':
      return to({ ...step, at: 'confirm' });
    case 'late':
      return to({ at: 'confirm', startAt: step.startAt });
    case 'hour':
      return to({ at: 'calendar', month: step.date.slice(0, 7) });
  }
}

/** The question before, of a follow-up that is asked for the first time, with what is answered then; undefined for the first. */
function questionBefore(
  value: OpenFollowUp,
  { at }: FollowUpQuestion,
): { value: OpenFollowUp; open: FollowUpQuestion } | undefined {
  switch (at) {
    case 'after':
      return undefined;
    case 'to':
      return { value, open: { at: 'after' } };
    case 'template':
      return { value, open: { at: 'to' } };
    case 'parameter':
    case 'media':
      return value.parameters.length > 0
        ? { value: { ...value, parameters: value.parameters.slice(0, -1) }, open: { at: 'parameter', page: 0 } }
        : { value, open: { at: 'template', page: 0 } };
  }
}

/** The spec, complete. Throws when a question is still open: the screens do not let that happen. */
export function asCampaign(draft: Draft, createdBy: Actor): CampaignDraft {
  const { template, audience, role, checked, campaignId, startAt, fromCard, ...answered } = draft;
  if (!template || !audience) throw new Error('draft: expected a template and an audience, got none');
  return {
    ...answered,
    // A variant that was chosen here takes the answers for the first template, as they are now.
    ...(answered.variants && {
      variants: answered.variants.map((one) =>
        one.parameters.length > 0 ? one : { ...one, parameters: answered.parameters },
      ),
    }),
    name: answered.name ?? template.name,
    template: template.id,
    audience: audienceOf(audience),
    audienceLabel: labelOfAudience(audience),
    createdBy,
  };
}
