/** /stoplist: whether a number may be messaged, since when and by whom not; adds and removes it. */
import { done, refused } from '../../config/errors';
import type { Actor } from '../../domain/story/actor';
import { SUPPRESSION_SCOPES, type SuppressionScope } from '../../domain/opt-outs/suppression';
import { meaningOf } from '../../report/meaning';
import type { StepAt } from '../conversation/steps';
import type { Button, Screen } from '../screen';
import type { StoplistEntry } from '../services/stoplist';
import { go, refuse, stale, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';
import { shorten, type Texts } from '../texts';
import { numbersRead } from './people';

type StoplistStep = StepAt<'stoplist'>;

export const stoplistScreen: StepScreen<StoplistStep> = {
  show: async ({ phone, sure }, { services }, view) => {
    if (phone === undefined) {
      return done({ screen: { html: view.texts.html('stoplist.question'), keyboard: [[view.button('close')]] } });
    }
    const entry = await services.stoplist.find(phone);
    return done({ screen: sure ? renderLiftSure(phone, view) : renderEntry(phone, entry, view) });
  },
  press: async ({ phone }, action, argument, talk) => {
    if (action === 'close') return leave(phone, talk);
    const outcome = phone === undefined ? undefined : await pressSuppression(phone, action, argument, talk);
    if (phone === undefined || !outcome) return stale;
    return go({ at: 'stoplist', phone, ...(outcome.sure && { sure: true }) }, talk.draft, outcome.banner);
  },
  text: takesNumbers,
};

/** Several numbers in one message: what shall become of all of them. */
export const stoplistManyScreen: StepScreen<StepAt<'stoplistMany'>> = {
  show: async ({ phones }, { services }, { texts, button }) => {
    const count = phones.length;
    const already = await services.stoplist.countOf(phones);
    return done({
      screen: {
        html: texts.html('stoplist.many', { count, already }),
        keyboard: [
          ...SUPPRESSION_SCOPES.map((scope) => [
            button('suppress', { text: texts.plain(`stoplist.suppress.${scope}`), argument: scope }),
          ]),
          [button('close')],
        ],
      },
    });
  },
  press: async ({ phones }, action, argument, { services, texts, actor, draft }) => {
    if (action === 'close') return { kind: 'close', html: texts.html('stoplist.closed') };
    const scope = SUPPRESSION_SCOPES.find((known) => known === argument);
    if (action !== 'suppress' || !scope) return stale;
    const added = await services.stoplist.addAll(phones, scope, actor);
    return go({ at: 'stoplist' }, draft, texts.html('stoplist.addedMany', { added, count: phones.length }));
  },
  text: takesNumbers,
};

/** One number is looked up; of several it is asked what to do. */
async function takesNumbers(_step: unknown, typed: string, talk: Talk): Promise<Move> {
  const { services, draft } = talk;
  const numbers = services.audience.numbers(typed);
  const { good, bad } = numbers;
  const phones = [
    ...new Set(
      good.flatMap(({ value }) => {
        const phone = services.audience.phone(value);
        return phone.ok ? [phone.value] : [];
      }),
    ),
  ];
  const [first] = phones;
  if (phones.length > 1) return go({ at: 'stoplistMany', phones }, draft, numbersRead(numbers, talk));
  if (first === undefined) return refuse(refused('phone_invalid', { value: shorten(typed.trim(), 60) }));
  return go({ at: 'stoplist', phone: first }, draft, bad.length > 0 ? numbersRead(numbers, talk) : undefined);
}

/** What a button of a number's suppressions did: whether it must be asked about first, and what to say. */
export async function pressSuppression(
  phone: string,
  action: string,
  argument: string,
  { services, actor, texts }: Talk,
): Promise<{ sure?: true; banner?: string } | undefined> {
  const scope = SUPPRESSION_SCOPES.find((known) => known === argument);
  switch (action) {
    case 'suppress':
      if (!scope) return undefined;
      await services.stoplist.add(phone, scope, actor);
      return { banner: texts.html('stoplist.added') };
    case 'lift':
      return { sure: true };
    case 'lift!':
      await services.stoplist.remove(phone, actor);
      return { banner: texts.html('stoplist.lifted') };
    case 'no':
      return {};
    default:
      return undefined;
  }
}

/** The last state of the number stays in the chat. */
async function leave(phone: string | undefined, { texts, services }: Talk): Promise<Move> {
  if (phone === undefined) return { kind: 'close', html: texts.html('stoplist.closed') };
  return { kind: 'close', html: describe(phone, await services.stoplist.find(phone), texts) };
}

function renderEntry(phone: string, entry: StoplistEntry, view: View): Screen {
  return {
    html: `${describe(phone, entry, view.texts)}\n\n${view.texts.html('stoplist.another')}`,
    keyboard: [...suppressionRows(entry, view), [view.button('close')]],
  };
}

/** What can be done about the number's suppressions. */
export function suppressionRows(entry: Pick<StoplistEntry, 'suppressions'>, view: View): Button[][] {
  const has = (scope: SuppressionScope): boolean => entry.suppressions.some((one) => one.scope === scope);
  // "Nothing at all" includes marketing.
  const possible = has('all') ? [] : SUPPRESSION_SCOPES.filter((scope) => !has(scope));
  return [
    ...possible.map((scope) => [
      view.button('suppress', { text: view.texts.plain(`stoplist.suppress.${scope}`), argument: scope }),
    ]),
    ...(entry.suppressions.length > 0 ? [[view.button('lift')]] : []),
  ];
}

export function renderLiftSure(phone: string, view: View): Screen {
  return {
    html: view.texts.html('stoplist.sure', { phone }),
    keyboard: [
      [view.button('lift!', { text: view.texts.plain('stoplist.sureYes'), style: 'danger' }), view.button('no')],
    ],
  };
}

/** The reasons for and against messaging the number. */
export function describe(phone: string, { suppressions, consents, removals }: StoplistEntry, texts: Texts): string {
  return [
    texts.html(suppressions.length > 0 ? 'stoplist.stands' : 'stoplist.free', { phone }),
    ...suppressions.map(({ scope, reason, detail, createdAt, createdBy }) =>
      texts.html('stoplist.entry', {
        scope: texts.word(`suppressionScopes.${scope}`),
        reason: texts.word(`suppressionReasons.${reason}`) + (detail ? ` (${detailOf(detail, texts)})` : ''),
        since: texts.time(createdAt),
        by: nameOf(createdBy, texts),
      }),
    ),
    ...consents.map(({ category, source, at, by, document, version }) =>
      texts.html('stoplist.consent', {
        category: texts.word(`consentCategories.${category}`),
        source: source + proofText({ document, version }, texts),
        at: texts.time(at),
        by: nameOf(by, texts),
      }),
    ),
    ...removals.map(({ action, at, actor }) =>
      texts.html(`stoplist.removals.${action}`, { at: texts.time(at), by: nameOf(actor, texts) }),
    ),
  ].join('\n');
}

/** The document that proves it; nothing where none is recorded. */
function proofText({ document, version }: Record<'document' | 'version', string | undefined>, texts: Texts): string {
  if (document === undefined) return '';
  return texts.plain('stoplist.consentProof', { document, version: version ?? texts.plain('stoplist.versionUnknown') });
}

/** What the program itself noted, in the reader's language; a person's own words as they are. */
function detailOf(detail: string, texts: Texts): string {
  const [, code] = /^(\d+): /.exec(detail) ?? [];
  if (code) return `${code} ${meaningOf(code, texts.language, detail)}`;
  const known = /^[\w ]+$/.test(detail) ? texts.maybe(`stoplist.details.${detail}`) : undefined;
  return known ?? detail;
}

function nameOf(actor: Actor, texts: Texts): string {
  return texts.plain(`stoplist.by.${actor.kind}`, { id: actor.kind === 'telegram' ? actor.id : '' });
}
