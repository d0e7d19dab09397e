/** /approvals: which campaigns needed a second person's yes, who gave it or said no, and when. */
import { Composer } from 'telegraf';
import { ANY, buttonData, buttonPattern } from '../../clients/telegram-buttons';
import type { ApprovalEntry } from '../../report/approval-history';
import type { By } from '../../store/users';
import { named } from '../commands';
import type { BotContext } from '../context';
import type { Screen } from '../screen';
import type { BotServices } from '../services/contract';
import { Html, shorten, type Texts } from '../texts';

const PAGE_SIZE = 8;

export function approvalHistory({ approvals }: Pick<BotServices, 'approvals'>): Composer<BotContext> {
  async function page(wanted: number, texts: Texts): Promise<Screen> {
    // One more than is shown tells whether there is another page.
    const { entries, nameOf } = await approvals.history(
      { skip: wanted * PAGE_SIZE, limit: PAGE_SIZE + 1 },
      texts.language,
    );
    const ids = [...new Set(entries.map(({ campaignId }) => campaignId))];
    const shown = new Set(ids.slice(0, PAGE_SIZE));
    const lines = entries
      .filter(({ campaignId }) => shown.has(campaignId))
      .map((entry) => lineOf(entry, nameOf, texts));
    const to = (text: string, number: number): Screen['keyboard'][number][number] => ({
      text,
      data: buttonData('approval', 'page', number),
    });
    const row = [
      ...(wanted > 0 ? [to('‹', wanted - 1)] : []),
      ...(ids.length > PAGE_SIZE ? [to('›', wanted + 1)] : []),
    ];
    return {
      html: texts.html(lines.length > 0 ? 'approval.history' : 'approval.noHistory', {
        entries: new Html(lines.join('\n\n')),
      }),
      keyboard: row.length > 0 ? [row] : [],
    };
  }

  const composer = new Composer<BotContext>();
  composer.command(named('approvals'), async (ctx) => ctx.replyWithScreen(await page(0, ctx.texts)));
  composer.action(buttonPattern('approval', 'page', ANY), async (ctx) =>
    ctx.showScreen(await page(Math.max(0, Number(ctx.match[1]) || 0), ctx.texts)),
  );
  return composer;
}

function lineOf(entry: ApprovalEntry, nameOf: (by: By) => string, texts: Texts): string {
  const { campaignId, name, state, askedAt, makers, people, answeredBy, answeredAt, reason } = entry;
  const by = makers.map((id) => nameOf({ kind: 'telegram', id })).join(', ') || nameOf({ kind: 'cli' });
  const head = texts.html('approval.asked', {
    name: shorten(name || campaignId, 60),
    by: shorten(by, 60),
    at: texts.shortTime(askedAt),
    count: people,
  });
  const answer = texts.html(`approval.answers.${state}`, {
    by: answeredBy ? shorten(nameOf(answeredBy), 40) : '',
    at: answeredAt ? texts.shortTime(answeredAt) : '',
  });
  return [head, answer, ...(reason ? [texts.html('approval.because', { reason: shorten(reason, 200) })] : [])].join(
    '\n',
  );
}
