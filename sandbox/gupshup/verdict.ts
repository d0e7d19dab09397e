/**
 * Finds why an accepted template message will fail: the request's own faults, then the account's
 * (gupshup.md#send-answers, gupshup.md#error-codes, gupshup.md#rules).
 */
import { MAX_BODY_CHARACTERS, fillTemplate, parametersOf } from '../../domain/templates/template';
import type { Messages } from './messages';
import { TIER_RECIPIENTS, type GupshupState } from './state';
import type { GupshupContext } from './context';
import type { DemoTemplate } from './templates';

export interface Problem {
  code: number;
  /** Gupshup's own failure, not WhatsApp's. */
  sync?: true;
}

/** The parsed form of a template send. */
export interface TemplateSend {
  source: string;
  destination: string;
  templateId: string;
  params: string[];
  message?: HeaderMessage | undefined;
}

export interface HeaderMessage {
  /** Of a carousel: the media of each card. */
  cardHeaderType?: 'IMAGE' | 'VIDEO';
  cards?: ({ link: string } | { id: string })[];
  type: string;
  /** Link or media id of an image, video or document. */
  link?: string | undefined;
  mediaId?: string | undefined;
}

const DAY_MS = 86_400_000;
const MEDIA_KEPT_MS = 30 * DAY_MS;
/** Meta: about a message in 6 s to one recipient, at most 45 at once. */
const PAIR_BURST = 45;
const PAIR_WINDOW_MS = PAIR_BURST * 6_000;

/** What the app knows. */
type Known = Pick<GupshupContext, 'messages' | 'recipientsSince' | 'templates'> & { state: GupshupState };

export function templateProblem(send: TemplateSend, known: Known): Problem | undefined {
  const { state, templates } = known;
  const template = templates.find(({ id }) => id === send.templateId);
  if (!template) return { code: 4003, sync: true };
  return (
    statusProblem(state.templates[template.id] ?? template.status) ??
    parameterProblem(template, send.params) ??
    headerProblem(template, send.message, state) ??
    recipientProblem(send, template.category, known)
  );
}

function statusProblem(status: string): Problem | undefined {
  if (status === 'APPROVED') return undefined;
  if (status === 'PAUSED') return { code: 132015 };
  return { code: status === 'DISABLED' ? 132016 : 132001 };
}

function parameterProblem(template: DemoTemplate, params: string[]): Problem | undefined {
  if (params.length !== parametersOf(template).length) return { code: 132000 };
  if (params.some((value) => value.trim() === '')) return { code: 131008 };
  if (params.some((value) => /[\n\r\t]| {5,}/.test(value))) return { code: 132018 };
  const { body } = fillTemplate(template, params);
  return body.length > MAX_BODY_CHARACTERS ? { code: 132005 } : undefined;
}

function headerProblem(
  template: DemoTemplate,
  message: HeaderMessage | undefined,
  state: GupshupState,
): Problem | undefined {
  if (template.cards || message?.cards) return cardsProblem(template, message, state);
  const expected = template.header && template.header.type !== 'TEXT' ? template.header.type.toLowerCase() : undefined;
  if (expected !== message?.type) return { code: 132012 };
  if (!message || message.type === 'location') return undefined;
  if (message.mediaId !== undefined) return mediaProblem(message.mediaId, message.type, state);
  return message.link !== undefined && /^https?:\/\/[^\s/]+/.test(message.link)
    ? undefined
    : { code: 1010, sync: true };
}

/** As many files as cards, of the cards' kind. */
function cardsProblem(
  template: DemoTemplate,
  message: HeaderMessage | undefined,
  state: GupshupState,
): Problem | undefined {
  const { cards: known = [] } = template;
  const { cards = [], cardHeaderType } = message ?? {};
  if (cards.length !== known.length || known.some(({ media }) => media !== cardHeaderType)) return { code: 132012 };
  const wrong = cards.map((card) =>
    'id' in card
      ? mediaProblem(card.id, cardHeaderType!.toLowerCase(), state)
      : /^https?:\/\/[^\s/]+/.test(card.link)
        ? undefined
        : { code: 1010, sync: true as const },
  );
  return wrong.find((one) => one !== undefined);
}

/** Of another app, forgotten after 30 days, or of another kind than the header. */
function mediaProblem(mediaId: string, type: string, { media }: GupshupState): Problem | undefined {
  const file = media[mediaId];
  if (!file || Date.now() - file.at > MEDIA_KEPT_MS) return { code: 131053 };
  const kind = /^(image|video)\//.exec(file.type)?.[1] ?? 'document';
  return kind === type ? undefined : { code: 132012 };
}

/** Problems of account and recipient that hold for every kind of message. */
function recipientProblem(
  send: TemplateSend, category: string, { state, messages, recipientsSince }: Known,
): Problem | undefined {
  if (state.settings.walletBalance <= 0) return { code: 1003, sync: true };
  if (send.destination === send.source) return { code: 131021 };
  if (category === 'MARKETING' && state.stopped[send.destination]) return { code: 131050 };
  if (pairBurst(send.destination, messages) >= PAIR_BURST) return { code: 131056 };
  // The real service's answer beyond the tier is not documented; 131048 is the sandbox's choice.
  return beyondTier(send.destination, state, recipientsSince) ? { code: 131048 } : undefined;
} // prettier-ignore

function pairBurst(destination: string, messages: Messages): number {
  const since = Date.now() - PAIR_WINDOW_MS;
  return messages.countTo(destination, since);
}

function beyondTier(destination: string, state: GupshupState, recipientsSince: Known['recipientsSince']): boolean {
  const limit = TIER_RECIPIENTS[state.settings.messagingLimit];
  if (limit === Infinity) return false;
  const reached = recipientsSince(Date.now() - DAY_MS);
  return !reached.has(destination) && reached.size >= limit;
}
