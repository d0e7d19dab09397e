/** The menu of `npm run cli` without a command: every choice becomes a command line, which is shown and run. */
import { styleText } from 'node:util';
import { failureOf } from '../failure';
import type { Asker } from './ask';
import type { Choices } from './choices';

/** The words of the command line that a choice builds; undefined when there was nothing to choose from. */
type Item = { label: string; words: (menu: Menu) => Promise<string[] | undefined> };

export interface Menu {
  ask: Asker;
  choices: Choices;
  /** Runs a command line, which prints its own outcome. */
  run(words: string[]): Promise<unknown>;
  /** Prints a line for the person at the screen. */
  say(line: string): void;
}

const ITEMS: Item[] = [
  { label: 'CRM: pipelines and stages', words: async () => ['crm', 'pipelines'] },
  { label: 'CRM: leads of a stage, with contacts and phones', words: leads },
  { label: 'CRM: snapshot of the funnels', words: async () => ['crm', 'snapshot'] },
  { label: 'Normalize a phone', words: phone },
  { label: 'Templates', words: async () => ['templates', 'list'] },
  { label: 'Send a test message', words: send },
  { label: 'Campaigns', words: async () => ['campaign', 'list'] },
  { label: 'Status of a campaign', words: (menu) => ofCampaign(menu, ['campaign', 'status']) },
  { label: 'Report on a campaign', words: (menu) => ofCampaign(menu, ['report']) },
  { label: 'Check everything (doctor)', words: async () => ['doctor'] },
];

/** Asks and runs until the person leaves. Rejects when they press Ctrl-C. */
export async function runMenu(menu: Menu): Promise<void> {
  for (;;) {
    const choices = ITEMS.map((item) => ({ name: item.label, value: item as Item | undefined }));
    const chosen = await menu.ask.choose('What would you like to do?', [
      ...choices,
      { name: 'Leave', value: undefined },
    ]);
    if (!chosen) return;
    const words = await chosen.words(menu);
    if (!words) continue;
    menu.say(styleText('dim', `$ bobcofer ${words.map(quoted).join(' ')}`));
    await menu.run(words);
    menu.say('');
  }
}

async function leads({ ask, choices, say }: Menu): Promise<string[] | undefined> {
  const pipelines = await told(choices.pipelines(), say);
  if (!pipelines) return undefined;
  const pipeline = await ask.choose(
    'Which pipeline?',
    pipelines.map((value) => ({ name: value.name, value })),
  );
  const stages = pipeline.statuses.map(({ id, name }) => ({ name, value: id as number | undefined }));
  const status = await ask.choose('Which stage?', [{ name: 'All of them', value: undefined }, ...stages]);
  return [...['crm', 'leads', '--pipeline', String(pipeline.id)], ...(status ? ['--status', String(status)] : [])];
}

async function phone({ ask }: Menu): Promise<string[]> {
  return ['phone', 'normalize', '--', await ask.text('Number, as people write it:')];
}

async function send({ ask, choices, say }: Menu): Promise<string[] | undefined> {
  const templates = await told(choices.templates(), say);
  if (!templates) return undefined;
  const template = await ask.choose(
    'Which template?',
    templates.map((value) => ({ name: `${value.name} (${value.language})`, value, description: value.body })),
  );
  const to = await ask.text('To which number?');
  const params: string[] = [];
  for (const { position, variable } of template.parameters) {
    params.push(await ask.text(`Parameter ${position}, ${variable}:`));
  }
  const media = template.media ? await ask.text(`https link of the ${template.media.toLowerCase()}:`) : undefined;
  return [
    ...['send', '--template', `${template.name}/${template.language}`, `--to=${to}`],
    ...params.map((value) => `--param=${value}`),
    ...(media === undefined ? [] : [`--media=${media}`]),
  ];
}

async function ofCampaign({ ask, choices, say }: Menu, words: string[]): Promise<string[] | undefined> {
  const campaigns = await told(choices.campaigns(), say);
  if (!campaigns) return undefined;
  const id = await ask.choose(
    'Which campaign?',
    campaigns.map((campaign) => ({ name: `${campaign.name} (${campaign.state})`, value: campaign.id })),
  );
  return [...words, id];
}

/** The list, or undefined after saying why there is nothing to choose from. */
async function told<T>(asked: Promise<T[]>, say: Menu['say']): Promise<T[] | undefined> {
  try {
    const list = await asked;
    if (list.length > 0) return list;
    say('There is nothing to choose from.');
  } catch (error) {
    say(failureOf(error)?.message ?? String(error));
  }
  return undefined;
}

/** Quotes a word for the shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
