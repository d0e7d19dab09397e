/** Chromium for the tests of the chat page, and a small real bot that talks to the sandbox. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { Markup, Telegraf } from 'telegraf';
import { message } from 'telegraf/filters';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';

const CHROMIUM = process.env.CHROMIUM_PATH || '/usr/bin/chromium';

/** False when there is none and nobody insists; then it says so. In CI a missing Chromium fails the run. */
export function hasChromium(): boolean {
  if (existsSync(CHROMIUM)) return true;
  const what = `No Chromium at ${CHROMIUM}: set CHROMIUM_PATH to run the tests of the chat page`;
  if (process.env.CI === 'true') throw new Error(what);
  process.stderr.write(`Skipped. ${what}\n`);
  return false;
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}

export interface OpenPage {
  page: Page;
  /** Errors in the page's console and scripts. */
  errors: string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  look: { width?: number; height?: number; dark?: boolean } = {},
): Promise<OpenPage> {
  const { width = 1440, height = 900, dark = false } = look;
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    locale: 'en',
    acceptDownloads: true,
  });
  page.setDefaultTimeout(10_000);
  const errors: string[] = [];
  page.on('console', (entry) => entry.type() === 'error' && errors.push(entry.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(url);
  return { page, errors };
}

/** A bot that greets with a keyboard, edits on a press, and counts the bytes of what it is sent. */
export async function startBot(url: string): Promise<{ stop(): Promise<void> }> {
  const bot = new Telegraf(SANDBOX_CREDENTIALS.TELEGRAM_BOT_TOKEN, { telegram: { apiRoot: url } });
  await bot.telegram.setMyCommands([
    { command: 'start', description: 'the beginning' },
    { command: 'report', description: 'a file' },
  ]);
  const keys = Markup.inlineKeyboard([
    [Markup.button.callback('Edit', 'edit'), Markup.button.callback('Alert', 'alert')],
  ]);
  bot.start((ctx) => ctx.replyWithHTML('<b>Hello</b> <i>there</i> <code>&lt;img src=x&gt;</code>', keys));
  bot.command('report', (ctx) =>
    ctx.replyWithDocument({ source: Buffer.from('a;b\n'), filename: 'report.csv' }, { caption: 'The report' }),
  );
  bot.action('edit', async (ctx) => {
    await ctx.answerCbQuery('Noted');
    await ctx.editMessageText('Edited in place');
  });
  bot.action('alert', (ctx) => ctx.answerCbQuery('Look here', { show_alert: true }));
  bot.on(message('document'), async (ctx) => {
    const { file_id, file_name } = ctx.message.document;
    const bytes = await (await fetch(await ctx.telegram.getFileLink(file_id))).arrayBuffer();
    await ctx.reply(`${file_name}: ${bytes.byteLength} bytes`);
  });
  bot.on(message('text'), (ctx) => ctx.reply(`You said: ${ctx.message.text}`));
  const running = bot.launch();
  const polling = async (): Promise<boolean> =>
    ((await (await fetch(`${url}/sandbox/telegram`)).json()) as { polling: boolean }).polling;
  while (!(await polling()));
  return {
    async stop() {
      bot.stop();
      await running;
    },
  };
}
