/** /audit: who did what, and who saw which report, newest first. */
import { Composer } from 'telegraf';
import { ANY, buttonData, buttonPattern } from '../../clients/telegram-buttons';
import { changeText } from '../../report/change';
import type { AuditDocument } from '../../store/audit';
import { named } from '../commands';
import type { BotContext } from '../context';
import type { Screen } from '../screen';
import type { BotServices } from '../services/contract';
import { Html, shorten, type Texts } from '../texts';

const PAGE_SIZE = 15;
const NAME_LENGTH = 30;
const CHANGE_LENGTH = 120;

export function audit({ audit: entries }: Pick<BotServices, 'audit'>): Composer<BotContext> {
  async function page(wanted: number, texts: Texts): Promise<Screen> {
    // One more than is shown tells whether there is another page.
    const found = await entries.find({}, { skip: wanted * PAGE_SIZE, limit: PAGE_SIZE + 1 }).toArray();
    const to = (text: string, number: number): Screen['keyboard'][number][number] => ({
      text,
      data: buttonData('audit', number),
    });
    const row = [
      ...(wanted > 0 ? [to('‹', wanted - 1)] : []),
      ...(found.length > PAGE_SIZE ? [to('›', wanted + 1)] : []),
    ];
    const lines = found.slice(0, PAGE_SIZE).map((entry) => lineOf(entry, texts));
    return {
      html: texts.html(lines.length > 0 ? 'audit.title' : 'audit.none', { entries: new Html(lines.join('\n')) }),
      keyboard: row.length > 0 ? [row] : [],
    };
  }

  const composer = new Composer<BotContext>();
  composer.command(named('audit'), async (ctx) => ctx.replyWithScreen(await page(0, ctx.texts)));
  composer.action(buttonPattern('audit', ANY), async (ctx) =>
    ctx.showScreen(await page(Math.max(0, Number(ctx.match[1]) || 0), ctx.texts)),
  );
  return composer;
}

function lineOf(entry: AuditDocument, texts: Texts): string {
  const { at, actor, name, action, what, campaignId } = entry;
  const change = shorten(changeText(entry), CHANGE_LENGTH);
  const who = name ?? texts.plain(`team.by.${actor.kind}`, actor.kind === 'telegram' ? { id: actor.id } : {});
  return texts.html('audit.entry', {
    at: texts.shortTime(at),
    who: shorten(who, NAME_LENGTH),
    action: texts.plain(`audit.actions.${action}`),
    what: [what, campaignId, change].filter(Boolean).join(' · '),
  });
}
