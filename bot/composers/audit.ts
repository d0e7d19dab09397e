/** /audit: who did what, and who saw which report, newest first. */
import { Composer } from 'telegraf';
import { ANY, buttonData, buttonPattern } from '../../clients/telegram-buttons';
import { translate } from '../../config/i18n';
import { stepFactsIn } from '../../domain/follow-ups';
import { changeText, storedText } from '../../report/change';
import type { AuditDocument } from '../../store/audit';
import { named } from '../commands';
import type { BotContext } from '../context';
import type { Screen } from '../screen';
import { stepWords } from '../screens/follow-up';
import type { BotServices } from '../services/contract';
import { Html, shorten, type Texts } from '../texts';

const PAGE_SIZE = 15;
const NAME_LENGTH = 30;
const CAMPAIGN_LENGTH = 40;
const CHANGE_LENGTH = 120;

/** What stands for ids. */
interface Names {
  people: ReadonlyMap<number, string>;
  campaigns: ReadonlyMap<string, string>;
}

export function audit({
  audit: entries,
  users,
  campaignNames,
}: Pick<BotServices, 'audit' | 'users' | 'campaignNames'>): Composer<BotContext> {
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
    const shown = found.slice(0, PAGE_SIZE);
    const ids = [...new Set(shown.flatMap(({ campaignId }) => campaignId ?? []))];
    const [people, campaigns] = await Promise.all([namesOf(shown), campaignNames(ids)]);
    const lines = shown.map((entry) => lineOf(entry, { people, campaigns }, texts));
    return {
      html: texts.html(lines.length > 0 ? 'audit.title' : 'audit.none', { entries: new Html(lines.join('\n')) }),
      keyboard: row.length > 0 ? [row] : [],
    };
  }

  /** Of those whose entry does not say it. */
  async function namesOf(shown: readonly AuditDocument[]): Promise<ReadonlyMap<number, string>> {
    const nameless = shown.flatMap(({ actor, name }) => (actor.kind === 'telegram' && !name ? [actor.id] : []));
    const known = await Promise.all(
      [...new Set(nameless)].map(async (id) => [id, (await users.find(id))?.name] as const),
    );
    return new Map(known.flatMap(([id, name]) => (name ? [[id, name] as const] : [])));
  }

  const composer = new Composer<BotContext>();
  composer.command(named('audit'), async (ctx) => ctx.replyWithScreen(await page(0, ctx.texts)));
  composer.action(buttonPattern('audit', ANY), async (ctx) =>
    ctx.showScreen(await page(Math.max(0, Number(ctx.match[1]) || 0), ctx.texts)),
  );
  return composer;
}

function lineOf(entry: AuditDocument, { people, campaigns }: Names, texts: Texts): string {
  const { at, actor, name, action, campaignId } = entry;
  const campaignName = campaignId && campaigns.get(campaignId);
  const campaign = campaignName
    ? translate(texts.language, 'alerts.named', { name: shorten(campaignName, CAMPAIGN_LENGTH) })
    : campaignId;
  const naming = {
    fact: (fact: string) => factText(fact, texts),
    value: (fact: string, value: unknown) => valueText(entry, fact, value, texts),
  };
  const change = shorten(changeText(entry, naming), CHANGE_LENGTH);
  const who =
    name ??
    (actor.kind === 'telegram' ? people.get(actor.id) : undefined) ??
    texts.plain(`team.by.${actor.kind}`, actor.kind === 'telegram' ? { id: actor.id } : {});
  return texts.html('audit.entry', {
    at: texts.shortTime(at),
    who: shorten(who, NAME_LENGTH),
    action: texts.plain(`audit.actions.${action}`),
    what: [whatText(entry, texts), campaign, change].filter(Boolean).join(' · '),
  });
}

/** `campaign pause` → `campaign: pause`, in the reader's language; a command stays what one types. */
function whatText({ what, action, campaignId }: AuditDocument, texts: Texts): string | undefined {
  if (what === undefined || what.startsWith('/')) return what;
  const [area = '', ...parts] = what.split(' ');
  // Of a report the action says what it is, and whose it is stands beside it.
  if (action === 'report' && area === 'sent') return texts.plain('audit.sentAtTheEnd');
  const own = parts.map((part) => part.replace(/^[ctr]-(?=\w{6,})/, '')).filter((part) => part !== campaignId);
  const rest = own.map((part) => known('words', part, texts)).join(' ');
  const shownArea = action === 'report' && area === 'report' ? '' : known('words', area, texts);
  return [shownArea, rest].filter(Boolean).join(': ');
}

function factText(fact: string, texts: Texts): string {
  const step = /^step (\d+)$/.exec(fact)?.[1];
  return step === undefined ? known('facts', fact, texts) : texts.plain('audit.facts.step', { step: Number(step) });
}

function valueText({ what }: AuditDocument, fact: string, stored: unknown, texts: Texts): string {
  const step = stepFactsIn(stored);
  if (step) return texts.plain('audit.step', stepWords(step, texts));
  const value = storedText(stored);
  const states = what?.startsWith('follow-ups ') ? 'chainStates' : 'campaignStates';
  const word = { state: `${states}.${value}`, role: `roles.${value}` }[fact];
  if (word) return wordOr(texts.word(word), word, value);
  if (what === 'prices import')
    return value
      .replace(/prices changed: (\d+)/, (_, n: string) => texts.plain('audit.pricesChanged', { n: Number(n) }))
      .replace(/fee: ([\d.]+)$/, (_, fee: string) => texts.plain('audit.fee', { fee }));
  return fact === 'startsAt' && !Number.isNaN(Date.parse(value)) ? texts.shortTime(new Date(value)) : value;
}

/** What the texts have no word for, such as an id, stays as it is. */
function known(kind: 'words' | 'facts', name: string, texts: Texts): string {
  const key = `audit.${kind}.${name}`;
  return /^[\w!-]+$/.test(name) ? wordOr(texts.plain(key), key, name) : name;
}

/** A key that has no text comes back as itself. */
const wordOr = (text: string, key: string, otherwise: string): string => (text.endsWith(key) ? otherwise : text);
