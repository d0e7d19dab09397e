/** What `npm run pictures` presses and waits for stands in the texts of both languages: nobody runs it in CI. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGES, translate } from '../../config/i18n';
import { DEMO_STAGE, PIPELINES } from '../../sandbox/company/structure';

const story = readFileSync(join(__dirname, '../../local/pictures/main.ts'), 'utf8');
const keys = [...story.matchAll(/\b(?:t|lead)\('([\w.]+)'/g)].map(([, key]) => `bot.${key}`);
const others = [...story.matchAll(/\btranslate\(language, '([\w.]+)'/g)].map(([, key]) => key!);

test('every text that the pictures wait for is there, in both languages', () => {
  expect(keys.length).toBeGreaterThan(10);
  expect(others.length).toBeGreaterThan(0);
  for (const language of LANGUAGES)
    expect([...keys, ...others].filter((key) => translate(language, key) === key)).toEqual([]);
});

test('the stage that they choose is one of the demo company', () => {
  const pipeline = PIPELINES.find(({ name }) => name === DEMO_STAGE.pipelineName);
  expect(pipeline?.statuses.map(({ name }) => name)).toContain(DEMO_STAGE.statusName);
});
