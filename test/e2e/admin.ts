/**
 * An admin at the chat page: what they press, write and wait for, and a picture of the page when something is not as it
 * should be.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { openPage } from '../sandbox/page-support';
import { PATIENCE } from '../support/patience';

/** A loaded machine with two cores; Telegram's flood limit alone may hold an answer back for several seconds. */
const LIMIT_MS = 30_000 * PATIENCE;
/** Not among the temporary files: those go with the test. */
const PICTURES = resolve(__dirname, '../../.bobcofer/test-pictures');

export interface Admin {
  page: Page;
  /** The newest message of the bot's that contains the text, once there is one. */
  sees(text: string | RegExp, limitMs?: number): Promise<Locator>;
  press(button: string | RegExp): Promise<void>;
  write(text: string): Promise<void>;
  upload(name: string, content: string): Promise<void>;
  /** The message by its id: edits keep it, a new message has another. */
  message(id: string): Locator;
  /** Runs the story; if it breaks, the error names a screenshot of the page. */
  tell(story: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Opens the chat page and waits until the bot is there. */
export async function openAdmin(browser: Browser, url: string, look: { width?: number } = {}): Promise<Admin> {
  const { page, errors } = await openPage(browser, url, look);
  page.setDefaultTimeout(LIMIT_MS);
  const fromBot = page.locator('[data-testid=message][data-from=bot]');
  const input = page.getByTestId('input');

  return {
    page,
    sees: async (text, limitMs = LIMIT_MS) => {
      const message = fromBot.filter({ hasText: text }).last();
      await message.waitFor({ timeout: limitMs });
      return message;
    },
    press: (button) => page.getByTestId('inline-button').filter({ hasText: button }).last().click(),
    write: async (text) => {
      await input.fill(text);
      await input.press('Enter');
    },
    upload: (name, content) =>
      page.getByTestId('file-input').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) }),
    message: (id) => page.locator(`[data-testid=message][data-message-id="${id}"]`),
    tell: async (story) => {
      try {
        await story();
        expect(errors).toEqual([]);
      } catch (error) {
        mkdirSync(PICTURES, { recursive: true });
        const path = join(PICTURES, `page-${Date.now()}.png`);
        await page.screenshot({ path });
        throw new Error(`The page as it was: ${path}${errors.length > 0 ? `; its errors: ${errors.join('; ')}` : ''}`, {
          cause: error,
        });
      }
    },
    close: () => page.close(),
  };
}
