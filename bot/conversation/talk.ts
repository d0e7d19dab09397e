/** What a conversation screen receives, and what it returns. */
import type { DateTime } from 'luxon';
import type { CampaignStatus } from '../../campaigns/contract';
import type { Refusal, Result } from '../../config/errors';
import type { Actor } from '../../domain/story/actor';
import type { UserDocument } from '../../store/users';
import { buttonData } from '../../clients/telegram-buttons';
import { change, nextStep, type Draft } from './draft';
import type { Step } from './steps';
import type { KeptDraft } from '../session';
import { listRows, type Button, type Screen } from '../screen';
import type { BotServices } from '../services/contract';
import type { Texts } from '../texts';

export interface IncomingFile {
  fileId: string;
  name: string;
  /** Bytes, as Telegram says. */
  size?: number;
  /** A photo or a video, which is no file of people. */
  isMedia?: true;
}

/** One update of one person, in the middle of a conversation. */
export interface Talk {
  readonly chatId: number;
  readonly updateId: number;
  readonly actor: Actor;
  readonly user: UserDocument;
  readonly texts: Texts;
  readonly draft: Draft;
  readonly services: BotServices;
  /** In the zone that times are shown in. */
  now(): DateTime;
  /** Shows that something takes a while, in place of the buttons just pressed. */
  interim(html: string): Promise<void>;
  /** Saves the draft at once: before a step that must not happen twice. */
  keep(draft: Draft): Promise<void>;
  /** The numbers that tests go to from now on. */
  rememberTestPhones(phones: readonly string[]): Promise<void>;
  /** New campaigns that were put aside in this chat. */
  readonly drafts: {
    all(): readonly KeptDraft[];
    /** Of more than a handful the oldest is given up. */
    putAside(draft: Draft): void;
    drop(id: string): void;
  };
  /** Gives up the campaign being put together if it holds the number, which would be stored again with it. */
  forgetNumber(phone: string): void;
  /** Sends a document; the next question stands below it. */
  sendFile(file: { fileName: string; content: Buffer; caption?: string }): Promise<void>;
  download(fileId: string): Promise<Buffer>;
  /** Sends the campaign's live progress as a new message. */
  follow(status: CampaignStatus): Promise<void>;
}

/** Makes the buttons of one screen of the conversation. */
export interface View {
  readonly texts: Texts;
  /** `data` for an action of this screen. */
  data(action: string, argument?: string | number): string;
  /** A button with the text `bot.buttons.<action>` unless given. */
  button(action: string, options?: { text?: string; argument?: string | number; style?: Button['style'] }): Button;
  /** A page of a long list, a button an item; another page is the action `page`. */
  list<T>(items: readonly T[], page: [page: number, size: number], button: (item: T) => Button): Button[][];
  /** Back and cancel: on every screen; on a question of a new campaign the way to its card besides. */
  footer(): Button[];
}

/** `hasCard`: the question is one of a new campaign's, whose card may be looked at. */
export function createView(texts: Texts, revision: number, hasCard = false): View {
  const data: View['data'] = (action, argument) =>
    buttonData('draft', revision.toString(36), action, ...(argument === undefined ? [] : [argument]));
  const button: View['button'] = (action, { text, argument, style } = {}) => ({
    text: text ?? texts.plain(`buttons.${action}`),
    data: data(action, argument),
    ...(style ? { style } : {}),
  });
  return {
    texts,
    data,
    button,
    list: (items, page, of) => listRows(items, page, of, (number) => data('page', number)),
    footer: () => [button('back'), ...(hasCard ? [button('card')] : []), button('cancel')],
  };
}

/**
 * Where the conversation goes:
 * - `to`      the next question, with the draft as it is now, and a banner above it
 * - `refuse`  the same question again, with the reason
 * - `close`   the end: last words in place of the question, then `after`
 * - `stale`   the button fits nothing here
 */
export type Move =
  | { kind: 'to'; step: Step; draft: Draft; banner?: string }
  | { kind: 'refuse'; refusal: Refusal }
  | { kind: 'close'; html: string; after?: () => Promise<void> }
  | { kind: 'stale' };

export const stale: Move = { kind: 'stale' };

export function go(step: Step, draft: Draft, banner?: string): Move {
  return { kind: 'to', step, draft, ...(banner ? { banner } : {}) };
}

/** On from an answer to the question that follows it. */
export function onward(draft: Draft, banner?: string): Move {
  return go(nextStep(draft), draft, banner);
}

/** The draft with an answer, and on. */
export function answer(draft: Draft, answers: Partial<Draft>): Move {
  return onward(change(draft, answers));
}

export function refuse({ refusal }: { refusal: Refusal }): Move {
  return { kind: 'refuse', refusal };
}

/** A screen, and the draft when showing it found something out. */
export interface Shown {
  screen: Screen;
  draft?: Draft;
}

/** One question: how it looks, and what each kind of answer does. What is absent is not an answer to it. */
export interface StepScreen<S extends Step> {
  show(step: S, talk: Talk, view: View): Promise<Result<Shown>>;
  press?(step: S, action: string, argument: string, talk: Talk): Promise<Move>;
  text?(step: S, text: string, talk: Talk): Promise<Move>;
  file?(step: S, file: IncomingFile, talk: Talk): Promise<Move>;
}
