/** Screens as pure functions: state in, text and buttons out, in both languages. */
import { DateTime } from 'luxon';
import { ANY, buttonData, buttonPattern, parseButtonData } from '../../clients/telegram-buttons';
import { Composer, Telegraf } from 'telegraf';
import type { Update } from 'telegraf/types';
import { named } from '../../bot/commands';
import type { BotContext } from '../../bot/context';
import { pageOf, pagerRow, type Screen } from '../../bot/screen';
import { renderCampaign } from '../../bot/screens/campaign-progress';
import { renderSure } from '../../bot/screens/campaigns';
import { renderPreview } from '../../bot/screens/preview';
import { exampleValues } from '../../bot/conversation/variants';
import { renderCalendar, renderHours } from '../../bot/screens/when';
import type { Preflight } from '../../campaigns/contract';
import { createView } from '../../bot/conversation/talk';
import { createTexts, shorten } from '../../bot/texts';
import { CAMPAIGN_STATES } from '../../domain/story/campaign';
import { emptyLedger } from '../../domain/story/ledger';
import type { Draft } from '../../bot/conversation/draft';
import enBot from '../../config/locales/en/bot.json';
import ruBot from '../../config/locales/ru/bot.json';
import { trouble } from '../../domain/story/trouble';
import { preflightOf, statusOf, WELCOME } from './fake-services';

const zone = 'Europe/Moscow';
const ru = createTexts('ru', zone);
const en = createTexts('en', zone);
const view = createView(ru, 5);
const now = DateTime.fromISO('2026-01-15T12:30', { zone });
const seen = { now, cap: 20, testPhones: [] };
const labels = ({ keyboard }: Screen): string[][] => keyboard.map((row) => row.map(({ text }) => text));

