/** The card of a new campaign that is being put together: every part as it stands, answered or changed in any order. */
import { DateTime } from 'luxon';
import { done } from '../../config/errors';
import { needsMedia, parametersOf, type Template } from '../../domain/templates/template';
import { mediaLabel } from '../../domain/templates/uploaded-media';
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
import { sourceText } from './parameter';

/** Of a part so much stands on its button. */
const VALUE_CHARACTERS = 30;

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
  const { template } = draft;
  const index = /^p(\d+)$/.exec(part)?.[1];
  if (index !== undefined) {
    const at = Number(index);
    if (!template || at >= parametersOf(template).length) return stale;
    // They are answered in order: before this one may be another that is open.
    return go({ at: 'parameter', page: 0, ...(at < draft.parameters.length && { index: at }) }, draft);
  }
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
  const { template, audience, parameters } = draft;
  const open = texts.plain('parts.open');
  const part = (argument: string, title: string, value: string | undefined): Button =>
    view.button('part', {
      text: `${value === undefined ? '▫️' : '✅'} ${title}: ${shorten(value ?? open, VALUE_CHARACTERS)}`,
      argument,
    });
  const title = (name: string): string => texts.plain(`parts.titles.${name}`);
  const rows: Button[] = [
    part('template', title('template'), template && `${template.name} · ${template.language}`),
    part('audience', title('audience'), audience && labelOfAudience(audience)),
    ...(template ? parametersOf(template) : []).map(({ variable }, index) =>
      part(`p${index}`, variable, sourceText(parameters[index], texts)),
    ),
    ...(template && needsMedia(template)
      ? [part('media', title('media'), draft.mediaUrl && mediaLabel(draft.mediaUrl))]
      : []),
    part('name', title('name'), draft.name),
    part('when', title('when'), whenText(draft, now()) ?? title('notYet')),
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
