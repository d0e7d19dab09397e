/** Replies: the list of those that are open, one of them, and the question what to write back. */
import { replyButtons } from '../../clients/reply-buttons';
import { buttonData } from '../../clients/telegram-buttons';
import { done } from '../../config/errors';
import type { HandledReply } from '../../store/open-replies';
import type { StepAt } from '../conversation/steps';
import { refuse, type StepScreen } from '../conversation/talk';
import { rowsOf, type Screen } from '../screen';
import type { BotServices } from '../services/contract';
import { escapeHtml, shorten, type Texts } from '../texts';
import { say } from './say-replies';

export const REPLY_PAGE = 8;
const TEXT_LENGTH = 80;
const NAME_LENGTH = 30;

/** `who`: their names, in the order of the replies. */
export function renderReplies(
  { replies, count }: { replies: readonly HandledReply[]; count: number },
  { page, who, texts }: { page: number; who: readonly string[]; texts: Texts },
): Screen {
  if (count === 0) return { html: say(texts, 'list.none'), keyboard: [] };
  const first = page * REPLY_PAGE + 1;
  const lines = replies.map((reply, index) =>
    say(texts, 'list.item', {
      number: first + index,
      at: texts.shortTime(reply.at),
      who: escapeHtml(shorten(who[index] ?? '', NAME_LENGTH)),
      text: escapeHtml(shorten((reply.text ?? reply.buttonText ?? '').replace(/\s+/g, ' '), TEXT_LENGTH)),
    }),
  );
  const open = replies.map(({ key }, index) => ({
    text: `${first + index}`,
    data: buttonData('reply', key, 'open'),
  }));
  const pager = [
    ...(page > 0 ? [{ text: '‹', data: buttonData('reply', 'list', page - 1) }] : []),
    ...(first - 1 + replies.length < count ? [{ text: '›', data: buttonData('reply', 'list', page + 1) }] : []),
  ];
  return {
    html: [say(texts, 'list.title', { count }), '', ...lines].join('\n'),
    keyboard: [...rowsOf(open, 4), ...(pager.length > 0 ? [pager] : [])],
  };
}

/** `card`: its words; `hasList`: it was opened from the list. */
export function renderReplyScreen(reply: HandledReply, card: string, texts: Texts, hasList = false): Screen {
  const back = [{ text: say(texts, 'list.toList'), data: buttonData('reply', 'list', 0) }];
  return {
    html: card,
    keyboard: [
      ...(reply.done ? [] : replyButtons(reply.key, (action) => say(texts, `buttons.${action}`))),
      ...(hasList ? [back] : []),
    ],
  };
}

export const replyAnswerScreen: StepScreen<StepAt<'replyAnswer'>> = {
  show: async ({ key }, { services }, { texts, button }) => {
    const found = await services.replies.find(key);
    if (!found.ok) return found;
    const card = await services.replies.card(found.value, texts);
    return done({ screen: { html: say(texts, 'question', { card }), keyboard: [[button('cancel')]] } });
  },
  text: async ({ key, id }, typed, { services, actor, texts }) => {
    const sent = await services.replies.answer(key, { id, text: typed, by: actor });
    // Under this id nothing is sent any more: the question would be asked in vain.
    if (!sent.ok && ENDING.includes(sent.refusal.code))
      return { kind: 'close', html: texts.html('warning', { sentence: texts.refusalText(sent.refusal) }) };
    if (!sent.ok) return refuse(sent);
    return { kind: 'close', html: await sentText(sent.value, key, { services, texts }) };
  },
};

const ENDING = ['reply_gone', 'reply_refused', 'reply_window_closed', 'reply_suppressed', 'reply_sender_gone'];

/** What came of an answer. */
export async function sentText(
  { state, text, detail = '' }: { state: string; text: string; detail?: string },
  key: string,
  { services, texts }: { services: Pick<BotServices, 'replies'>; texts: Texts },
): Promise<string> {
  if (state === 'refused')
    return texts.html('warning', { sentence: texts.refusalText({ code: 'reply_refused', values: { detail } }) });
  const found = await services.replies.find(key);
  const who = found.ok ? await services.replies.whoOf(found.value) : '';
  return say(texts, state === 'accepted' ? 'sent.accepted' : 'sent.unknown', {
    who: escapeHtml(who),
    text: escapeHtml(shorten(text, 1_000)),
  });
}
