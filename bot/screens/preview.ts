/** Before the campaign: what would happen, problems that block it, and a test on oneself. */
import type { DateTime } from 'luxon';
import type { Preflight } from '../../campaigns/contract';
import { areTelling, shareText } from '../../campaigns/countries';
import { done } from '../../config/errors';
import { countryText } from '../../config/formats';
import { audienceOf, sourceOf } from '../../domain/audience';
import { withHint } from '../../domain/reading/transforms';
import { SKIP_REASONS, type SkipReason } from '../../domain/story/delivery';
import { parameterTrouble } from '../../report/columns';
import { labelOfAudience } from '../conversation/chosen-audience';
import { asCampaign, change, type Draft } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { letterOf } from '../../domain/variants';
import { guardsAmong } from '../../domain/guards';
import { filledHtml } from './filled';
import { messageHtml, stepWords } from './follow-up';
import { guardBlock, pressGuard } from './guards';
import { sendTest, testPhonesOf, testRow } from './test-send';
import { costLines, draftHtml } from './card-lines';
import { pageOf, pagerRow, type Button, type Page, type Screen } from '../screen';
import { go, stale, type Move, type StepScreen, type View } from '../conversation/talk';
import { escapeHtml, shorten, type Texts } from '../texts';
import { whenText } from './parts';

const SHOWN_SAMPLES = 2;
const SHOWN_SKIPS = 5;
const SHOWN_COUNTRIES = 6;
/** Of the text of each follow-up: five of them must fit. */
const FOLLOW_UP_CHARACTERS = 150;

