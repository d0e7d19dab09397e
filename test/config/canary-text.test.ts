/** How a campaign's first people fared, in words. */
import { canaryLine, canaryText } from '../../config/canary-text';
import type { CanaryLook } from '../../domain/canary';
import { emptyLedger, type Ledger } from '../../domain/story/ledger';

const counts = { people: 100, failed: 4, unknown: 0, delivered: 90, read: 30, optedOut: 3 };
const look = (verdict: CanaryLook['verdict']): CanaryLook => ({ at: new Date(0), counts, verdict });

test.each<[CanaryLook['verdict'], string, string]>([
  ['went_on', 'It went on by itself', 'Дальше пошла сама'],
  ['asked', 'It asked, as ordered', 'Спросила, как заказано'],
  ['opt_outs', 'It asked, because too many opted out', 'Спросила: слишком много отписок'],
])('%s', (verdict, english, russian) => {
  expect(canaryText(look(verdict), '12:00', 'en')).toBe(
    `The first 100, looked at 12:00: delivered 90, read 30, failed 4, unknown 0, opted out 3. ${english}`,
  );
  expect(canaryText(look(verdict), '12:00', 'ru')).toBe(
    `Первые 100, посмотрели 12:00: доставлено 90, прочитано 30, ошибок 4, неизвестно 0, отписались 3. ${russian}`,
  );
});

test.each<[string, Partial<Ledger>, boolean]>([
  ['before its look', { total: 500, queued: 450, accepted: 50 }, true],
  ['while the last of the first are looked at', { total: 500, queued: 400, delivered: 100 }, true],
  ['to fewer people than the first', { total: 90, queued: 40, accepted: 50 }, false],
  ['to as many, without the skipped', { total: 150, skipped: 50, queued: 40, accepted: 60 }, false],
  ['adopted, or after a test of variants: the others get it', { total: 500, queued: 300, delivered: 190, failed: 10 }, false],
])('only the first get it: %s', (_what, counted, isSaid) => {
  const ledger = { ...emptyLedger(), ...counted };
  const line = canaryLine({ state: 'running', canary: { people: 100 }, ledger }, String, 'en');
  expect(line).toBe(isSaid ? 'The first 100 go alone; the rest wait until these have been looked at' : undefined);
}); // prettier-ignore
