/** A doubtful file as its admin has it, on the stack of `npm start` in Chromium: two columns of phones, a sum that reads in two ways; then answers that may be opt-outs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startStack, type Stack } from '../../local/stack';
import { hasChromium, launchChromium } from '../sandbox/page-support';
import { openAdmin, type Admin } from './admin';

const FILE = [
  'Имя;Личный телефон;WhatsApp;Сумма',
  'Анна;+7 916 555-30-00;+7 926 555-40-00;15 000,50',
  'Борис;+7 916 555-30-01;+7 926 555-40-01;1.234',
  'Вера;+7 916 555-30-02;+7 926 555-40-02;2.500',
].join('\n');

const withChromium = hasChromium() ? describe : describe.skip;

withChromium('an admin with a doubtful file at the chat page', () => {
  const home = mkdtempSync(join(tmpdir(), 'bobcofer-e2e-file-'));
  let stack: Stack | undefined;
  let browser: Browser | undefined;
  let admin: Admin;

  beforeAll(async () => {
    stack = await startStack({
      home,
      env: { SETTLE_QUIET_SECONDS: '3', LOG_LEVEL: 'warn' },
      report: () => undefined,
      sandboxSpeed: 20,
    });
    browser = await launchChromium();
    admin = await openAdmin(browser, stack.file.chatUrl);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    rmSync(home, { recursive: true, force: true });
  }, 90_000);

  it(
    'chooses the column, says how a sum reads, and the right people get the right words',
    () =>
      admin.tell(async () => {
        const { page, sees, press, write, upload } = admin;
        await page.getByTestId('start').click();
        await sees('Рассылки WhatsApp');
        await write('/new');
        await sees('Какой шаблон отправить?');
        await write('order_ready');
        await sees('Кому отправить?');
        await upload('долги.csv', FILE);
        await sees('Телефоны: столбец Личный телефон, WhatsApp');
        await press('Другой столбец');
        await sees('В каком столбце телефоны?');
        await press('WhatsApp: +7 926');
        await sees('вы его выбрали');
        await press('Всё верно');
        await sees('Параметр 1 из 2');
        await press(/^Имя/);
        await sees('Параметр 2 из 2');
        await press(/^Сумма →/);
        await sees('Название рассылки?');
        await write('Долги');
        const asked = await sees('Исправьте перед запуском');
        expect(await asked.innerText()).toContain('строка 3 — параметр 2: можно понять двояко');
        await press(/1\.234 → 1\s234/);
        await sees('Закончится ≈');
        await press('Дальше');
        await press('Сейчас');
        await press('Отправить 3 сообщения');
        await sees('Отчёт о рассылке «Долги»', 60_000);
        for (const [phone, words] of [
          ['79265554000', /Анна!.*15\s000,50\s₽/],
          ['79265554001', /Борис!.*1\s234\s₽/],
          ['79265554002', /Вера!.*2\s500\s₽/],
        ] as const) {
          await page.locator(`[data-phone="${phone}"]`).getByTestId('wa-message').filter({ hasText: words }).waitFor();
        }
        expect(await page.getByTestId('phone-card').count()).toBe(3);
      }),
    100_000,
  );

  it(
    'settles with one press what may be an opt-out, and a STOP that names nobody',
    () =>
      admin.tell(async () => {
        const { sees } = admin;
        const { chatUrl, webhooksUrl, settings } = stack!.file;
        const post = async (url: string, body: object): Promise<void> => {
          const answer = await fetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          });
          expect(answer.status).toBe(200);
        };
        await post(`${chatUrl}sandbox/whatsapp/79265554000/reply`, { text: 'Отпишите, но заказ ждём' });
        const unsure = await sees('Возможно, человек просит больше не писать');
        await unsure.getByTestId('inline-button').filter({ hasText: '🔕' }).click();
        await sees('Отписан от рекламы');
        const payload = {
          ...{ id: 'in-nobody', source: '', type: 'text', payload: { text: 'STOP' } },
          sender: { phone: '', name: 'Аня', userId: 'RU.1000000000000000001' },
        };
        const stop = { app: settings.GUPSHUP_APP_NAME, timestamp: Date.now(), version: 2, type: 'message', payload };
        await post(`${webhooksUrl}/webhooks/gupshup/${settings.WEBHOOK_SECRET}`, stop);
        const nobody = await sees('Кто-то отписался, но номер неизвестен');
        expect(await nobody.innerText()).toContain('RU.1000000000000000001');
        await nobody.getByTestId('inline-button').filter({ hasText: 'Разобрались' }).click();
        await sees('Разобрались: администратор');
      }),
    60_000,
  );

  it('takes a newcomer with a phone to their first message in at most 12 presses', async () => {
    const newcomer = await openAdmin(browser!, stack!.file.chatUrl, { width: 390 });
    await newcomer.tell(async () => {
      const { page, sees } = newcomer;
      let presses = 1;
      const press = async (button: string | RegExp): Promise<void> => {
        presses++;
        await newcomer.press(button);
      };
      await newcomer.write('/start');
      await sees('Рассылки WhatsApp');
      await press('Новая рассылка');
      await press(/order_ready · ru/);
      await press('Сделки amoCRM');
      await press('Сервис');
      await press('Ждём запчасть');
      await press(/^Имя: .* ✨$/);
      await sees('Параметр 2 из 2');
      await press(/^Сделка/);
      await press('✅ order_ready');
      await press('Дальше');
      await press('Сейчас');
      await sees('Отправляем?');
      await press('Отправить');
      await sees(/order_ready · .* — (идёт|завершается|завершена|ждёт)/);
      expect(presses).toBeLessThanOrEqual(12);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    });
    await newcomer.close();
  }, 60_000);
});
