/**
 * Carries out nothing that the person's role does not allow. The role was read for this very update (team-only.ts), so a
 * change holds from the next one on. Telegraf knows handlers, but not who may have them run.
 */
import type { MiddlewareFn } from 'telegraf';
import { lowestRole, may, type Right } from '../../domain/roles';
import type { AuditStore } from '../../store/audit';
import { renderMenu } from '../commands';
import { answerPress, tellPresser, type BotContext } from '../context';
import { emptyDraft } from '../conversation/draft';
import { askedIn, rightsFor } from '../rights';
import { warning } from '../screen';

interface RightsOptions {
  audit: Pick<AuditStore, 'record'>;
  now(): Date;
}

/** What only looks leaves no trace, but commands and reports do. */
const LOOKS: readonly Right[] = ['bot.use', 'campaigns.look', 'templates.look', 'funnel.look', 'campaigns.create'];

export function onlyWithRight({ audit, now }: RightsOptions): MiddlewareFn<BotContext> {
  async function record(ctx: BotContext, rights: readonly Right[], isAllowed: boolean): Promise<void> {
    const { what, isCommand, campaignId } = askedIn(ctx);
    if (isAllowed && !isCommand && rights.every((right) => LOOKS.includes(right))) return;
    const action = !isAllowed ? 'refused' : rights.includes('reports.look') ? 'report' : 'asked';
    const { actor, user } = ctx;
    await audit.record({
      ...{ at: now(), actor, action, what },
      ...(user.name && { name: user.name }),
      ...(campaignId && { campaignId }),
    });
  }

  return async (ctx, next) => {
    const { texts, role, session, log } = ctx;
    const rights = rightsFor(ctx);
    if (rights === 'unknown') {
      log.error('a button has no right in the table: nobody may press it');
      await answerPress(ctx, texts.plain('staleButton'));
      return void (await ctx.showScreen(renderMenu(texts.html('start'), texts)));
    }
    const lacking = rights.find((right) => !may(role, right));
    // Before it is carried out: what a crash cuts off was asked for all the same.
    await record(ctx, rights, !lacking);
    if (!lacking) return next();
    const sentence = texts.plain('team.notAllowed', {
      role: texts.word(`roles.${role}`),
      needed: texts.word(`roles.${lowestRole(lacking)}`),
    });
    if (ctx.callbackQuery) return tellPresser(ctx, sentence);
    // A question from before the change must not swallow every further word.
    Object.assign(session, { step: { at: 'home' }, draft: emptyDraft });
    delete session.waiting;
    delete session.answered;
    await ctx.saveSession();
    await ctx.replyWithScreen(renderMenu(warning(texts, sentence), texts));
  };
}
