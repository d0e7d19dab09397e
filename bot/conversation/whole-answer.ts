/**
 * What belongs to one answer though it comes as several updates: the pieces that a client cuts a long message into, an
 * edited message, the files of one album. Recognised by what Telegram says of the messages, not by a timer, so that a
 * piece which comes late or after a restart is recognised too.
 */
import { numbersAlone } from '../../domain/story/number-like';
import type { Answered, Session } from '../session';

/** A message as far as it matters here. */
export interface Written {
  messageId: number;
  /** Unix seconds. */
  at: number;
  text?: string;
  albumId?: string;
  isEdit: boolean;
}

/**
 * - `rest`    it goes on with the last answer, which is then answered anew with both together
 * - `edit`    it takes the last answer's place
 * - `late`    the same of an answer that something has been built on: it is not taken, and that is said
 * - `album`   another file of one that was taken: only one counts, and that is said
 */
export type Belongs = 'rest' | 'edit' | 'late' | 'album';

/** Clients cut at 4,096 characters, some at the last space or line before. */
const NEARLY_FULL = 3_500;
/** Pieces leave one after another; a slow line takes seconds for each. */
const PIECES_WITHIN_S = 10;
/** Two messages forwarded or pasted at once. */
const TOGETHER_WITHIN_S = 1;
/** Between two pieces the bot itself may have written. */
const IDS_BETWEEN = 10;

/** What the message is to the last answer, if anything. */
export function belongsTo(
  { answered, revision }: Pick<Session, 'answered' | 'revision'>,
  written: Written,
): Belongs | undefined {
  if (written.isEdit) {
    if (answered?.messageId !== written.messageId) return 'late';
    return answered.revision === revision ? 'edit' : 'late';
  }
  if (!answered) return undefined;
  if (written.albumId !== undefined) return written.albumId === answered.albumId ? 'album' : undefined;
  if (written.text === undefined || answered.text === undefined || !follows(answered, written)) return undefined;
  const seconds = written.at - answered.at;
  const isRest =
    answered.length >= NEARLY_FULL
      ? seconds <= PIECES_WITHIN_S
      : seconds <= TOGETHER_WITHIN_S && isList(answered.text) && isList(written.text);
  if (!isRest) return undefined;
  return answered.revision === revision ? 'rest' : 'late';
}

/** A text of numbers is hardly an answer to anything but a question for them. */
function isList(text: string): boolean {
  return numbersAlone(text) !== 'none';
}

function follows(answered: Answered, { messageId }: Written): boolean {
  return messageId > answered.messageId && messageId - answered.messageId <= IDS_BETWEEN;
}
