/** /new: the conversation about a new campaign, begun or gone on with. */
import { Composer } from 'telegraf';
import { buttonPattern } from '../../clients/telegram-buttons';
import { named } from '../commands';
import type { BotContext } from '../context';
import { emptyDraft, nextStep } from '../conversation/draft';

export function newCampaign(): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const begin = ({ session, conversation }: BotContext): Promise<void> => {
    const { step, draft } = session.waiting ?? session;
    const isUnfinished = step.at !== 'home' && step.at !== 'unfinished' && draft.template;
    return isUnfinished
      ? conversation.enter({ at: 'unfinished', kept: step }, draft)
      : conversation.enter(nextStep(emptyDraft), emptyDraft);
  };
  composer.command(named('new'), begin);
  composer.action(buttonPattern('menu', 'new'), begin);
  return composer;
}
