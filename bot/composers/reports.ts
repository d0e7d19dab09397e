/** The report of a campaign, from a button of its message: in words, and as a file. */
import { Composer, Input } from 'telegraf';
import { ANY, buttonPattern } from '../../clients/telegram-buttons';
import type { CampaignMessages } from '../campaign-messages';
import type { BotContext } from '../context';
import { campaignButton } from '../screens/campaigns';
import type { BotServices } from '../services/contract';

export interface ReportsOptions {
  services: Pick<BotServices, 'report'>;
  shown: CampaignMessages;
}

export function reports({ services: { report }, shown }: ReportsOptions): Composer<BotContext> {
  return new Composer<BotContext>().action(
    buttonPattern('campaign', ANY, 'report'),
    shown.with(async (ctx, { id }) => {
      const { texts } = ctx;
      const html = await report.message(id, texts.language);
      if (!html.ok) return shown.refuse(ctx, html.refusal);
      const openCampaign = campaignButton(id, 'panel', texts.plain('buttons.openCampaign'));
      await ctx.replyWithScreen({ html: html.value, keyboard: [[openCampaign]] });
      const csv = await report.csv(id, texts.language);
      if (!csv.ok) return shown.refuse(ctx, csv.refusal);
      await ctx.sendChatAction('upload_document');
      return ctx.replyWithDocument(Input.fromBuffer(csv.value.content, csv.value.fileName));
    }),
  );
}
