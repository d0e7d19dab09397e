/** How a campaign's first people fared, in words. */
import { canaryText } from '../../config/canary-text';
import type { CanaryLook } from '../../domain/canary';

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
