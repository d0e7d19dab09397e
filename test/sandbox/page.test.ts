/** The chat page in a real browser, on the real sandbox, with a real bot behind it. */
import type { Browser, Page } from 'playwright-core';
import type { Sandbox } from '../../sandbox/main';
import { hasChromium, launchChromium, openPage, startBot } from './page-support';
import { gupshup, send, sendForm, startSandbox, temporaryHome, until } from './sandbox-support';

/** `spring_sale`, ru: a text header, three parameters, a footer and two quick replies. */
const SPRING_SALE = '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1001';

const withChromium = hasChromium() ? describe : describe.skip;

withChromium('the chat page', () => {
  let browser: Browser;
  let home: string;
  let sandbox: Sandbox;
  let bot: { stop(): Promise<void> };
  const pages: Page[] = [];

  const open = async (look?: Parameters<typeof openPage>[2]) => {
    const opened = await openPage(browser, sandbox.url, look);
    pages.push(opened.page);
    return opened;
  };

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    home = temporaryHome();
    sandbox = await startSandbox({ home });
    bot = await startBot(sandbox.url);
  });
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.close()));
    await bot.stop();
    await sandbox.close();
  });

  it('a conversation: start, formatted answer, a press that edits in place with a toast, an alert', async () => {
    const { page, errors } = await open();
    await page.getByTestId('start').click();
    const hello = page.locator('[data-testid=message][data-from=bot]').first();
    await hello.waitFor();
    expect(await hello.locator('b').textContent()).toBe('Hello');
    expect(await hello.locator('code').textContent()).toBe('<img src=x>');

    await hello.locator('[data-callback=alert]').click();
    await page.getByTestId('alert').getByText('Look here').waitFor();
    await page.getByTestId('alert-ok').click();

    const id = await hello.getAttribute('data-message-id');
    await hello.locator('[data-callback=edit]').click();
    await page.getByTestId('toast').getByText('Noted').waitFor();
    const edited = page.locator(`[data-message-id="${id}"]`);
    await edited.getByText('Edited in place').waitFor();
    await edited.getByText('edited', { exact: true }).waitFor();
    expect(await edited.getByTestId('inline-button').count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it('typing: text by Enter, commands offered after a slash and chosen by the arrows', async () => {
    const { page, errors } = await open();
    await page.getByTestId('start').click();
    await page.getByTestId('input').fill('good morning');
    await page.getByTestId('input').press('Enter');
    await page.getByText('You said: good morning').waitFor();

    await page.getByTestId('input').pressSequentially('/');
    expect(await page.getByTestId('command').allTextContents()).toEqual(['/startthe beginning', '/reporta file']);
    await page.getByTestId('input').press('ArrowDown');
    await page.getByTestId('input').press('Enter');
    await page.getByTestId('document').getByText('report.csv').waitFor();
    expect(errors).toEqual([]);
  });

  it('a long paste goes as several messages, cut between two lines, as Telegram’s apps send it', async () => {
    const { page, errors } = await open();
    await page.getByTestId('start').click();
    const lines = Array.from({ length: 600 }, (_, index) => `+7 (926) 555-${1000 + index}`);
    await page.getByTestId('input').fill(lines.join('\n'));
    await page.getByTestId('input').press('Enter');
    const own = page.locator('[data-testid=message][data-from=person]');
    await own.nth(3).waitFor();
    const [start, ...pieces] = await own.allInnerTexts();
    expect(start).toContain('/start');
    const sent = pieces.map((piece) => piece.match(/\+7 \(926\) 555-\d{4}/g) ?? []);
    expect(sent.map(({ length }) => length)).toEqual([227, 227, 146]);
    expect(sent.flat()).toEqual(lines);
    expect(errors).toEqual([]);
  });

  it('files: uploaded by the button, byte for byte; the bot’s own are downloaded', async () => {
    const { page, errors } = await open();
    await page.getByTestId('start').click();
    await page.getByTestId('input').waitFor();
    const buffer = Buffer.from('телефон\n+79991234567\n');
    await page.getByTestId('file-input').setInputFiles({ name: 'люди.csv', mimeType: 'text/csv', buffer });
    await page.getByText(`люди.csv: ${buffer.length} bytes`).waitFor();

    await page.getByTestId('input').fill('/report');
    await page.getByTestId('send').click();
    const document = page.locator('[data-from=bot]').getByTestId('document');
    const [download] = await Promise.all([page.waitForEvent('download'), document.click()]);
    expect(download.suggestedFilename()).toBe('report.csv');
    expect(errors).toEqual([]);
  });

  it('another person has a chat of their own, and who blocks the bot is out of its reach', async () => {
    const { page } = await open();
    await page.getByTestId('start').click();
    await page.locator('[data-from=bot]').waitFor();
    await page.getByTestId('person').selectOption('6666');
    await page.getByTestId('empty-chat').waitFor();
    await page.getByTestId('person').selectOption('5001');
    await page.locator('[data-from=bot]').waitFor();
    await page.getByTestId('more').click();
    await page.getByTestId('block').click();
    await page.getByTestId('unblock').click();
    await page.getByTestId('input').fill('back again');
    await page.getByTestId('input').press('Enter');
    await page.getByText('You said: back again').waitFor();
  });

  it('the wall: a sent template on its phone, counted, read, answered by a button', async () => {
    const { page, errors } = await open();
    const phone = '79161230001';
    const template = JSON.stringify({ id: SPRING_SALE, params: ['Анна', '31 мая', '*20 %*'] });
    expect((await gupshup(sandbox, 'POST', '/wa/api/v1/template/msg', sendForm(phone, { template }))).status).toBe(202);

    const card = page.locator(`[data-testid=phone-card][data-phone="${phone}"]`);
    await card.getByText('Весенняя распродажа').waitFor();
    expect(await card.locator('.wa-body b').textContent()).toBe('20 %');
    await page.locator('[data-testid=counter-all] b', { hasText: /^1$/ }).waitFor();
    await card.getByTestId('wa-button').first().click();
    await card.getByTestId('wa-reply').getByText('Хочу скидку').waitFor();
    await card.getByTestId('wa-input').fill('А когда?');
    await card.getByTestId('wa-input').press('Enter');
    await card.getByText('А когда?').waitFor();

    await page.getByTestId('wall-search').fill('nobody');
    await page.getByText('Nothing found').waitFor();
    expect(errors).toEqual([]);
  });

  it('the wall keeps what the stream brought while an older list was on its way', async () => {
    const { page } = await open();
    const phone = '79161230004';
    const arrived = page.locator(`[data-phone="${phone}"] :is([data-state=delivered], [data-state=read])`);
    await page.goto('about:blank');
    // The list is asked for, the message lives its life, and only then comes the list, as it was at the start.
    await page.route('**/sandbox/whatsapp/messages*', async (route) => {
      await send(sandbox, phone);
      await arrived.waitFor();
      const response = await route.fetch();
      const list = (await response.json()) as { acceptedAt: number }[];
      await route.fulfill({ json: list.map((it) => ({ ...it, state: 'accepted', stateAt: it.acceptedAt })) });
    });
    const listed = page.waitForResponse('**/sandbox/whatsapp/messages*');
    await page.goto(sandbox.url);
    await (await listed).finished();
    await page.locator('[data-testid=counter-all] b', { hasText: /^1$/ }).waitFor();
    await page.evaluate('new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)))');
    expect(await arrived.count()).toBe(1);
  });

  it('comes back by itself, with all that happened, when the sandbox was away', async () => {
    const { page } = await open();
    await page.getByTestId('start').click();
    await page.locator('[data-from=bot]').waitFor();
    const { port } = new URL(sandbox.url);
    await bot.stop();
    await sandbox.close();
    await page.getByTestId('offline').waitFor();
    sandbox = await startSandbox({ home, port: Number(port) });
    bot = await startBot(sandbox.url);
    await send(sandbox, '79161230002');
    await page.getByTestId('offline').waitFor({ state: 'hidden' });
    await page.getByTestId('phone-card').waitFor();
    expect(await page.locator('[data-from=bot]').count()).toBe(1);
  });

  it.each([
    { width: 375, height: 812, dark: false },
    { width: 375, height: 812, dark: true },
    { width: 1440, height: 900, dark: true },
  ])('fits $width × $height (dark: $dark) with no scroll to the side', async (look) => {
    const { page, errors } = await open(look);
    await page.getByTestId('start').click();
    await page.locator('[data-from=bot]').waitFor();
    await send(sandbox, '79161230003');
    const narrow = look.width < 900;
    if (narrow) {
      await until('the badge', () => page.locator('[data-badge=wall]').isVisible());
      await page.getByTestId('tab-wall').click();
      expect(await page.getByTestId('input').isVisible()).toBe(false);
    }
    await page.getByTestId('phone-card').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(look.width);
    expect(await page.getByTestId('tab-wall').isVisible()).toBe(narrow);
    expect(errors).toEqual([]);
  });
});
