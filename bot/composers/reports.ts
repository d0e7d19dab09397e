/** /reports and the report of a campaign: in words at once, its files when asked for, and what can be done after it. */
import { Composer, Input } from 'telegraf';
import { ANY, buttonPattern } from '../../clients/telegram-buttons';
import { OUTCOME_NAMES, outcomeSource } from '../../domain/audience';
import type { CampaignMessages } from '../campaign-messages';
import { named } from '../commands';
import type { BotContext, Press } from '../context';
import { emptyDraft } from '../conversation/draft';
import { warning } from '../screen';
import {
  ANSWERS_PAGE,
  renderAnswers,
  renderDeadSure,
  renderReportChoice,
  renderReportTemplates,
  reportKeyboard,
  subjectOf,
} from '../screens/reports';
import type { BotServices } from '../services/contract';
import { REPORT_FILES, type ReportFile, type ReportSubject } from '../services/report';

export interface ReportsOptions {
  services: Pick<BotServices, 'report' | 'campaigns' | 'stoplist' | 'audience' | 'copyOf'>;
  shown: CampaignMessages;
}

/** The pressed message holds answers: its keyboard has no other buttons of a report. */
function isAnswers({ callbackQuery }: Press): boolean {
  const message = callbackQuery.message;
  const rows = message && 'reply_markup' in message ? (message.reply_markup?.inline_keyboard ?? []) : [];
  return rows
    .flat()
    .every((button) => 'callback_data' in button && /:(said|answers)(:|$)|^1:n/.test(button.callback_data));
}

export function reports({ services, shown }: ReportsOptions): Composer<BotContext> {
  const { report } = services;
  const composer = new Composer<BotContext>();

  const choose = (ctx: BotContext): Promise<unknown> => ctx.replyWithScreen(renderReportChoice(ctx.texts));
  composer.command(named('reports'), choose);
  composer.action(buttonPattern('menu', 'reports'), choose);
  composer.action(buttonPattern('report', ANY, 'templates'), async (ctx) =>
    ctx.showScreen(renderReportTemplates(await report.templates(), Number(ctx.match[1]) || 0, ctx.texts)),
  );

  async function show(ctx: BotContext, subject: ReportSubject): Promise<unknown> {
    const html = await report.message(subject, ctx.texts.language);
    if (!html.ok) return shown.refuse(ctx, html.refusal);
    const status = 'campaign' in subject ? await services.campaigns.status(subject.campaign) : undefined;
    const keyboard = reportKeyboard(subject, status?.ok ? status.value : undefined, ctx.texts);
    return ctx.replyWithScreen({ html: html.value, keyboard });
  }

  // From a campaign's own message.
  composer.action(
    buttonPattern('campaign', ANY, 'report'),
    shown.with((ctx, { id }) => show(ctx, { campaign: id })),
  );

  /** A button of a report; one of another version leads to the choice. */
  const button = (
    parts: (string | RegExp)[],
    handler: (ctx: Press, subject: ReportSubject) => Promise<unknown>,
  ): unknown =>
    composer.action(buttonPattern('report', ANY, ...parts), async (ctx) => {
      const subject = subjectOf(ctx.match[1] ?? '');
      return subject ? handler(ctx, subject) : choose(ctx);
    });

  button(['show'], show);
  for (const kind of REPORT_FILES) button([kind], (ctx, subject) => send(ctx, subject, kind));

  async function send(ctx: Press, subject: ReportSubject, kind: ReportFile): Promise<unknown> {
    await ctx.sendChatAction(kind === 'png' ? 'upload_photo' : 'upload_document');
    const file = await report.file(subject, kind, ctx.texts.language);
    if (!file.ok) return shown.refuse(ctx, file.refusal);
    const { content, fileName } = file.value;
    if (kind === 'png') return ctx.replyWithPhoto(Input.fromBuffer(content, fileName));
    return ctx.replyWithDocument(Input.fromBuffer(content, fileName));
  }

  /** The same for what is done after the report of one campaign, with the campaign as it is now. */
  const after = (parts: (string | RegExp)[], handler: Parameters<CampaignMessages['with']>[0]): unknown =>
    button(parts, async (ctx, subject) => {
      if (!('campaign' in subject)) return choose(ctx);
      const found = await services.campaigns.status(subject.campaign, { fresh: true });
      return found.ok ? handler(ctx, found.value) : shown.refuse(ctx, found.refusal);
    });

  after(['said', ANY], async (ctx, { id, name }) => {
    const page = Math.max(0, Number(ctx.match[2]) || 0);
    const found = await report.answers(id, { skip: page * ANSWERS_PAGE, limit: ANSWERS_PAGE });
    const screen = renderAnswers({ id, name }, found, page, ctx.texts);
    // From the report a message of its own; another page of it in its place.
    return isAnswers(ctx) ? ctx.showScreen(screen) : ctx.replyWithScreen(screen);
  });
  after(['to', ANY], async (ctx, { id, name }) => {
    const { texts } = ctx;
    const outcome = OUTCOME_NAMES.find((one) => one === ctx.match[2]);
    if (!outcome) return choose(ctx);
    const source = outcomeSource(id, outcome);
    const columns = await services.audience.columns(source);
    if (!columns.ok) return shown.refuse(ctx, columns.refusal);
    const words = texts.plain(`audience.outcomes.${outcome}`);
    const label = texts.plain('audience.outcomeLabel', { name, outcome: words });
    const people = { include: [{ source, label, columns: columns.value }], exclude: [] };
    return ctx.conversation.enter({ at: 'template', page: 0 }, { ...emptyDraft, audience: people });
  });
  after(['copy'], async (ctx, { id }) => {
    const draft = await services.copyOf(id);
    return draft.ok ? ctx.conversation.enter({ at: 'audience' }, draft.value) : shown.refuse(ctx, draft.refusal);
  });
  after(['dead'], (ctx, status) => ctx.replyWithScreen(renderDeadSure(status, ctx.texts)));
  after(['dead!'], async (ctx, { id }) => {
    const added = await services.stoplist.addAll(await report.deadNumbers(id), 'all', ctx.actor);
    const { texts } = ctx;
    const html =
      added > 0 ? texts.html('reports.deadDone', { count: added }) : warning(texts, texts.plain('reports.deadNone'));
    return ctx.showScreen({ html, keyboard: [] });
  });

  return composer;
}
