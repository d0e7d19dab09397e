/** Whether Resume is the thing to press, for every trouble that pauses a campaign. */
import { translate } from '../../config/i18n';
import { pauseAdvice } from '../../domain/pause-advice';
import { POLICIES } from '../../domain/error-policy';
import { trouble, TROUBLES, type Trouble } from '../../domain/story/trouble';

const code = (value: string): Trouble => ({ code: value, detail: '' });

test.each<[Trouble, string]>([
  [code('1003'), 'topUp'],
  [code('131042'), 'payment'],
  [code('http_401'), 'access'],
  [code('http_404'), 'access'],
  [code('190'), 'access'],
  [code('131031'), 'account'],
  [code('133010'), 'number'],
  [code('132015'), 'templatePaused'],
  [code('132016'), 'template'],
  [code('132001'), 'template'],
  [code('131048'), 'tomorrow'],
  [code('999999'), 'look'],
  [trouble('account_event', { event: 'status DISABLE' }), 'account'],
  [trouble('template_event', { template: 'x', status: 'PAUSED' }), 'templatePaused'],
  [trouble('template_event', { template: 'x', status: 'REJECTED' }), 'template'],
  [trouble('failure_share', { failed: 9, tried: 10, code: '131026' }), 'audience'],
  [trouble('failure_share', { failed: 9, tried: 10, code: '131049' }), 'tomorrow'],
  [trouble('failure_share', { failed: 9, tried: 10, code: 'none' }), 'look'],
  [trouble('sender_missing', { sender: 'x' }), 'sender'],
  [trouble('database_older', {}), 'older'],
])('%j: %s', (reason, expected) => {
  expect(pauseAdvice(reason)).toBe(expected);
});

test('every trouble and every documented code has its sentence in both languages', () => {
  const codes = [...Object.keys(TROUBLES), ...POLICIES.flatMap(([rows]) => rows.flat().map(String)), 'http_403', '??'];
  for (const one of codes) {
    const key = `alerts.pause.${pauseAdvice(code(one))}`;
    for (const language of ['en', 'ru'] as const) expect(translate(language, key)).not.toBe(key);
  }
});