describe('a campaign', () => {
  it('shows counts with reasons, a bar, and speed with what is left', () => {
    const status = statusOf('c1', 'running', {
      name: 'A & <b>',
      ledger: {
        ...emptyLedger(),
        total: 302,
        queued: 100,
        sending: 2,
        delivered: 150,
        read: 40,
        failed: 7,
        skipped: 3,
      },
      failures: { '131026': 3, '470': 1, '1013': 1, '131047': 0, '1026': 2 },
      skips: { duplicate: 2, no_phone: 1 },
    });
    const { html } = renderCampaign(status, ru, { perSecond: 17 }, now.toJSDate());
    expect(html).toBe(
      [
        '▶️ <b>A &amp; &lt;b&gt;</b> — идёт',
        '<i>welcome · clients.csv</i>',
        '',
        '▰▰▰▰▰▰▰▱▱▱ <b>65 %</b> · 197 из 299',
        '',
        '✉️ отправлено <b>197</b> ▸ доставлено <b>190</b> ▸ прочитано <b>40</b>',
        '⏳ в очереди: <b>100</b>',
        '📤 отправляется: <b>2</b>',
        '❌ не доставлено: <b>7</b>',
        '   <i>• номера нет в WhatsApp, старое приложение или нас заблокировали (131026): 3</i>',
        '   <i>• отказал старый сервер WhatsApp (1026): 2</i>',
        '   <i>• 24-часовое окно закрыто, нужен шаблон (470): 1</i>',
        '   <i>• другие причины: 1</i>',
        '⏭ пропущено: <b>3</b> <i>(повторный номер × 2, нет телефона × 1)</i>',
        '',
        '⚡️ 17,0/с (предел 20/с) · всё уйдёт примерно к 12:31',
      ].join('\n'),
    );
  });

  it('as people read, what was delivered does not fall', () => {
    const card = (delivered: number, read: number): string =>
      renderCampaign(statusOf('c1', 'settling', { ledger: { ...emptyLedger(), total: 174, delivered, read } }), ru)
        .html;
    expect(card(174, 0)).toContain('отправлено <b>174</b> ▸ доставлено <b>174</b> ▸ прочитано <b>0</b>');
    expect(card(89, 85)).toContain('отправлено <b>174</b> ▸ доставлено <b>174</b> ▸ прочитано <b>85</b>');
  });

  it('is not ticked when all of it failed', () => {
    const ended = (failed: number, read: number): string =>
      renderCampaign(
        statusOf('c1', 'completed', { ledger: { ...emptyLedger(), total: 4, skipped: 1, failed, read } }),
        ru,
      ).html;
    expect(ended(3, 0)).toMatch(/^❌/);
    expect(ended(2, 1)).toMatch(/^✅/);
  });

  it.each([
    ['in seconds', 1, 20, 'all sent by about 12:31'],
    ['in ten minutes', 12_000, 20, 'all sent by about 12:41'],
    ['in half a minute, which ends in the next', 600, 20, 'all sent by about 12:31'],
    ['at night, after midnight', 20 * 3600 * 12, 20, 'all sent by about 16.01 00:31'],
    ['at the cap, before a speed is known', 3_000, undefined, 'all sent by about 12:41'],
  ])('names its end as a time of day, true however long it stands there: %s', (_when, queued, perSecond, words) => {
    const status = statusOf('c1', 'running', { ledger: { ...emptyLedger(), total: queued, queued }, ratePerSecond: 5 });
    const { html } = renderCampaign(status, en, perSecond ? { perSecond } : {}, now.toJSDate());
    expect(html).toContain(words);
    expect(html).not.toMatch(/\bleft\b/);
  });

  it('is never at 0 % or 100 % before it is', () => {
    const percent = (queued: number): string | undefined =>
      /(\d+) %/.exec(
        renderCampaign(
          statusOf('c1', 'running', { ledger: { ...emptyLedger(), total: 1000, queued, sent: 1000 - queued } }),
          ru,
        ).html,
      )?.[1];
    expect([1000, 1, 0].map(percent)).toEqual(['0', '99', '100']);
  });

  it('says which error stopped it: in its own language, or in the words that came when nobody documents the code', () => {
    const stoppedBy = (code: string, texts = en): string =>
      renderCampaign(statusOf('c1', 'paused', { stateReason: { error: { code, detail: 'Strange <issue>' } } }), texts)
        .html;
    expect(stoppedBy('131042')).toContain('Stopped by error <code>131042</code>: payment problem at WhatsApp\n');
    expect(stoppedBy('1003', ru)).toContain('<code>1003</code>: кошелёк Gupshup пуст\n');
    expect(stoppedBy('unheard_of')).toContain('Stopped: Strange &lt;issue&gt;\n');
    const error = trouble('template_event', { template: 'a<b', status: 'PAUSED' });
    const { html } = renderCampaign(statusOf('c1', 'paused', { stateReason: { error } }), en);
    expect(html).toContain('Stopped: template a&lt;b is PAUSED now\n');
    expect(stoppedBy('4711')).toContain('<code>4711</code>: Strange &lt;issue&gt;\n');
  });

  it('says that it comes too late, and until when it is closed', () => {
    const stateReason = { error: { code: 'late', detail: 'planned for …' } };
    expect(renderCampaign(statusOf('c1', 'paused', { stateReason }), en).html).toContain('did not start on time');
    const opensAt = new Date('2026-01-16T06:00:00Z');
    const { html } = renderCampaign(statusOf('c1', 'running', { opensAt }), ru);
    expect(html).toContain('Сейчас не время отправки. Продолжится: <b>16 января 2026, 09:00');
  });

  it.each([
    ['draft', ['🚀 Start']],
    ['scheduled', ['🕒 Reschedule', '⚡️ Rate', '🔄 Refresh', '🔁 On a schedule', '🛑 Cancel']],
    ['preparing', ['⚡️ Rate', '🔄 Refresh', '📄 Report', '🛑 Cancel']],
    [
      'running',
      ['⏸ Pause', '⚡️ Rate', '🐢 10/s', '↻ Send to those not reached · 1', '🔄 Refresh', '📄 Report', '🛑 Cancel'],
    ],
    ['paused', ['▶️ Resume', '⚡️ Rate', '↻ Send to those not reached · 1', '🔄 Refresh', '📄 Report', '🛑 Cancel']],
    ['settling', ['⏸ Pause', '↻ Send to those not reached · 1', '🔄 Refresh', '📄 Report', '🛑 Cancel']],
    ['completed', ['↻ Send to those not reached · 1', '📄 Report', '🔁 On a schedule', '📋 Same to others']],
  ] as const)('in state %s has the buttons that fit', (state, expected) => {
    expect(labels(renderCampaign(statusOf('c1', state), en)).flat()).toEqual([...expected, '‹ To the list']);
  });

  it.each([
    [
      'by somebody of the team',
      { stateReason: { by: 'telegram:5' }, stateBy: 'Anna <A>' },
      'Paused by Anna &lt;A&gt;, 15.01.26 11:30.',
    ],
    ['by somebody unknown', { stateReason: { by: 'telegram:5' } }, 'Paused by ID 5, '],
    ['from the console', { stateReason: { by: 'cli' } }, 'Paused by the console, '],
  ])('that was paused %s says by whom and when', (_how, values, expected) => {
    expect(renderCampaign(statusOf('c1', 'paused', values), en).html).toContain(expected);
  });

  it('that is being cancelled says so, promises no end and offers nothing more', () => {
    const screen = renderCampaign(statusOf('c1', 'running', { cancelling: true }), en, { perSecond: 5 });
    expect(screen.html).toContain('— being cancelled');
    expect(screen.html).not.toContain('all sent by');
    expect(labels(screen).flat()).not.toEqual(expect.arrayContaining(['🛑 Cancel']));
  });

  it('that waits for a retry says when it comes', () => {
    const nextRetryAt = new Date('2026-01-15T12:35:00Z');
    expect(renderCampaign(statusOf('c1', 'settling', { nextRetryAt }), en).html).toContain(
      'Next retry: <b>15 January 2026, 15:35',
    );
  });

  it('says whether it still sends again or only waits for receipts', () => {
    const { html } = renderCampaign(statusOf('c1', 'settling'), ru);
    expect(html).toContain('Первый круг пройден. Ещё 6 сообщений уйдут повторно; ждём отчётов о доставке.');
    const ledger = { ...emptyLedger(), total: 10, accepted: 2, delivered: 8 };
    expect(renderCampaign(statusOf('c1', 'settling', { ledger }), ru).html).toContain('Всё отправлено');
  });

  it('that only waits for receipts offers no pause and no cancel', () => {
    const ledger = { ...emptyLedger(), total: 10, accepted: 2, delivered: 8 };
    expect(labels(renderCampaign(statusOf('c1', 'settling', { ledger }), en)).flat()).toEqual([
      '🔄 Refresh', '📄 Report', '‹ To the list',
    ]); // prettier-ignore
  });

  it('fits into a message and its buttons into 64 bytes in every state and language', () => {
    const id = 'V1StGXR8_Z5jdHi6B-myT';
    for (const state of CAMPAIGN_STATES) {
      for (const texts of [ru, en]) {
        for (const screen of [
          renderCampaign(statusOf(id, state), texts),
          renderSure(statusOf(id, state), 'cancel', texts),
        ]) {
          expect(screen.html).not.toMatch(/bot\.|words\.|\{\{/);
          for (const { data } of screen.keyboard.flat()) expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
        }
      }
    }
  });
});

describe('the preview', () => {
  const draft: Draft = {
    template: WELCOME,
    audience: {
      include: [
        {
          source: { kind: 'list', listId: 'l' },
          label: 'clients.csv',
          columns: [
            { name: 'Имя', example: 'Иван' },
            { name: 'Город', example: '' },
          ],
        },
      ],
      exclude: [],
    },
    parameters: [
      { kind: 'column', column: 'Имя' },
      { kind: 'column', column: 'Город', fallback: 'Москва' },
    ],
    name: 'Акция',
  };
  const asCampaign = {
    name: '',
    template: '',
    audience: { kind: 'list' as const, listId: 'l' },
    audienceLabel: '',
    parameters: draft.parameters,
    createdBy: { kind: 'cli' as const },
  };

  it('shows counts, skips with examples and the first message', () => {
    const { html } = renderPreview(draft, preflightOf(asCampaign, WELCOME), seen, view);
    expect(html).toContain('👥 Отправим <b>10</b>, пропустим 2. Займёт около ');
    expect(html).toContain('• неверный телефон: 2\n   <i>строка 3, «12-34»: неверный телефон</i>');
    expect(html).toContain('<blockquote>Здравствуйте, &lt;Имя&gt;! Скидка &lt;Город&gt; ждёт вас.');
  });

  it('shows what it costs at most, the wallet, countries without a price, and what is worth knowing', () => {
    const preflight: Preflight = {
      ...preflightOf(asCampaign, WELCOME),
      cost: {
        currency: 'USD',
        from: 1.5,
        to: 12.345,
        pricesOf: '2026-01-01',
        unpriced: [
          { country: 'KZ', people: 7 },
          { country: '', people: 1 },
        ],
      },
      wallet: 5,
      warnings: [{ code: 'wallet_low', values: { balance: 5, from: 1.5, to: 12.345 } }],
    };
    const { html } = renderPreview(draft, preflight, seen, view);
    const shown = html.replace(/\u00a0/g, ' ');
    expect(shown).toContain('<b>1,50–12,35 $</b>, если доставят всем (цены от 1 января 2026)');
    expect(shown).toContain('В кошельке Gupshup — 5,00 $.');
    expect(shown).toContain('цена не задана: Казахстан (7 человек), номера без страны (1 человек).');
    expect(shown).toContain('⚠️ В кошельке Gupshup 5,00 $, а рассылка стоит от 1,50 $ до 12,35 $');
    const none = renderPreview(draft, { ...preflight, blocking: [{ code: 'audience_empty', values: {} }] }, seen, view);
    expect(none.html).not.toMatch(/[Дд]о <b>|Цены нет/);
    const unpriced = { ...preflight };
    delete unpriced.cost;
    expect(renderPreview(draft, unpriced, seen, view).html).toContain('Стоимость неизвестна');
    const exact = { ...preflight, cost: { ...preflight.cost!, from: 12.345, unpriced: [] } };
    expect(renderPreview(draft, exact, seen, view).html).toMatch(/Не дороже <b>12,35/);
  });

  it('of several places says of which one a line is', () => {
    const [first] = draft.audience!.include;
    const phones = { source: { kind: 'phones', phones: ['1'] }, label: '1 номер', columns: [] } as const;
    const several = {
      ...draft,
      audience: { include: [first!, { ...phones, source: { ...phones.source, phones: ['1'] } }], exclude: [] },
    } as Draft;
    const preflight = preflightOf(asCampaign, WELCOME);
    const skipExamples = [
      { reason: 'invalid_phone', origin: '1:3', value: '12-34' },
      { reason: 'duplicate', origin: '2:1', value: '1:4' },
    ] as const;
    const { html } = renderPreview(
      several,
      { ...preflight, skips: { invalid_phone: 1, duplicate: 1 }, skipExamples: [...skipExamples] },
      seen,
      view,
    );
    expect(html).toContain('clients.csv, строка 3, «12-34»: неверный телефон');
    expect(html).toContain('1 номер, номер 1: повторный номер, уже есть clients.csv, строка 4');
  });

  it('stays within a Telegram message with the longest templates there are', () => {
    const long = { ...WELCOME, body: '<&> '.repeat(256) };
    const preflight = preflightOf(asCampaign, long);
    const { html } = renderPreview(
      draft,
      { ...preflight, samples: Array(3).fill(preflight.samples[0]) },
      { ...seen, testPhones: ['+79001112233'] },
      view,
    );
    // Telegram counts after parsing.
    const parsed = html.replace(/<[^>]+>/g, '').replace(/&\w+;/g, 'x');
    expect(parsed.length).toBeLessThanOrEqual(4096);
  });

  it('fills a test with examples, fallbacks, or the column’s name', () => {
    expect(exampleValues(draft, ru)).toEqual(['Иван', 'Москва']);
    const [name] = draft.parameters;
    const columns = [{ name: 'Имя', example: 'ПЕТРОВ ИВАН' }];
    const audience = { include: [{ ...draft.audience!.include[0]!, columns }], exclude: [] };
    const transform = [{ name: 'first_name' }, { name: 'title_case' }] as const;
    const first = { ...name, transform: [...transform] } as Draft['parameters'][number];
    expect(exampleValues({ ...draft, audience, parameters: [first] }, ru)).toEqual(['Иван']);
  });
});

describe('the calendar', () => {
  it('is a grid from Monday to Sunday without past weeks, in which past days do nothing', () => {
    const screen = renderCalendar('2026-01', now, view);
    expect(labels(screen).slice(0, 3)).toEqual([
      ['январь 2026', '›'],
      ['пн', 'вт', 'ср', 'чт', 'пт', 'сб', 'вс'],
      ['·', '·', '·', '15', '16', '17', '18'],
    ]);
    const pressable = screen.keyboard
      .slice(2, -1)
      .flat()
      .filter(({ data }) => parseButtonData(data)?.area !== 'noop');
    // To the end of the week: the first of February is its Sunday.
    const rest = Array.from({ length: 17 }, (_, index) => index + 15);
    expect(pressable.map(({ text }) => Number(text))).toEqual([...rest, 1]);
    expect(pressable.at(-1)!.data).toContain('2026-02-01');
  });

  it('has the next month’s days where only the last one of a month is left', () => {
    const lastDay = DateTime.fromISO('2026-11-30T14:00', { zone });
    expect(labels(renderCalendar('2026-11', lastDay, view)).slice(2, -1)).toEqual([
      ['30', '1', '2', '3', '4', '5', '6'],
    ]);
    expect(
      labels(renderCalendar('2026-03', now, view))
        .slice(2, -1)
        .every((week) => week.length === 7),
    ).toBe(true);
  });

  it('turns to the next month and back, not into the past', () => {
    expect(labels(renderCalendar('2026-02', now, view))[0]).toEqual(['‹', 'февраль 2026', '›']);
    expect(labels(renderCalendar('2027-02', now, view))[0]).toEqual(['‹', 'февраль 2027']);
  });

  it('offers today only the hours to come', () => {
    const hours = labels(renderHours('2026-01-15', now, view))
      .slice(0, -1)
      .flat();
    // Whole rows of past hours are left out.
    expect(hours[0]).toBe('·');
    expect(hours.slice(1)).toEqual(
      ['13', '14', '15', '16', '17', '18', '19', '20', '21', '22', '23'].map((hour) => `${hour}:00`),
    );
  });
});

describe('texts', () => {
  const keysOf = (node: object, path = ''): string[] =>
    Object.entries(node).flatMap(([key, value]) =>
      typeof value === 'object'
        ? keysOf(value as object, `${path}${key}.`)
        : [`${path}${key.replace(/_(zero|one|few|many|other)$/, '')}`],
    );

  it('are there in both languages', () => {
    expect(new Set(keysOf(ruBot))).toEqual(new Set(keysOf(enBot)));
  });

  it.each([
    [1, '🚀 Отправить 1 сообщение'],
    [3, '🚀 Отправить 3 сообщения'],
    [11, '🚀 Отправить 11 сообщений'],
    [21, '🚀 Отправить 21 сообщение'],
    [112, '🚀 Отправить 112 сообщений'],
  ])('count %i in Russian as people do', (count, expected) => {
    expect(ru.plain('confirm.start', { count })).toBe(expected);
  });

  it('never let a value become markup', () => {
    expect(ru.html('template.search', { search: '<b>&"' })).toBe('Поиск: <b>&lt;b&gt;&amp;&quot;</b>');
  });

  it.each([
    [0.2, '1\u00a0с'],
    [59, '59\u00a0с'],
    [90, '2\u00a0мин'],
    [3600 * 1.5, '1\u00a0ч 30\u00a0мин'],
  ])('say %d seconds as %s', (seconds, expected) => expect(ru.duration(seconds)).toBe(expected));

  it('name the codes in a refusal', () => {
    expect(ru.refusal({ code: 'campaign_state', values: { command: 'pause', state: 'completed' } })).toBe(
      'Сейчас нельзя поставить на паузу: рассылка — «завершена».',
    );
  });

  it('are shortened by whole characters', () => expect(shorten('👍👍👍', 2)).toBe('👍…'));
});

describe('small parts', () => {
  it('button data come back as they were, and other versions as nothing', () => {
    expect(parseButtonData(buttonData('campaign', 'c1', 'pause'))).toEqual({
      area: 'campaign',
      parts: ['c1', 'pause'],
    });
    expect(parseButtonData('0:c:c1:pause')).toBeUndefined();
    expect(parseButtonData('1:z')).toBeUndefined();
    expect(() => buttonData('campaign', 'ы'.repeat(40))).toThrow('at most 64 bytes, got 84');
  });

  it('a button is matched by the pattern of its area and action, and its parts are captured', () => {
    const pattern = buttonPattern('campaign', ANY, 'retry!', ANY);
    expect(pattern.exec(buttonData('campaign', 'c1', 'retry!', ''))?.slice(1)).toEqual(['c1', '']);
    expect(pattern.exec(buttonData('campaign', 'c1', 'retry'))).toBeNull();
    expect(pattern.exec(buttonData('campaign', 'c1', 'retry!', 'x', 'y'))).toBeNull();
    expect(pattern.exec(buttonData('templates', 'c1', 'retry!', 'x'))).toBeNull();
  });

  it('a page outside the list is the nearest one there is', () => {
    expect(pageOf([1, 2, 3], 9, 2)).toEqual({ items: [3], page: 1, pages: 2 });
    expect(pageOf([], 0, 2)).toEqual({ items: [], page: 0, pages: 1 });
    expect(pagerRow(pageOf([1], 0, 2), String)).toEqual([]);
  });
});

describe('commands', () => {
  /** Which command Telegraf takes the text for, with the entity that Telegram makes of it. */
  async function taken(text: string): Promise<string | undefined> {
    let found: string | undefined;
    const composer = new Composer<BotContext>();
    composer.command(named('new'), (ctx) => void (found = `new ${ctx.payload}`.trim()));
    composer.command(/.*/, () => void (found = 'unknown'));
    const command = /^\/[a-z0-9_]+(?:@\w+)?/i.exec(text)?.[0];
    const entities = command ? [{ type: 'bot_command', offset: 0, length: command.length }] : [];
    const telegraf = new Telegraf<BotContext>('1:token');
    telegraf.botInfo = { username: 'camp_bot' } as NonNullable<typeof telegraf.botInfo>;
    telegraf.use(composer);
    const from = { id: 1, is_bot: false, first_name: 'A' };
    const chat = { id: 1, type: 'private' as const, first_name: 'A' };
    await telegraf.handleUpdate({
      update_id: 1,
      message: { message_id: 1, date: 1, from, chat, text, entities },
    } as Update);
    return found;
  }
  it.each([
    ['/new', 'new'],
    ['/New', 'new'],
    ['/new@camp_bot later', 'new later'],
    ['/new\nlater', 'new later'],
    ['/nope', 'unknown'],
    ['/news', 'unknown'],
    ['new', undefined],
    ['/', undefined],
  ])('%p is the command %p', async (text, expected) => expect(await taken(text)).toBe(expected));
});
