/** Who is alerted, and how often: a table of what is known, the news, and what becomes of it. */
import {
  accountCondition,
  ALERT_KINDS,
  ALERT_RULES,
  decideAlert,
  roomCondition,
  walletCondition,
  type AlertKind,
  type KnownCondition,
} from '../../domain/alerts';
import { may } from '../../domain/roles';

const NOW = new Date('2026-11-29T12:00:00Z');
const ago = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);
const is = (condition: string, minutes = 0): { is: string; at: Date } => ({ is: condition, at: ago(minutes) });
const known = (condition: string, minutes: number, told?: [string, number]): KnownCondition => ({
  ...is(condition, minutes),
  ...(told && { told: is(...told) }),
});

test.each<[string, AlertKind, KnownCondition | undefined, string, string]>([
  ['the first of a template', 'template', undefined, 'PAUSED', 'tell now'],
  ['a template that was never in trouble', 'template', undefined, 'APPROVED', 'note'],
  ['the same again', 'template', known('PAUSED', 5, ['PAUSED', 5]), 'PAUSED', 'ignore'],
  ['the same a day later', 'template', known('PAUSED', 1500, ['PAUSED', 1500]), 'PAUSED', 'tell now'],
  ['the same, not told yet', 'template', known('PAUSED', 1500), 'PAUSED', 'ignore'],
  ['works again', 'template', known('PAUSED', 200, ['PAUSED', 200]), 'APPROVED', 'tell now'],
  ['works again within minutes', 'template', known('PAUSED', 4, ['PAUSED', 4]), 'APPROVED', 'tell in 6'],
  ['worse, within minutes', 'template', known('PAUSED', 4, ['PAUSED', 4]), 'DISABLED', 'tell in 6'],
  ['back to what is known, untold', 'template', known('APPROVED', 2, ['PAUSED', 3]), 'PAUSED', 'note'],
  ['over before anybody heard', 'template', known('PAUSED', 1), 'APPROVED', 'note'],
  ['late news', 'template', known('APPROVED', -5, ['PAUSED', 60]), 'PAUSED', 'ignore'],
  ['quality falls', 'templateQuality', known('GREEN', 900), 'YELLOW', 'tell now'],
  ['falls further, within the hour', 'templateQuality', known('YELLOW', 20, ['YELLOW', 20]), 'RED', 'tell in 40'],
  ['quality rises', 'templateQuality', known('RED', 90, ['RED', 90]), 'YELLOW', 'note'],
  ['quality is good again', 'templateQuality', known('RED', 90, ['RED', 90]), 'GREEN', 'note'],
  ['falls again after it was good', 'templateQuality', known('GREEN', 10, ['YELLOW', 90]), 'RED', 'tell now'],
  ['account reinstated', 'account', known('DISABLED', 30, ['DISABLED', 30]), 'REINSTATE', 'tell now'],
  ['reinstated, nobody knew', 'account', undefined, 'REINSTATE', 'note'],
  ['another violation a day later', 'account', known('VIOLATION', 1441, ['VIOLATION', 1441]), 'VIOLATION', 'tell now'],
  ['a lower limit', 'tier', known('higher', 9000), '1000', 'tell now'],
  ['a higher limit', 'tier', known('250', 9000, ['250', 9000]), 'higher', 'note'],
  ['room is near its end', 'room', known('free', 10), 'near', 'tell now'],
  ['room is full, soon after', 'room', known('near', 10, ['near', 10]), 'full', 'tell in 50'],
  ['some room again', 'room', known('full', 10, ['full', 10]), 'near', 'note'],
  ['the wallet is low', 'wallet', known('enough', 10), 'low', 'tell now'],
  ['still low in the evening', 'wallet', known('low', 600, ['low', 600]), 'low', 'ignore'],
  ['still low the next day', 'wallet', known('low', 1440, ['low', 1440]), 'low', 'tell now'],
  ['topped up', 'wallet', known('empty', 600, ['empty', 600]), 'enough', 'note'],
  ['low again after it was topped up', 'wallet', known('enough', 60, ['low', 600]), 'low', 'note'],
  ['low again days after it was topped up', 'wallet', known('enough', 60, ['low', 2000]), 'low', 'tell now'],
  ['paused again', 'campaignPaused', known('12:00:01', 1, ['12:00:01', 1]), '12:05:00', 'tell now'],
  ['the worker is back', 'worker', known('away', 1, ['away', 1]), 'back', 'tell now'],
])('%s: %s', (_what, kind, before, news, expected) => {
  const decision = decideAlert(kind, before, is(news), NOW);
  const minutes = decision.do === 'tell' ? (decision.at.getTime() - NOW.getTime()) / 60_000 : 0;
  const said = decision.do === 'tell' ? `tell ${minutes === 0 ? 'now' : `in ${minutes}`}` : decision.do;
  expect(said).toBe(expected);
});

test.each(ALERT_KINDS)('%s has somebody to hear it, and is no business of strangers', (kind) => {
  const { right } = ALERT_RULES[kind];
  expect(may('owner', right)).toBe(true);
  expect(may(undefined, right)).toBe(false);
});

test('money and access are the admins’ business; trouble with campaigns also the operators’', () => {
  expect([may('operator', ALERT_RULES.wallet.right), may('admin', ALERT_RULES.wallet.right)]).toEqual([false, true]);
  expect([may('viewer', ALERT_RULES.template.right), may('operator', ALERT_RULES.template.right)]).toEqual([
    false,
    true,
  ]);
});

test('levels and words', () => {
  expect([199, 200, 249, 250, 300].map((used) => roomCondition(used, 250))).toEqual([
    'free',
    'near',
    'near',
    'full',
    'full',
  ]);
  expect([-1, 0, 9.99, 10].map((balance) => walletCondition(balance, 10))).toEqual(['empty', 'empty', 'low', 'enough']);
  expect(['ACCOUNT_DISABLE', 'DISABLED_UPDATE', 'ACCOUNT_VERIFIED', undefined].map(accountCondition)).toEqual([
    'DISABLED',
    'DISABLED',
    undefined,
    undefined,
  ]);
});