export const previewScreen: StepScreen<StepAt<'preview'>> = {
  show: async ({ page = 0 }, talk, view) => {
    const { draft, texts } = talk;
    const seen = {
      page,
      now: talk.now(),
      cap: talk.services.capOf(talk.draft),
      testPhones: testPhonesOf(talk.user),
    };
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
        return testPhonesOf(user).length > 0 ? sendTest(talk) : go({ at: 'testPhone' }, draft);
      case 'testPhone':
        return go({ at: 'testPhone' }, draft);
      case 'guard':
        return pressGuard(argument, { at: 'preview' }, talk);
      case 'recheck':
        return go({ at: 'preview' }, change(draft, {}));
      case 'page':
        return go({ at: 'preview', page: Number(argument) || 0 }, draft);
      case 'seek':
        return go({ at: 'seek' }, draft);
      case 'parts':
        return go({ at: 'parts' }, draft);
      case 'scheduled': {
        const at = draft.checked && canStart(draft.checked) && whenText(draft, talk.now()) ? draft.startAt : undefined;
        return at ? go({ at: 'confirm', startAt: at }, draft) : stale;
      }
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

function canStart({ blocking, sendable }: Preflight): boolean {
  return blocking.length === 0 && sendable > 0;
}

export function renderPreview(
  draft: Draft,
  preflight: Preflight,
  { now, cap, testPhones, page = 0 }: { now: DateTime; cap: number; testPhones: readonly string[]; page?: number },
  view: View,
): Screen {
  const { texts } = view;
  const { sendable, samples, blocking, warnings } = preflight;
  const parts = [
    texts.html('preview.title', {
      name: draft.name ?? '',
      template: preflight.template.name,
      audience: draft.audience ? labelOfAudience(draft.audience) : '',
    }),
  ];
  const people = pageOf(samples, page, SHOWN_SAMPLES);
  const shown = people.items.map(({ name, phone, message, variant }) => {
    const whom = [...(variant === undefined ? [] : [letterOf(variant)]), ...(name ? [name] : []), phone].join(', ');
    return `${escapeHtml(shorten(whom, 60))}\n${filledHtml(message, texts)}`;
  });
  const first = people.page * SHOWN_SAMPLES + 1;
  const head =
    people.page === 0
      ? texts.html('preview.samples', { count: shown.length })
      : texts.html('preview.samplesFrom', { first, last: first + shown.length - 1 });
  if (shown.length > 0) parts.push(head, ...shown);
  parts.push(...followUpBlocks(preflight, texts));
  // What must be decided comes last: the end of a long message is visible, above the buttons.
  parts.push(
    ...skipLines(preflight, draft, texts),
    countsLine(preflight, texts),
    ...variantLines(preflight, texts),
    ...countryLines(preflight, texts),
  );
  const { messagingRoom: room } = preflight;
  if (room && sendable > room.left)
    parts.push(
      [
        texts.html(room.left > 0 ? 'preview.room' : 'preview.roomFull', { limit: room.limit, left: room.left }),
        ...(room.kept ? [texts.html('preview.roomKept', { kept: room.kept })] : []),
      ].join(' '),
    );
  parts.push(...draftHtml({ ...draft, checked: preflight }, now, { texts, cap }));
  if (canStart(preflight)) parts.push(...costLines(preflight, texts));
  const guards = canStart(preflight) ? guardBlock(preflight, now, view, ['recheck']) : { html: [], rows: [] };
  const others = canStart(preflight) ? warnings.filter((one) => guardsAmong([one]).length === 0) : warnings;
  if (others.length > 0) {
    parts.push(others.map((one) => texts.html('preview.warning', { sentence: texts.refusalText(one) })).join('\n'));
  }
  parts.push(...guards.html);
  if (blocking.length > 0) {
    parts.push([texts.html('preview.blocked'), ...blocking.map((one) => `⛔️ ${texts.refusal(one)}`)].join('\n'));
  }
  return {
    html: parts.join('\n\n'),
    keyboard: [
      ...peopleRow(people, view),
      ...readingRows(preflight, view),
      ...guards.rows,
      ...(canStart(preflight)
        ? [...chosenTime(draft, now, view), [view.button('next', { style: 'success' })], testRow(testPhones, view)]
        : // What blocks a campaign is mostly one of these.
          [[view.button('audience'), ...(draft.parameters.length > 0 ? [view.button('parameters')] : [])]]),
      ...(preflight.skips.empty_parameter && openFallback(draft) >= 0 ? [[view.button('fallback')]] : []),
      // Everything else is changed on the card.
      [view.button('parts'), view.button('recheck')],
      view.footer(),
    ],
  };
}

/** Each follow-up's message, after what time and to whom. */
function followUpBlocks({ followUps = [] }: Preflight, texts: Texts): string[] {
  return followUps.map(({ to, afterMs, content: template, parameters, mediaUrl }, index) => {
    const words = stepWords({ afterMs, to, template: template.name }, texts);
    const when = texts.html('followUps.step', { step: index + 1, ...words });
    return `↪️ ${when}\n${messageHtml({ template, parameters, mediaUrl }, texts, FOLLOW_UP_CHARACTERS)}`;
  });
}

/** How many get it and how many do not, and how long it takes. */
function countsLine({ total, sendable: count, secondsToSend }: Preflight, texts: Texts): string {
  if (count === 0) return texts.html('preview.nobody', { total });
  const said = { count, skipped: total - count, duration: texts.about(secondsToSend) };
  return texts.html(said.skipped > 0 ? 'preview.counts' : 'preview.countsAll', said);
}

/** How many people get which template. */
function variantLines({ variants = [], rest }: Preflight, texts: Texts): string[] {
  const lines = variants.map(({ template: { name }, people }, variant) =>
    texts.html('preview.variant', { variant: letterOf(variant), template: name, people }),
  );
  if (rest) lines.push(texts.html('preview.rest', { people: rest }));
  return lines.length > 0 ? [lines.join('\n')] : [];
}

/** How many people of which country, and what the rules do there; nothing where all are of one and no rule speaks. */
function countryLines({ countries = [] }: Preflight, texts: Texts): string[] {
  if (!areTelling(countries)) return [];
  const lines = countries.slice(0, SHOWN_COUNTRIES).map(({ country, people, skipped, noConsent, action, lately }) => {
    const more = [
      ...(skipped > 0 ? [texts.plain('preview.countrySkipped', { count: skipped })] : []),
      ...(noConsent > 0 ? [texts.plain('preview.countryNoConsent', { count: noConsent })] : []),
      ...(lately
        ? [texts.plain('preview.countryLately', { percent: shareText(lately, texts.language), sent: lately.sent })]
        : []),
      ...(action === 'warn' && people > 0 ? [texts.plain('preview.countryWarn')] : []),
    ];
    return `• ${texts.html('preview.country', { country: countryText(country, texts.language), people, more: more.join('') })}`;
  });
  const rest = countries.length - lines.length;
  if (rest > 0) lines.push(`• ${texts.html('preview.countriesMore', { count: rest })}`);
  return [[texts.html('preview.countries'), ...lines].join('\n')];
}

/** Other people's messages, or one person's; nothing where all are shown. */
function peopleRow(people: Page<unknown>, view: View): Button[][] {
  const [pager] = pagerRow(people, (number) => view.data('page', number));
  return pager ? [[...pager, view.button('seek', { text: '🔎' })]] : [];
}

/** Straight to the confirmation, where a time was chosen before. */
function chosenTime(draft: Draft, now: DateTime, view: View): Button[][] {
  const at = whenText(draft, now);
  return at === undefined
    ? []
    : [[view.button('scheduled', { text: view.texts.plain('buttons.scheduled', { at }), style: 'success' })]];
}

/** `line 3`; in an audience of several parts, of which. */
function whereOf(origin: string, { audience }: Draft, texts: Texts): string {
  if (!audience) return origin;
  const at = sourceOf(audienceOf(audience), origin);
  const place = texts.plain(`preview.origins.${at.source.kind}`, { origin: shorten(at.origin, 40) });
  const part = audience.include.find(({ source }) => source === at.source);
  return part && audience.include.length > 1 ? `${shorten(part.label, 30)}, ${place}` : place;
}

/** What stands with these is missing, or a word of ours that the reason says already. */
const UNQUOTED: ReadonlySet<string> = new Set<SkipReason>([
  'no_phone',
  'empty_parameter',
  'suppressed',
  'country_rule',
]);

/** The reason, with what is known closer: `on the stop list (added by hand)`. */
function skipWord(reason: SkipReason, value: string, texts: Texts): string {
  const word = texts.word(`skipReasons.${reason}`);
  const closer =
    reason === 'country_rule'
      ? countryText(value, texts.language)
      : reason === 'suppressed'
        ? texts.maybeWord(`suppressionReasons.${value}`)
        : undefined;
  return closer === undefined ? word : `${word} (${closer})`;
}

/** Of typed numbers the number itself: nobody counts which was the third. */
function numberedWhere(origin: string, where: (origin: string) => string, { audience }: Draft): string {
  const at = audience && sourceOf(audienceOf(audience), origin);
  const phone = at?.source.kind === 'phones' ? at.source.phones[Number(at.origin) - 1] : undefined;
  return phone === undefined ? where(origin) : `${where(origin)}, ${shorten(phone, 40)}`;
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
    const word = skipWord(reason, value, texts);
    if (reason === 'duplicate')
      return texts.html('preview.skipRepeat', { where: where(origin), reason: word, first: where(value) });
    const trouble = parameterTrouble(reason, value, texts.language);
    // What is missing cannot be quoted.
    const quoted = trouble === undefined && value.trim() !== '' && !UNQUOTED.has(reason);
    return texts.html(quoted ? 'preview.skipValue' : 'preview.skipPlain', {
      where: reason === 'invalid_phone' ? where(origin) : numberedWhere(origin, where, draft),
      reason: trouble ?? word,
      value: shorten(value.trim(), 40),
    });
  });
  return [[texts.html('preview.skips', { count: total }), ...counts, ...examples].join('\n')];
}
