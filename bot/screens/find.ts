/** /find: a person by number or name; what they were sent, what they answered, and whether they may be written to. */
import type { ContactProfile } from '../../audience/contact-profile';
import { done, refused } from '../../config/errors';
import { searchable, wordsOf } from '../../store/contact-meetings';
import type { ContactDocument } from '../../store/documents';
import type { StepAt } from '../conversation/steps';
import type { Screen } from '../screen';
import { go, refuse, stale, type StepScreen, type View } from '../conversation/talk';
import { shorten, type Texts } from '../texts';
import { DELIVERY_SIGNS } from './campaign-progress';
import { describe, pressSuppression, renderLiftSure, suppressionRows } from './stoplist';

type FindStep = StepAt<'find'>;

/** If more people match, the search must be narrowed. */
const FOUND = 50;
const PAGE_SIZE = 8;
/** Of messages and replies each. */
const SHOWN_HISTORY = 6;
const REPLY_CHARACTERS = 120;
const MAX_WORDS = 60;

export const findScreen: StepScreen<FindStep> = {
  show: async ({ words, page, phone, sure }, { services }, view) => {
    if (phone !== undefined && sure) return done({ screen: renderLiftSure(phone, view) });
    if (phone !== undefined) {
      const profile = await services.people.profile(phone, SHOWN_HISTORY);
      return done({ screen: renderProfile(profile, words !== undefined, view) });
    }
    if (words === undefined) {
      return done({ screen: { html: view.texts.html('find.question'), keyboard: [[view.button('close')]] } });
    }
    return done({ screen: renderFound(words, await services.people.search(words, FOUND), page, view) });
  },
  press: async (step, action, argument, talk) => {
    const { draft, texts } = talk;
    const { words, page, phone } = step;
    const list: FindStep = { at: 'find', page, ...(words !== undefined && { words }) };
    if (action === 'close') return { kind: 'close', html: texts.html('find.closed') };
    if (action === 'page') return go({ ...list, page: Number(argument) }, draft);
    if (action === 'open') return go({ ...list, phone: argument }, draft);
    if (action === 'found') return go(list, draft);
    if ((action === 'tag' || action === 'erase') && phone !== undefined) return go({ at: action, phone }, draft);
    if (action === 'consentFile' && phone !== undefined) {
      const { actor, user, services } = talk;
      const by = { actor, name: user.name ?? String(user._id) };
      await talk.sendFile(await services.people.consentFile(phone, by, texts.language));
      return go({ ...list, phone }, draft);
    }
    const outcome = phone === undefined ? undefined : await pressSuppression(phone, action, argument, talk);
    if (phone === undefined || !outcome) return stale;
    return go({ ...list, phone, ...(outcome.sure && { sure: true }) }, draft, outcome.banner);
  },
  text: async (_step, typed, { services, draft }) => {
    const phone = services.audience.phone(typed);
    if (phone.ok) return go({ at: 'find', page: 0, phone: phone.value }, draft);
    const words = shorten(typed.trim().replace(/\s+/g, ' '), MAX_WORDS);
    const { found } = words === '' ? { found: [] } : await services.people.search(words, FOUND);
    const [first] = found;
    if (!first) return refuse(refused('contact_not_found', { words }));
    return go({ at: 'find', words, page: 0, ...(found.length === 1 && { phone: first._id }) }, draft);
  },
};

function renderFound(
  words: string,
  { found, count }: { found: ContactDocument[]; count: number },
  wanted: number,
  view: View,
): Screen {
  const { texts } = view;
  return {
    html: [
      texts.html('find.found', { words, count }),
      ...(count > found.length ? [texts.html('find.more', { shown: found.length })] : []),
    ].join('\n'),
    keyboard: [
      ...view.list(found, [wanted, PAGE_SIZE], ({ _id, names = [] }) =>
        view.button('open', {
          text: [shorten(nameLike(words, names), 36), _id].filter(Boolean).join(' · '),
          argument: _id,
        }),
      ),
      [view.button('close')],
    ],
  };
}

/** Of several people with one number, the one that was searched for. */
function nameLike(words: string, names: readonly string[]): string {
  const wanted = wordsOf(words);
  return names.find((name) => wanted.every((word) => searchable(name).includes(word))) ?? names[0] ?? '';
}

function renderProfile(profile: ContactProfile, fromList: boolean, view: View): Screen {
  const { texts } = view;
  const { phone, contact, suppressions, removals } = profile;
  const { names = [], tags = [], consents = [] } = contact ?? {};
  return {
    html: [
      [
        names.length > 0
          ? texts.html('find.person', { name: shorten(names.slice(0, 3).join(', '), 100), phone })
          : texts.html('find.nameless', { phone }),
        ...(tags.length > 0 ? [texts.html('find.tags', { tags: shorten(tags.join(', '), 200) })] : []),
      ].join('\n'),
      describe(phone, { suppressions, consents, removals }, texts),
      messageLines(profile, texts),
      ...replyLines(profile, texts),
      texts.html('find.another'),
    ].join('\n\n'),
    keyboard: [
      ...suppressionRows({ suppressions }, view),
      [view.button('tag'), view.button('erase')],
      ...(consents.length > 0 ? [[view.button('consentFile')]] : []),
      ...(fromList ? [[view.button('found')]] : []),
      [view.button('close')],
    ],
  };
}

function messageLines({ deliveries, deliveryCount }: ContactProfile, texts: Texts): string {
  const lines = deliveries.map(({ state, campaignName, code, at }) =>
    texts.html('find.message', {
      sign: DELIVERY_SIGNS[state],
      state: texts.word(`deliveryStates.${state}`) + (code ? ` (${code})` : ''),
      campaign: shorten(campaignName || '—', 50),
      at: at ? texts.shortTime(at) : '—',
    }),
  );
  if (deliveryCount > lines.length) lines.push(texts.html('find.older', { count: deliveryCount - lines.length }));
  return [texts.html('find.messages', { count: deliveryCount }), ...lines].join('\n');
}

function replyLines({ replies, replyCount }: ContactProfile, texts: Texts): string[] {
  if (replyCount === 0) return [];
  const lines = replies.map(({ at, text, buttonText }) =>
    texts.html('find.reply', {
      at: texts.shortTime(at),
      text: shorten((text ?? buttonText ?? '…').replace(/\s+/g, ' '), REPLY_CHARACTERS),
    }),
  );
  if (replyCount > lines.length) lines.push(texts.html('find.older', { count: replyCount - lines.length }));
  return [[texts.html('find.replies', { count: replyCount }), ...lines].join('\n')];
}
