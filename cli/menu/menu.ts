/** The menu of `npm run cli` without a command: every choice becomes a command line, which is shown and run. */
import { styleText } from 'node:util';
import { failureOf } from '../failure';
import type { Asker } from './ask';
import { ENGLISH, type Speech } from '../speech';
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
  /** In which the person is asked; English without it. */
  speech?: Speech;
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
  const { t } = menu.speech ?? ENGLISH;
  for (;;) {
    const choices = ITEMS.map((item) => ({ name: t(item.label), value: item as Item | undefined }));
    const chosen = await menu.ask.choose(t('What would you like to do?'), [
      ...choices,
      { name: t('Leave'), value: undefined },
    ]);
    if (!chosen) return;
    const words = await chosen.words(menu);
    if (!words) continue;
    menu.say(styleText('dim', `$ bobcofer ${words.map(quoted).join(' ')}`));
    await menu.run(words);
    menu.say('');
  }
}

async function leads(menu: Menu): Promise<string[] | undefined> {
  const { ask, choices, speech: { t } = ENGLISH } = menu;
  const pipelines = await told(choices.pipelines(), menu);
  if (!pipelines) return undefined;
  const pipeline = await ask.choose(
    t('Which pipeline?'),
    pipelines.map((value) => ({ name: value.name, value })),
  );
  const stages = pipeline.statuses.map(({ id, name }) => ({ name, value: id as number | undefined }));
  const status = await ask.choose(t('Which stage?'), [{ name: t('All of them'), value: undefined }, ...stages]);
  return [...['crm', 'leads', '--pipeline', String(pipeline.id)], ...(status ? ['--status', String(status)] : [])];
}

async function phone({ ask, speech: { t } = ENGLISH }: Menu): Promise<string[]> {
  return ['phone', 'normalize', '--', await ask.text(t('Number, as people write it:'))];
}

async function send(menu: Menu): Promise<string[] | undefined> {
  const { ask, choices, speech: { t } = ENGLISH } = menu;
  const templates = await told(choices.templates(), menu);
  if (!templates) return undefined;
  const template = await ask.choose(
    t('Which template?'),
    templates.map((value) => ({ name: `${value.name} (${value.language})`, value, description: value.body })),
  );
  const to = await ask.text(t('To which number?'));
  const params: string[] = [];
  for (const { position, variable } of template.parameters) {
    params.push(await ask.text(t('Parameter {{position}}, {{variable}}:', { position, variable })));
  }
  const media = template.media
    ? await ask.text(t('The {{media}}, an https link or a file:', { media: template.media.toLowerCase() }))
    : undefined;
  return [
    ...['send', '--template', `${template.name}/${template.language}`, `--to=${to}`],
    ...params.map((value) => `--param=${value}`),
    ...(media === undefined ? [] : [`--media=${media}`]),
  ];
}

async function ofCampaign(menu: Menu, words: string[]): Promise<string[] | undefined> {
  const { ask, choices, speech = ENGLISH } = menu;
  const { t } = speech;
  // English readers see a state by its name, as scripts do.
  const word = (state: string): string =>
    speech.language === 'en' ? state : speech.text(`words.campaignStates.${state}`);
  const campaigns = await told(choices.campaigns(), menu);
  if (!campaigns) return undefined;
  const id = await ask.choose(
    t('Which campaign?'),
    campaigns.map((campaign) => ({ name: `${campaign.name} (${word(campaign.state)})`, value: campaign.id })),
  );
  return [...words, id];
}

/** The list, or undefined after saying why there is nothing to choose from. */
async function told<T>(asked: Promise<T[]>, { say, speech = ENGLISH }: Menu): Promise<T[] | undefined> {
  try {
    const list = await asked;
    if (list.length > 0) return list;
    say(speech.t('There is nothing to choose from.'));
  } catch (error) {
    const failure = failureOf(error);
    say(failure?.say?.(speech) ?? failure?.message ?? String(error));
  }
  return undefined;
}

/** Quotes a word for the shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
