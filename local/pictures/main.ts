/**
 * `npm run pictures`: takes the pictures of docs/pictures anew, in both languages: a stack of its own, a campaign to a
 * stage of the demo company, and what its admin sees on a phone.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTexts } from '../../bot/texts';
import { LANGUAGES, translate, type Language } from '../../config/i18n';
import { DEMO_STAGE } from '../../sandbox/company/structure';
import { DEMO_TEMPLATES } from '../../sandbox/gupshup/templates';
import { startStack } from '../stack';
import { openCamera, PICTURES, visit, type Camera, type Visitor } from './camera';
import { sheetPage } from './sheet';

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };
/** The template that is paused at the end. */
const PAUSED = 'order_ready';

/** What the admin types. */
const TYPED: Record<Language, { until: string; discount: string; name: string }> = {
  ru: { until: '31 мая', discount: '20 %', name: 'Весенняя распродажа' },
  en: { until: '31 May', discount: '20%', name: 'Spring sale' },
};

async function main(): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  for (const language of LANGUAGES) await takePictures(language);
}

async function takePictures(language: Language): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'bobcofer-pictures-'));
  const stack = await startStack({
    home,
    env: { DEFAULT_LANGUAGE: language, GUPSHUP_SENDS_PER_SECOND: '20', SETTLE_QUIET_SECONDS: '8', LOG_LEVEL: 'warn' },
    report: () => undefined,
    sandboxSpeed: 6,
  });
  const camera = await openCamera(language);
  try {
    await story(stack.file.chatUrl!, camera, language);
  } finally {
    await camera.close();
    await stack.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function story(url: string, camera: Camera, language: Language): Promise<void> {
  const t = createTexts(language, 'UTC').plain;
  /** The beginning of a text, as far as no value stands in it. */
  const lead = (key: string): string => {
    const [first = ''] = translate(language, `bot.${key}`)
      .replace(/<\/?\w+>/g, '')
      .split(/\{\{|\n/);
    return first.trim();
  };
  const phone = await visit(camera.browser, url, { language, ...PHONE });
  const desk = await visit(camera.browser, url, { language, ...DESK });
  const { page, sees, press, write } = phone;
  const keep = async (name: string, visitor: Visitor = phone): Promise<void> => camera.keep(await visitor.shot(), name);

  await page.getByTestId('start').waitFor();
  await page.getByTestId('empty-chat').getByText('📊').waitFor();
  await keep('start');
  await page.getByTestId('start').click();
  await sees(lead('start').slice(2));

  const newCampaign = async (name: string): Promise<void> => {
    const { until, discount } = TYPED[language];
    await write('/new');
    await sees(t('template.question').split('\n\n')[1]!.slice(0, 12));
    await write(`spring_sale/${language}`);
    await press(t('buttons.crm'));
    // Another pipeline's name ends like this one's.
    await press(new RegExp(`^${DEMO_STAGE.pipelineName}`));
    await press(DEMO_STAGE.statusName);
    await page
      .getByTestId('inline-button')
      .filter({ hasText: t('columns.first_name') })
      .last()
      .click();
    await sees(t('parameter.type').slice(0, 8));
    await write(until);
    await sees(/3 (из|of) 3/);
    await write(discount);
    await sees(lead('name.question'));
    await write(name);
    await page
      .getByTestId('inline-button')
      .filter({ hasText: t('buttons.next') })
      .last()
      .waitFor();
  };
  await newCampaign(TYPED[language].name);
  await keep('preview');
  await press(t('buttons.parts'));
  await sees(lead('parts.title'));
  await keep('new-campaign');
  await press(t('parts.check'));
  await press(t('buttons.next'));
  await press(t('buttons.now'));
  await sees(lead('confirm.question').slice(2));
  await press('🚀');
  await sees(/[3-9]\d %/);
  await keep('live');
  await desk.sees(/[5-9]\d %/);
  await keep('desktop', desk);

  await sees(translate(language, 'report.title', { name: TYPED[language].name }));
  await keep('report');
  await press(t('reports.files.png'));
  const picture = page.getByTestId('picture').last().locator('img');
  await picture.waitFor();
  const source = (await picture.getAttribute('src'))!;
  await camera.keep(await bytesOf(new URL(source, url)), 'report-picture');
  const [workbook] = await Promise.all([
    page.waitForEvent('download'),
    (async () => {
      await press(t('reports.files.xlsx'));
      await page.getByTestId('document').last().click();
    })(),
  ]);
  const sheet = await camera.browser.newPage({ viewport: { width: 900, height: 600 }, deviceScaleFactor: 1.5 });
  await sheet.setContent(sheetPage(readFileSync(await workbook.path()), 1, { rows: 26, columns: 4 }));
  await camera.keep(await sheet.locator('table').screenshot(), 'report-sheet');

  await newCampaign(`${TYPED[language].name} 2`);
  await keep('guards');
  await write('/team');
  await page.getByTestId('inline-button').filter({ hasText: '➕' }).last().waitFor();
  const { id } = DEMO_TEMPLATES.find(({ name }) => name === PAUSED)!;
  await fetch(new URL(`/sandbox/gupshup/templates/${id}/status`, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ status: 'PAUSED' }),
  });
  await sees(PAUSED);
  await keep('alert');
}

async function bytesOf(url: URL): Promise<Buffer> {
  return Buffer.from(await (await fetch(url)).arrayBuffer());
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
