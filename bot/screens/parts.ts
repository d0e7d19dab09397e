/** The card of a new campaign that is being put together: every part as it stands, answered or changed in any order. */
import { DateTime } from 'luxon';
import { done } from '../../config/errors';
import type { Template } from '../../domain/templates/template';
import { labelOfAudience } from '../conversation/chosen-audience';
import { firstOpen, type Draft } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { go, stale, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';
import type { Button, Screen } from '../screen';
import { rowsOf } from '../screen';
import { escapeHtml, shorten, type Texts } from '../texts';
import { clockText } from '../typed';
import { optionHtml } from './card-lines';
import { offeredOption, optionRows } from './options';
import { filledParts, parameterPart, partButton, templatePart } from './message-parts';

export const partsScreen: StepScreen<StepAt<'parts'>> = {
  show: async (_step, talk, view) =>
    done({ screen: renderParts(talk, view), draft: { ...talk.draft, fromCard: true } }),
  press: async (_step, action, argument, talk) => {
    const { draft } = talk;
    switch (action) {
      case 'part':
        return partOf(argument, draft);
      case 'option': {
        const option = offeredOption(argument);
        return option ? go({ at: 'option', option }, draft) : stale;
      }
      case 'partsDone': {
        const { fromCard: _card, ...asked } = draft;
        return go(firstOpen(asked), asked);
      }
      case 'keepDraft': {
        talk.drafts.putAside(draft);
        return { kind: 'close', html: talk.texts.html('drafts.kept', { name: nameOf(draft, talk.texts) }) };
      }
      default:
        return stale;
    }
  },
};

/** The question of a part. */
function partOf(part: string, draft: Draft): Move {
  const parameter = parameterPart(part, draft);
  if (parameter) return go(parameter, draft);
  switch (part) {
    case 'template':
      return go({ at: 'template', page: 0 }, draft);
    case 'audience':
      return go(draft.audience ? { at: 'people' } : { at: 'audience' }, draft);
    case 'media':
      return go({ at: 'media' }, draft);
    case 'name':
      return go({ at: 'name' }, draft);
    case 'when':
      return go({ at: 'when' }, draft);
    default:
      return stale;
  }
}

/** What a draft is called in lists: its name, else its template. */
export function nameOf({ name, template, audience }: Draft, texts: Texts): string {
  const people = audience && labelOfAudience(audience);
  return name ?? ([template?.name, people].filter(Boolean).join(' · ') || texts.plain('drafts.nameless'));
}

function renderParts({ draft, now, services }: Talk, view: View): Screen {
  const { texts } = view;
  const { template, audience } = draft;
  const title = (name: string): string => texts.plain(`parts.titles.${name}`);
  const rows: Button[] = [
    templatePart(view, draft),
    partButton(view, 'audience', title('audience'), audience && labelOfAudience(audience)),
    ...filledParts(view, draft),
    partButton(view, 'name', title('name'), draft.name),
    partButton(view, 'when', title('when'), whenText(draft, now()) ?? title('notYet')),
  ];
  const isWhole = firstOpen(draft).at === 'preview';
  const { checked: _checked, ...options } = draft;
  return {
    html: [
      texts.html('parts.title'),
      ...(template ? [`<blockquote>${bodyOf(template)}</blockquote>`] : []),
      ...optionHtml(options, { texts, cap: services.capOf(draft) }),
    ].join('\n'),
    keyboard: [
      ...rows.map((button) => [button]),
      ...optionRows(view, { canStart: true, senders: services.senders.length, variants: draft.variants !== undefined }),
      ...rowsOf(
        [
          view.button('partsDone', {
            text: texts.plain(isWhole ? 'parts.check' : 'parts.goOn'),
            style: 'success',
          }),
          view.button('keepDraft'),
        ],
        2,
      ),
      [view.button('cancel')],
    ],
  };
}

function bodyOf({ body }: Template): string {
  return escapeHtml(shorten(body, 300));
}

/** The chosen time while it is to come. */
export function whenText({ startAt }: Draft, now: DateTime): string | undefined {
  const at = startAt === undefined ? undefined : DateTime.fromISO(startAt, { zone: now.zone });
  return at && at > now ? clockText(at.toJSDate(), now) : undefined;
}
