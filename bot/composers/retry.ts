/** The buttons by which a campaign sends again: to those that failed, and to those nobody knows about. */
import { nanoid } from 'nanoid';
import type { CampaignStatus } from '../../campaigns/contract';
import type { Result } from '../../config/errors';
import type { Turn } from '../conversation/conversation';
import type { Screen } from '../screen';
import { renderResendSure, renderRetry, renderUnknown } from '../screens/retry';
import type { BotServices } from '../services/contract';

export interface Retry {
  /** True when the button was one of these, and is dealt with. */
  press(turn: Turn, messageId: number | undefined, status: CampaignStatus, parts: readonly string[]): Promise<boolean>;
}

/** What the panel of campaigns does for it. */
export interface RetryOptions {
  services: Pick<BotServices, 'campaigns' | 'followUps'>;
  /** Asks in the campaign's message. */
  ask(turn: Turn, messageId: number | undefined, status: CampaignStatus, screen: Screen): Promise<void>;
  /** Shows the campaign as it is now, in this message or, without one, in a new one. */
  show(turn: Turn, messageId: number | undefined, campaignId: string): Promise<void>;
  /** A message of its own. */
  say(turn: Turn, html: string): Promise<void>;
  /** The refusal in words, in a message of its own. */
  refuse(turn: Turn, refused: Extract<Result<never>, { ok: false }>): Promise<void>;
}

const PRESS_LENGTH = 8;

export function createRetry({ services, ask, show, say, refuse }: RetryOptions): Retry {
  const { campaigns, followUps } = services;

  /** Says what came of it; those of an ended campaign go on in one of their own. */
  async function tell(
    turn: Turn,
    messageId: number | undefined,
    id: string,
    taken: Result<{ id: string; count: number }>,
  ): Promise<void> {
    await show(turn, messageId, id);
    if (!taken.ok) return refuse(turn, taken);
    const { count } = taken.value;
    if (taken.value.id === id) return say(turn, turn.texts.html('again.retried', { count }));
    await say(turn, turn.texts.html('again.started', { count }));
    await show(turn, undefined, taken.value.id);
  }

  return {
    press: async (turn, messageId, status, [action, press = '', family = '']) => {
      const { texts, actor: by } = turn;
      const { id, ledger } = status;
      const screen = await screenFor(action, status, press, turn);
      if (screen) {
        await ask(turn, messageId, status, screen);
        return true;
      }
      const updateId = `again-${press}`;
      switch (action) {
        case 'retry!': {
          const families = family ? { families: [family] } : {};
          await tell(turn, messageId, id, await campaigns.retryFailed(id, { ...families, by, updateId }));
          return true;
        }
        case 'resend!':
          await tell(turn, messageId, id, await campaigns.decideUnknown(id, { choice: 'send_again', by, updateId }));
          return true;
        case 'assume!': {
          const taken = await campaigns.decideUnknown(id, { choice: 'assume_sent', by });
          await show(turn, messageId, id);
          if (!taken.ok) await refuse(turn, taken);
          else if (taken.value.count > 0 || ledger.unknown > 0)
            await say(turn, texts.html('again.assumed', { count: taken.value.count }));
          return true;
        }
        default:
          return false;
      }
    },
  };

  /** The question that the button opens; none when there is nobody left to ask about. */
  async function screenFor(
    action: string | undefined,
    status: CampaignStatus,
    press: string,
    { texts }: Turn,
  ): Promise<Screen | undefined> {
    const { id, ledger } = status;
    if (action === 'retry' && ledger.failed > 0) {
      return renderRetry(status, await followUps(id, 'failed'), nanoid(PRESS_LENGTH), texts);
    }
    if (action === 'unknown' && ledger.unknown > 0) return renderUnknown(status, nanoid(PRESS_LENGTH), texts);
    if (action === 'resend' && ledger.unknown > 0) {
      return renderResendSure(status, await followUps(id, 'unknown'), press, texts);
    }
    return undefined;
  }
}
