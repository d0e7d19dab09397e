/** What a campaign was asked to be, in words: the same everywhere, in both languages. */
import { optionLines, temporalLines, type Wording } from '../../config/spec-text';
import type { CampaignOptions, SendingHours } from '../../domain/campaign-spec';

const HOURS: SendingHours = { from: '09:00', to: '20:00', days: [1, 2, 3, 4, 5], holidays: [], zone: 'campaign', timezone: 'Europe/Moscow' }; // prettier-ignore
const said = (options: object, wording: Partial<Wording> = {}): string[] =>
  optionLines(options as CampaignOptions, { language: 'en', timezone: 'Europe/Moscow', ...wording }).map(
    ({ label, text }) => `${label}: ${text.replaceAll('\u00a0', ' ')}`,
  );

test.each<[object, string[], string[]]>([
  [{}, [], []],
  [{ hours: 'any', mediaUrl: 'https://x.io/a.png?token=1', lateStart: { policy: 'ask', afterMs: 1 } }, [], []],
  [{ hours: HOURS }, ['Only at: 09:00–20:00, Mon–Fri, Moscow Time'], ['Только в часы: 09:00–20:00, пн–пт, Москва']],
  [{ pace: {} }, ['Pace: as fast as allowed'], ['Скорость: как можно быстрее']],
  [{ pace: { ratePerSecond: 0.5 } }, ['Pace: up to 0.5/s'], ['Скорость: до 0,5/с']],
  [{ pace: { spreadMs: 5_400_000, ratePerSecond: 3 } }, ['Pace: spread over 1 h 30 min'], ['Скорость: растянуть на 1 ч 30 мин']],
  [{ laterWaves: { max: 2 } }, ['Retry after 24 h: at most 2, if WhatsApp did not deliver the marketing (131049)'], ['Повтор через сутки: не больше 2, если WhatsApp не доставил рекламу (131049)']],
  [
    { laterWaves: { max: 1, until: '2030-12-31T15:00:00Z' } },
    ['Retry after 24 h: at most 1, not after 31 December 2030, 18:00 (Moscow Time), if WhatsApp did not deliver the marketing (131049)'],
    ['Повтор через сутки: не больше 1, не позже 31 декабря 2030, 18:00 (Москва), если WhatsApp не доставил рекламу (131049)'],
  ],
  [{ variants: [{ template: 'promo_b', parameters: [], share: 30 }] }, ['Variants: A the main one 70 %, B promo_b 30 %'], ['Варианты: A основной 70 %, B promo_b 30 %']],
  [{ controlPercent: 10, splitKey: 'k' }, ['Control group: 10 % get nothing, to compare with'], ['Контрольная группа: 10 % ничего не получат, для сравнения']],
  [{ neverReads: { campaigns: 3 } }, ['Who never reads: left out: read none of the last 3 messages'], ['Кто не читает: пропустить тех, кто не прочитал последние 3 сообщения']],
  [{ winner: { testPercent: 20, by: 'replies', waitMs: 86_400_000, ifChance: 'ask' } }, ['Test: 20 % get the variants; after 24 h the rest gets the best by replies; if that may be chance, it asks'], ['Проверка: варианты получат 20 %; через 24 ч остальным — лучший по ответам; если это может быть случайностью, спросит']],
  [{ winner: { testPercent: 5, by: 'admin', waitMs: 3_600_000, ifChance: 'best' } }, ['Test: 5 % get the variants; after 1 h it asks which goes to the rest'], ['Проверка: варианты получат 5 %; через 1 ч рассылка спросит, какой отправить остальным']],
  [{ canary: { people: 1500, waitMs: 3_600_000, goOn: 'itself' } }, ['First a few: 1,500 people, then 1 h of watching; it goes on by itself if all is well'], ['Сначала немногим: получателей: 1 500, потом наблюдение 1 ч; если всё хорошо, рассылка продолжится сама']],
  [{ onReply: { note: true, task: true, move: { pipelineId: 7, statusId: 20 } } }, ['On a reply, in amoCRM: a note, a task, stage 7:20'], ['По ответу в amoCRM: примечание, задача, этап 7:20']],
  [{ onReply: { move: { pipelineId: 7, statusId: 20, label: 'Sales / Talks', from: [{ pipelineId: 7, statusId: 10 }] } } }, ['On a reply, in amoCRM: stage Sales / Talks, from 1 stage only'], ['По ответу в amoCRM: этап Sales / Talks, только с 1 этапа']],
  [{ canary: { people: 50, waitMs: 900_000, goOn: 'ask' } }, ['First a few: 50 people, then 15 min of watching; then it asks'], ['Сначала немногим: получателей: 50, потом наблюдение 15 мин; потом спросит']],
  [{ followUps: [{ to: 'not_read', afterMs: 3 * 86_400_000, template: 'promo_b', parameters: [] }, { to: 'not_replied', afterMs: 5_400_000, template: 'promo_c', parameters: [] }] }, ['Follow-ups: 1. after 3 days to those who have not read: promo_b; 2. after 1 h 30 min to those who have not answered: promo_c'], ['Догоны: 1. через 3 дня тем, кто не прочитал: promo_b; 2. через 1 ч 30 мин тем, кто не ответил: promo_c']],
  [{ note: 'Ask Anna, 8 900 123-45-67' }, ['Note: Ask Anna, • ••• •••-••-67'], ['Заметка: Ask Anna, • ••• •••-••-67']],
  [{ lateStart: { policy: 'skip', afterMs: 1 } }, ['After a failure: it is skipped'], ['При сбое: будет пропущена']],
  [{ lateStart: { policy: 'send', afterMs: 1 } }, ['After a failure: it starts anyway'], ['При сбое: начнётся всё равно']],
])('a campaign spec in words, in both languages: %j', (options, en, ru) => {
  expect(said(options)).toEqual(en);
  expect(said(options, { language: 'ru' })).toEqual(ru);
}); // prettier-ignore

test('where the sender’s cap is known, a rate above it is as fast as allowed', () => {
  expect(said({ pace: { ratePerSecond: 50 } }, { cap: 20 })).toEqual(['Pace: as fast as allowed (up to 20/s)']);
  expect(said({ pace: { ratePerSecond: 5 } }, { cap: 20 })).toEqual(['Pace: up to 5/s']);
});

test('Temporal is told of pace, hours, waves and lateness, in English', () => {
  expect(
    temporalLines({ hours: HOURS, pace: { ratePerSecond: 5 }, mediaUrl: 'https://x.io/secret', note: 'for us' }, 'UTC'),
  ).toEqual(['only at: 09:00–20:00, Mon–Fri, Moscow Time', 'pace: up to 5/s']);
});
