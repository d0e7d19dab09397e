/** Before the campaign: what would happen, problems that block it, and a test on oneself. */
import type { DateTime } from 'luxon';
import type { Preflight } from '../../campaigns/contract';
import { done } from '../../config/errors';
import { audienceOf, sourceOf } from '../../domain/audience';
import { withHint } from '../../domain/reading/transforms';
import { SKIP_REASONS } from '../../domain/story/delivery';
import { parameterTrouble } from '../../report/columns';
import { labelOfAudience } from '../conversation/chosen-audience';
import { asCampaign, change, type Draft } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { filledHtml } from './filled';
import { costLines, draftHtml } from './card-lines';
import { warning, type Button, type Screen } from '../screen';
import { go, refuse, stale, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';
import { escapeHtml, shorten, type Texts } from '../texts';
import { exampleValues } from '../conversation/variants';
import { offeredOption, optionRows } from './options';

const SHOWN_SAMPLES = 2;
const SHOWN_SKIPS = 5;

export const previewScreen: StepScreen<StepAt<'preview'>> = {
  show: async (_step, talk, view) => {
    const { draft, texts } = talk;
    const seen = { now: talk.now(), cap: talk.services.capOf(talk.draft.sender), testPhone: talk.user.testPhone };
    if (draft.checked) return done({ screen: renderPreview(draft, draft.checked, seen, view) });
    await talk.interim(texts.html('preview.checking'));
    const preflight = await talk.services.campaigns.preflight(asCampaign(draft, talk.actor));
    if (!preflight.ok) return preflight;
    const checked = { ...draft, checked: preflight.value };
    return done({ screen: renderPreview(checked, preflight.value, seen, view), draft: checked });
  },
  press: async (_step, action, argument, talk) => {
    const { draft, user } = talk;
    switch (action) {
      case 'next':
        return draft.checked && canStart(draft.checked) ? go({ at: 'when' }, draft) : stale;
      case 'test':
        return user.testPhone ? sendTest(talk, user.testPhone) : go({ at: 'testPhone' }, draft);
      case 'testPhone':
        return go({ at: 'testPhone' }, draft);
      case 'option': {
        const option = offeredOption(argument);
        return option ? go({ at: 'option', option }, draft) : stale;
      }
      case 'recheck':
        return go({ at: 'preview' }, change(draft, {}));
      case 'audience':
        return go({ at: 'people' }, draft);
      case 'fallback': {
        const index = openFallback(draft);
        return index < 0 ? stale : go({ at: 'fallback', index }, draft);
      }
      case 'reading':
        return readAs(draft, argument);
      case 'parameters':
        return go({ at: 'parameter', page: 0 }, change(draft, { parameters: [] }));
      default:
        return stale;
    }
  },
};

/** An admin says how a parameter's dates or sums are to be read: `2-month_first`. */
function readAs(draft: Draft, argument: string): Move {
  const [, position, hint] = /^(\d+)-(\w+)$/.exec(argument) ?? [];
  const reading = draft.checked?.unclear
    ?.find((asked) => asked.position === Number(position))
    ?.readings.find((one) => one.hint === hint);
  if (!reading) return stale;
  const parameters = draft.parameters.map((source, index) =>
    index + 1 === Number(position) && source.kind === 'column'
      ? { ...source, transform: withHint(source.transform ?? [], reading.hint) }
      : source,
  );
  return go({ at: 'preview' }, change(draft, { parameters }));
}

/** The ways to read a value, each as it would be written. */
function readingRows({ unclear = [] }: Preflight, view: View): Button[][] {
  // A row each: half a phone's width would cut off what tells them apart.
  return unclear.flatMap(({ position, given, readings }) =>
    readings.map(({ hint, value }) => [
      view.button('reading', {
        text: view.texts.plain('buttons.reading', { given: shorten(given, 14), value: shorten(value, 24) }),
        argument: `${position}-${hint}`,
      }),
    ]),
  );
}

/** The first parameter that leaves out people who have no value for it; -1 when there is none. */
function openFallback({ parameters }: Draft): number {
  return parameters.findIndex((source) => source.kind === 'column' && !source.fallback);
}

/** Asked once; remembered for this admin. */
export const testPhoneScreen: StepScreen<StepAt<'testPhone'>> = {
  show: async (_step, _talk, view) =>
    done({ screen: { html: view.texts.html('test.question'), keyboard: [view.footer()] } }),
  text: async (_step, typed, talk) => {
    const phone = talk.services.audience.phone(typed);
    if (!phone.ok) return refuse(phone);
    await talk.rememberTestPhone(phone.value);
    return sendTest(talk, phone.value);
  },
};

async function sendTest(talk: Talk, phone: string): Promise<Move> {
  const { draft, texts } = talk;
  await talk.interim(texts.html('test.sending', { phone }));
  const sent = await talk.services.campaigns.sendOne({
    isTest: true,
    template: draft.template?.id ?? '',
    phone,
    params: exampleValues(draft, texts),
    ...(draft.mediaUrl ? { mediaUrl: draft.mediaUrl } : {}),
    by: talk.actor,
  });
  if (!sent.ok) return go({ at: 'preview' }, draft, warning(texts, texts.refusalText(sent.refusal)));
  const { state, code, detail } = sent.value.delivery;
  const why = [code, detail].filter(Boolean).join(' ');
  const outcome = ['failed', 'unknown', 'skipped'].includes(state)
    ? texts.html('test.failed', { phone, state: texts.word(`deliveryStates.${state}`), why })
    : texts.html('test.accepted', { phone });
  return go({ at: 'preview' }, draft, outcome);
}

function canStart({ blocking, sendable }: Preflight): boolean {
  return blocking.length === 0 && sendable > 0;
}

export function renderPreview(
  draft: Draft,
  preflight: Preflight,
  { now, cap, testPhone }: { now: DateTime; cap: number; testPhone: string | undefined },
  view: View,
): Screen {
  const { texts } = view;
  const { total, sendable, samples, blocking, warnings, secondsToSend } = preflight;
  const parts = [
    texts.html('preview.title', {
      name: draft.name ?? '',
      template: preflight.template.name,
      audience: draft.audience ? labelOfAudience(draft.audience) : '',
    }),
  ];
  const shown = samples.slice(0, SHOWN_SAMPLES).map(({ name, phone, message }) => {
    const whom = name ? `${name}, ${phone}` : phone;
    return `${escapeHtml(shorten(whom, 60))}\n${filledHtml(message, texts)}`;
  });
  if (shown.length > 0) parts.push(texts.html('preview.samples', { count: shown.length }), ...shown);
  // What must be decided comes last: the end of a long message is visible, above the buttons.
  parts.push(
    ...skipLines(preflight, draft, texts),
    texts.html('preview.counts', { total, count: sendable, duration: texts.duration(secondsToSend) }),
  );
  const { messagingRoom: room } = preflight;
  if (room && sendable > room.left) parts.push(texts.html('preview.room', { limit: room.limit, left: room.left }));
  parts.push(...draftHtml({ ...draft, checked: preflight }, now, { texts, cap }));
  if (canStart(preflight)) parts.push(...costLines(preflight, texts));
  if (warnings.length > 0) {
    parts.push(warnings.map((one) => texts.html('preview.warning', { sentence: texts.refusalText(one) })).join('\n'));
  }
  if (blocking.length > 0) {
    parts.push([texts.html('preview.blocked'), ...blocking.map((one) => `⛔️ ${texts.refusal(one)}`)].join('\n'));
  }
  const test: Button[] = testPhone
    ? [view.button('test', { text: texts.plain('buttons.testOn', { phone: testPhone }) }), view.button('testPhone')]
    : [view.button('test')];
  return {
    html: parts.join('\n\n'),
    keyboard: [
      ...readingRows(preflight, view),
      ...(canStart(preflight) ? [[view.button('next', { style: 'success' })], test] : []),
      [view.button('audience'), ...(draft.parameters.length > 0 ? [view.button('parameters')] : [])],
      ...(preflight.skips.empty_parameter && openFallback(draft) >= 0 ? [[view.button('fallback')]] : []),
      ...optionRows(view, { canStart: canStart(preflight) }),
      [view.button('recheck')],
      view.footer(),
    ],
  };
}

/** `line 3`; in an audience of several parts, of which. */
function whereOf(origin: string, { audience }: Draft, texts: Texts): string {
  if (!audience) return origin;
  const at = sourceOf(audienceOf(audience), origin);
  const place = texts.plain(`preview.origins.${at.source.kind}`, { origin: shorten(at.origin, 40) });
  const part = audience.include.find(({ source }) => source === at.source);
  return part && audience.include.length > 1 ? `${shorten(part.label, 30)}, ${place}` : place;
}

/** How many are left out and why, with a few examples: where they stand and what was given. */
function skipLines({ skips, skipExamples }: Preflight, draft: Draft, texts: Texts): string[] {
  const reasons = SKIP_REASONS.filter((reason) => (skips[reason] ?? 0) > 0);
  if (reasons.length === 0) return [];
  const total = reasons.reduce((sum, reason) => sum + (skips[reason] ?? 0), 0);
  const counts = reasons.map((reason) =>
    texts.html('preview.skip', { reason: texts.word(`skipReasons.${reason}`), count: skips[reason] ?? 0 }),
  );
  const where = (origin: string): string => whereOf(origin, draft, texts);
  const examples = skipExamples.slice(0, SHOWN_SKIPS).map(({ reason, origin, value }) => {
    const word = texts.word(`skipReasons.${reason}`);
    if (reason === 'duplicate')
      return texts.html('preview.skipRepeat', { where: where(origin), reason: word, first: where(value) });
    const trouble = parameterTrouble(reason, value, texts.language);
    // What is missing cannot be quoted.
    const quoted = trouble === undefined && value.trim() !== '' && !['no_phone', 'empty_parameter'].includes(reason);
    return texts.html(quoted ? 'preview.skipValue' : 'preview.skipPlain', {
      where: where(origin),
      reason: trouble ?? word,
      value: shorten(value.trim(), 40),
    });
  });
  return [[texts.html('preview.skips', { count: total }), ...counts, ...examples].join('\n')];
}
