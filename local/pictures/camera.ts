/** Chromium as a camera: opens the chat page, presses what a person presses, and keeps what is seen as small WebP files. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';

export const PICTURES = join(__dirname, '../../docs/pictures');

const CHROMIUM = process.env['CHROMIUM_PATH'] || '/usr/bin/chromium';
/** Sharp on the screens that people have now, and still small. */
const SCALE = 1.5;
const QUALITY = 0.82;
/** A busy machine may take long for a campaign's report (ms). */
const PATIENCE_MS = 120_000;

export interface Camera {
  browser: Browser;
  /** Keeps a PNG as `docs/pictures/<name>.<language>.webp`. */
  keep(png: Buffer, name: string): Promise<void>;
  close(): Promise<void>;
}

export async function openCamera(language: string): Promise<Camera> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  const darkroom = await browser.newPage();
  return {
    browser,
    keep: async (png, name) => {
      // The browser is the encoder that is at hand.
      const url = (await darkroom.evaluate(
        `(async () => {
          const image = new Image();
          image.src = ${JSON.stringify(`data:image/png;base64,${png.toString('base64')}`)};
          await image.decode();
          const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
          canvas.getContext('2d').drawImage(image, 0, 0);
          return canvas.toDataURL('image/webp', ${QUALITY});
        })()`,
      )) as string;
      const file = `${name}.${language}.webp`;
      writeFileSync(join(PICTURES, file), Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'));
      console.log(`docs/pictures/${file}`);
    },
    close: () => browser.close(),
  };
}

/** The person at the page. */
export interface Visitor {
  page: Page;
  /** The bot's newest message, once it has this text: an older one may have it too. */
  sees(text: string | RegExp): Promise<Locator>;
  press(button: string | RegExp): Promise<void>;
  write(text: string): Promise<void>;
  /** What the window shows. */
  shot(): Promise<Buffer>;
}

export async function visit(
  browser: Browser,
  url: string,
  { language, width, height }: { language: string; width: number; height: number },
): Promise<Visitor> {
  const page = await browser.newPage({
    viewport: { width, height },
    deviceScaleFactor: SCALE,
    colorScheme: 'light',
    locale: language,
    reducedMotion: 'reduce',
  });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${url}?lang=${language}`);
  const input = page.getByTestId('input');
  return {
    page,
    sees: async (text) => {
      const message = page.locator('[data-testid=message][data-from=bot]').last().filter({ hasText: text });
      await message.waitFor();
      return message;
    },
    press: (button) => page.getByTestId('inline-button').filter({ hasText: button }).last().click(),
    write: async (text) => {
      await input.fill(text);
      await input.press('Enter');
    },
    shot: () => page.screenshot(),
  };
}
