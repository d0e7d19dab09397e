/**
 * The whole product as its admin has it: the stack of `npm start`, the chat page in Chromium, campaigns by its buttons.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { connectCampaignServices, type CampaignServices } from '../../campaigns/from-settings';
import { createLogger } from '../../config/logger';
import { readSettings } from '../../config/settings';
import { followUpsWorkflowId } from '../../domain/story/follow-ups';
import { awaitingReceipt, balances } from '../../domain/story/ledger';
import { checkAgainstSandbox } from '../../local/demo-check';
import { startStack, type Stack } from '../../local/stack';
import { hasChromium, launchChromium } from '../sandbox/page-support';
import { rolePrograms } from '../support/programs';
import { waitFor } from '../support/servers';
import { openAdmin, type Admin } from './admin';

/** The filled template as a person reads it, with the name it greets. */
const GREETING = /Здравствуйте, (\S+)! Только до 31 мая скидка 20 %/;

/** As many people as any campaign here has; of so many a fifth is never nobody. */
const WITHOUT_ASKING = 60;
/** A stranger to the bot at first. */
const OTHER = '6666';

const withChromium = hasChromium() ? describe : describe.skip;

withChromium('an admin at the chat page', () => {
  const home = mkdtempSync(join(tmpdir(), 'bobcofer-e2e-home-'));
  const said: string[] = [];
  let stack: Stack | undefined;
  let services: CampaignServices | undefined;
  let browser: Browser | undefined;
  let admin: Admin;

  beforeAll(async () => {
    stack = await startStack({
      home,
      // A stage of some ten people takes ten seconds: time to pause in the middle.
      env: {
        ...{ GUPSHUP_SENDS_PER_SECOND: '1', SETTLE_QUIET_SECONDS: '3', LOG_LEVEL: 'warn' },
        APPROVAL_PEOPLE: String(WITHOUT_ASKING),
      },
      report: (line) => said.push(line),
      sandboxSpeed: 20,
      scripts: rolePrograms(),
    });
    const settings = readSettings(['gupshup', 'amocrm', 'temporal', 'mongodb'], { BOBCOFER_HOME: home });
    [services, browser] = await Promise.all([
      connectCampaignServices(settings, createLogger('test', 'silent')),
      launchChromium(),
    ]);
    // Nothing can be written in a chat before Start.
    const first = await openAdmin(browser, stack.file.chatUrl);
    await first.page.getByTestId('start').click();
    await first.sees('Рассылки WhatsApp');
    await first.close();
  }, 120_000);

  afterAll(async () => {
    await Promise.all([services?.close(), browser?.close()]);
    await stack?.stop();
    rmSync(home, { recursive: true, force: true });
  }, 90_000);

  beforeEach(async () => {
    admin = await openAdmin(browser!, stack!.file.chatUrl);
  });
  afterEach(() => admin.close());

  /** The ledger balances and the sandbox's own book says the same. */
  async function bookOf(name: string) {
    const { campaigns, store } = services!;
    const [found] = (await campaigns.list({ limit: 10 })).filter((one) => one.name === name);
    if (!found) throw new Error(`there is no campaign ${name}`);
    const status = await campaigns.status(found.id, { fresh: true });
    if (!status.ok) throw new Error(status.refusal.code);
    expect(balances(status.value.ledger)).toBe(true);
    const { findings } = await checkAgainstSandbox(store, found.id, stack!.file.chatUrl);
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    return status.value;
  }

  it(
    'runs a campaign to a CRM stage: buttons, preview, live progress, pause, resume, report, phones',
    () =>
      admin.tell(async () => {
        const { page, sees, press, write } = admin;
        await write('/new');
        await sees('Какой шаблон отправить?');
        await press('›');
        await press(/spring_sale · ru/);
        await sees('Кому отправить?');
        await press('Сделки amoCRM');
        await press('Повторные продажи');
        await press('Купили раньше');
        await sees('Параметр 1 из 3');
        await press(/^Имя:/);
        await sees('Параметр 2 из 3');
        await write('31 мая');
        await sees('Параметр 3 из 3');
        await write('20 %');
        await sees('Название рассылки?');
        await write('Весна');
        const preview = await sees('Так увидя');
        expect(await preview.innerText()).toMatch(GREETING);
        await press('Дальше');
        await press('Сейчас');
        await sees('Отправляем?');
        await press('Отправить');

        const shownIn = (await (await sees('Весна — идёт')).getAttribute('data-message-id'))!;
        const progress = admin.message(shownIn);
        const percent = async (): Promise<number> => Number(/(\d+) %/.exec(await progress.innerText())?.[1] ?? NaN);
        await progress.getByTestId('inline-button').filter({ hasText: 'Пауза' }).click();
        await progress.filter({ hasText: 'Весна — на паузе' }).waitFor();
        const paused = await percent();
        expect(paused).toBeLessThan(100);
        await progress.getByTestId('inline-button').filter({ hasText: 'Продолжить' }).click();
        // On a busy machine it may be over before the card shows that it goes on.
        await progress.filter({ hasText: /Весна — (идёт|завершается|завершена)/ }).waitFor();
        const goesOn = async (): Promise<boolean> =>
          (await percent()) > paused || (await progress.innerText()).includes('Весна — завершена');
        await waitFor(goesOn, { what: 'the progress to move', limitMs: 30_000 });
        await sees('Отчёт о рассылке «Весна»', 60_000);
        await progress.filter({ hasText: 'Весна — завершена' }).waitFor();

        const { id, state, ledger } = await bookOf('Весна');
        expect(state).toBe('completed');
        expect(ledger.delivered + ledger.read).toBeGreaterThan(5);

        const deliveries = await services!.store.deliveries.stream(id).toArray();
        const names = new Map(deliveries.map(({ phone, params }) => [phone?.slice(1), params?.[0]]));
        const cards = await page.getByTestId('phone-card').all();
        expect(cards).toHaveLength(deliveries.filter(({ messageId }) => messageId).length);
        for (const card of cards) {
          const text = await card.getByTestId('wa-message').first().innerText();
          const name = names.get((await card.getAttribute('data-phone')) ?? '');
          expect(GREETING.exec(text)?.[1]).toBe(name);
        }
      }),
    100_000,
  );

  it(
    'runs a campaign to an uploaded file, after a bad one was refused by line and value',
    () =>
      admin.tell(async () => {
        const { page, sees, press, write, upload } = admin;
        await write('/new');
        await sees('Какой шаблон отправить?');
        await write('order_ready');
        await sees('Кому отправить?');
        await upload('без телефонов.csv', 'имя,город\nИван,Москва\n');
        await sees(/Строка 1: нет столбца с телефонами самих людей\. Есть: имя, город/);
        await upload('картинка.csv', '\u0000\u0001\u0002PNG');
        await sees('Это не таблица');
        await upload(
          'клиенты.csv',
          'Имя;Телефон;Заказ\nАнна;8 926 555-01-01;К-101\nБорис;не звонить;К-102\nВера;+7 (926) 555-01-03;К-103\n',
        );
        await sees(/строка 3: «не звонить»/);
        await press('Всё верно');
        await press(/^Имя/);
        await sees('Параметр 2 из 2');
        await press(/^Заказ/);
        await sees('Название рассылки?');
        await write('Заказы');
        const preview = await sees('Так увидя');
        expect(await preview.innerText()).toContain('К-101');
        await press('Дальше');
        await press('Сейчас');
        await press('Отправить 2 сообщения');
        await sees('Отчёт о рассылке «Заказы»', 60_000);

        const { ledger, skips } = await bookOf('Заказы');
        expect(ledger).toMatchObject({ total: 3, skipped: 1 });
        expect(skips).toEqual({ invalid_phone: 1 });
        for (const [phone, order] of [
          ['79265550101', 'К-101'],
          ['79265550103', 'К-103'],
        ]) {
          await page.locator(`[data-phone="${phone}"]`).getByTestId('wa-message').filter({ hasText: order! }).waitFor();
        }

        // Its files are at hand, below it.
        await press('Картинка');
        const picture = page.getByTestId('picture').last();
        await picture.waitFor();
        await picture.click();
        await page.getByTestId('lightbox').locator('img').waitFor();
        await page.keyboard.press('Escape');
        await press('Excel');
        const sheet = page.getByTestId('document').filter({ hasText: '.xlsx' }).last();
        const [file] = await Promise.all([page.waitForEvent('download'), sheet.click()]);
        expect(
          readFileSync(await file.path())
            .subarray(0, 2)
            .toString(),
        ).toBe('PK');
      }),
    90_000,
  );

  /** Moves a follow-up that counts down to now: no admin can have it sooner than a minute. */
  async function hasten(id: string): Promise<void> {
    await services!.store.chains.keepEdit(id, 'soon', { afterMs: 1_000 });
    await services!.temporal.workflow
      .getHandle(followUpsWorkflowId(id))
      .executeUpdate('edit', { args: [{ by: 'test', step: 0, edit: 'soon', afterMs: 1_000 }] });
  }

  it(
    'runs a campaign with a control group, two variants and a follow-up, from /new to the report of all of them',
    () =>
      admin.tell(async () => {
        const { page, sees, press, write } = admin;
        const part = async (name: string): Promise<void> => {
          await press('✏️ Изменить');
          await sees('на любую часть');
          await press(name);
        };
        await write('/new');
        await sees('Какой шаблон отправить?');
        await write('order_ready');
        await sees('Кому отправить?');
        await write(Array.from({ length: WITHOUT_ASKING }, (_, index) => 89265550401 + index).join('\n'));
        await sees(`Номеров: ${WITHOUT_ASKING}`);
        await write('Анна');
        await sees('Параметр 2 из 2');
        await write('К-7');
        await sees('Название рассылки?');
        await write('Цепочка');
        await sees(`Отправим ${WITHOUT_ASKING}`);
        await part('🆎 Варианты');
        await press(/visit_reminder/);
        await page
          .getByTestId('inline-button')
          .filter({ hasText: /✓ B .*visit_reminder/ })
          .waitFor();
        await press('‹ Назад');
        await sees('🆎 B visit_reminder');
        await part('Контрольная группа');
        await press('20 %');
        await sees('20 % ничего не получат');
        await part('↪️ Догоны');
        await press('Добавить догон');
        await sees('Через сколько?');
        await write('1 мин');
        await sees('Кому?');
        await press('не ответил');
        await sees('Какой шаблон отправить?');
        await write('showroom_invitation');
        await sees('тем, кто не ответил: showroom_invitation');
        await press('‹ Назад');
        await sees('С догонами не дороже');
        await press('Дальше');
        await press('Сейчас');
        await sees('Отправляем?');
        await press('Отправить');
        await sees('Отчёт о рассылке «Цепочка»', 90_000);
        const { id, skips } = await bookOf('Цепочка');
        expect(skips['control']).toBeGreaterThan(0);

        await press('Открыть рассылку');
        await press('↪️ Догоны');
        await sees('Догоны: Цепочка — идёт отсчёт');
        await press('✏️ Изменить 1');
        await press('Через:');
        await press('2 дня');
        await press('Сохранить');
        await sees('Догон 1 рассылки «Цепочка» изменён');
        // On a busy machine receipts come after the report as well.
        await waitFor(async () => awaitingReceipt((await bookOf('Цепочка')).ledger) === 0, {
          what: 'the last receipts',
          limitMs: 60_000,
        });
        const { ledger } = await bookOf('Цепочка');
        await hasten(id);
        await sees('Догоны рассылки «Цепочка» закончены', 90_000);
        const step = await bookOf('Цепочка ↪1');
        expect(step.ledger.total).toBe(ledger.delivered + ledger.read);
        const { skips: left } = step;
        expect(Object.keys(left).filter((reason) => reason !== 'replied')).toEqual([]);

        await press('↪️ Догоны');
        await sees('Догоны: Цепочка — все отправлены');
        await press('📄 Отчёт');
        const report = await (await sees('Всего, каждый один раз')).innerText();
        expect(report).toContain('По вариантам');
        expect(report).toContain(`Всего, каждый один раз: отправлено ${WITHOUT_ASKING - skips['control']!}`);
        await press('Картинка');
        await page.getByTestId('picture').last().waitFor();
      }),
    240_000,
  );

  it(
    'speaks another language from the next message on',
    () =>
      admin.tell(async () => {
        const { sees, press, write } = admin;
        await write('/language');
        await sees('Язык?');
        await press('English');
        await sees('English it is');
        await write('/campaigns');
        await sees('Campaigns');
        await write('/language');
        await sees('Language?');
        await press('Русский');
        await sees('Говорю по-русски');
      }),
    60_000,
  );

  describe('two people', () => {
    let other: Admin;
    beforeEach(async () => {
      other = await openAdmin(browser!, stack!.file.chatUrl, { width: 390 });
      await other.page.getByTestId('person').selectOption(OTHER);
    });
    afterEach(() => other.close());

    it(
      'an invitation lets in one person, who is refused what their role may not do',
      () =>
        admin.tell(async () => {
          await admin.write('/team');
          await admin.press('Пригласить');
          await admin.sees('Какую роль дать');
          await admin.press(/наблюдатель/i);
          const invitation = await (await admin.sees('Сработает один раз')).innerText();
          const [, code] = /[?]start=([\w-]+)/.exec(invitation) ?? [];
          await other.page.getByTestId('start').click();
          await other.sees('только для сотрудников');
          await other.write(`/start ${code}`);
          await other.sees('Вы в команде');
          await other.write('/new');
          const refusal = await other.sees('Ваша роль — наблюдатель');
          expect(await refusal.innerText()).toContain('оператор');
          await other.write('/reports');
          await other.sees('За какие дни?');
        }),
      60_000,
    );

    it(
      'a larger campaign of the one waits for the yes of the other',
      () =>
        admin.tell(async () => {
          await admin.write('/team');
          await admin.press('Олег');
          await admin.press(/Назначить: админ/i);
          await admin.sees('теперь админ');
          await admin.write('/new');
          await admin.sees('Какой шаблон отправить?');
          await admin.write('showroom_invitation');
          await admin.sees('Кому отправить?');
          await admin.write(Array.from({ length: WITHOUT_ASKING + 1 }, (_, n) => 89265550701 + n).join('\n'));
          await admin.sees('Название рассылки?');
          await admin.write('На двоих');
          await admin.sees('Так увид');
          await admin.press('Дальше');
          await admin.press('Сейчас');
          await admin.press(`Отправить ${WITHOUT_ASKING + 1}`);
          const asked = await other.sees('Нужно ваше согласие');
          const words = await asked.innerText();
          expect(words).toContain('На двоих');
          expect(words).toContain('Автор: Анна Админ');
          // Nobody's own yes is enough: the author has no such card.
          expect(await admin.page.getByText('Нужно ваше согласие').count()).toBe(0);
          await asked
            .getByTestId('inline-button')
            .filter({ hasText: `Отправить: ${WITHOUT_ASKING + 1}` })
            .click();
          await other.sees(/Согласие дано: Олег/);
          await admin.sees('согласие дал Олег');
          await admin.sees('Отчёт о рассылке «На двоих»', 60_000);
          expect((await bookOf('На двоих')).ledger).toMatchObject({ total: WITHOUT_ASKING + 1, skipped: 0 });
          // On a phone nothing sticks out.
          expect(await other.page.evaluate('document.documentElement.scrollWidth')).toBe(390);
        }),
      120_000,
    );
  });

  it(
    'slows a campaign down in mid-run, and sends again to whom it failed to reach, from its report',
    () =>
      admin.tell(async () => {
        const { sees, press, write } = admin;
        await write('/new');
        await sees('Какой шаблон отправить?');
        await write('order_ready');
        await sees('Кому отправить?');
        // 932 fails with a code that somebody must look at first.
        const ordinary = Array.from({ length: 11 }, (_, index) => 89265550201 + index);
        await write([...ordinary, 89265551932].join('\n'));
        await sees('Номеров: 12');
        await write('Анна');
        await sees('Параметр 2 из 2');
        await write('К-7');
        await sees('Название рассылки?');
        await write('Медленно');
        await press('Дальше');
        await press('Сейчас');
        await press('Отправить 12 сообщений');
        const shown = await sees('Медленно —');
        await shown.getByTestId('inline-button').filter({ hasText: 'Скорость' }).click();
        await sees('Как быстро отправлять');
        await write('0,5');
        await sees('теперь до 0,5/с');
        await sees('Отчёт о рассылке «Медленно»', 60_000);
        expect((await bookOf('Медленно')).ratePerSecond).toBe(0.5);

        await press('Открыть рассылку');
        await press('Отправить тем, кому не дошло · 1');
        await sees('Когда исправите причину: 1');
        await press('Уже исправлено, отправить · 1');
        await sees('Новая рассылка для 1 человека началась');
        await sees('Отчёт о рассылке «Медленно ↻»', 60_000);
        expect((await bookOf('Медленно ↻')).ledger).toMatchObject({ total: 1, failed: 1 });
      }),
    100_000,
  );
});
