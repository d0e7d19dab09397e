/** `templates draft|drafts|check|submit|status|delete`: templates put together here and submitted for Meta's review. */
import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { z } from 'zod';
import { refused } from '../../config/errors';
import { suggestName, type TemplateDraft, templateDraftSchema, templateOf } from '../../domain/templates/draft';
import { blockingProblems, type DraftProblem } from '../../domain/templates/draft-check';
import { fillTemplate, TEMPLATE_CATEGORIES } from '../../domain/templates/template';
import { problemText, rejectionText } from '../../report/draft-problems';
import type { TemplateDraftDocument } from '../../store/template-drafts';
import type { Answer, CommandContext } from '../answer';
import type { CommandRefused } from '../errors';
import { refusal, valueOf, WrongUsage } from '../errors';
import { sampleText } from '../preflight';
import { sentence } from '../speech';
import { renderTable } from '../table';

const by = { kind: 'cli' } as const;

const DRAFT_EXAMPLES = `
Examples:
  bobcofer templates draft --category MARKETING --language en --body "Hello {{1}}, the new catalogue is here: have a look." \\
    --sample Anna --footer "Reply STOP to opt out" --button "Open=https://example.com/c/{{1}}=spring" --button "Unsubscribe"
  bobcofer templates draft catalogue.json
  bobcofer templates draft --id k3x9pq --body "Hello {{1}}, our new catalogue is here: have a look."

--button TEXT is a reply, TEXT=https://… a link (its sample behind another =), TEXT=+7… a phone, =CODE a code to copy.
A file holds the same as JSON, and cards of a carousel:
  {"name":"new_sofas","language":"en","category":"MARKETING","body":"Our new sofas, see them all below.","cardMedia":"IMAGE",
   "cards":[{"mediaUrl":"https://example.com/1.jpg","body":"Oslo","buttons":[{"type":"QUICK_REPLY","text":"Unsubscribe"}]}, …]}`;

interface DraftOptions {
  id?: string;
  name?: string;
  category?: TemplateDraft['category'];
  language?: string;
  body?: string;
  sample?: string[];
  header?: string;
  headerSample?: string;
  footer?: string;
  button?: string[];
  sender?: string;
}

export function addTemplateDrafts(templates: Command, context: CommandContext): void {
  addDraft(templates, context);
  addDrafts(templates, context);
  addCheck(templates, context);
  addSubmit(templates, context);
  addStatus(templates, context);
  addDelete(templates, context);
}

function addDraft(templates: Command, context: CommandContext): void {
  const { services, action } = context;
  templates
    .command('draft')
    .description('put a template together, from options or a JSON file, and check it; nothing is submitted')
    .argument('[file]', 'JSON, as in the example')
    .option('--id <draft>', 'change this draft; what is not given stays')
    .option('--name <name>', 'a-z, 0-9 and _; default: made of the text')
    .addOption(new Option('--category <category>', 'what it is for').choices([...TEMPLATE_CATEGORIES]))
    .option('--language <code>', "of the text, as Meta writes it: ru, en, en_US (default: the console's)")
    .option('--body <text>', 'the text, with {{1}}, {{2}} … where values go')
    .option('--sample <value...>', "a value of each variable, for Meta's reviewers")
    .option('--header <text>', 'a line above the text')
    .option('--header-sample <value>', "the value of the header's variable")
    .option('--footer <text>', 'a grey line below the text')
    .option('--button <button...>', 'TEXT, TEXT=https://…, TEXT=+7…, or =CODE')
    .option('--sender <app>', 'for this Gupshup app (default: the default sender)')
    .addHelpText('after', DRAFT_EXAMPLES)
    .action(
      action(async (file: string | undefined, options: DraftOptions): Promise<Answer> => {
        const desk = await services.templateDesk();
        const { id, sender } = options;
        const kept = id === undefined ? undefined : valueOf(await desk.find(id));
        if (kept && sender !== undefined && sender !== kept.sender) {
          throw new WrongUsage('--sender: draft {{id}} is for {{sender}}; make a new one for another sender', {
            id: kept._id,
            sender: kept.sender,
          });
        }
        const given = file === undefined ? kept?.draft : readDraft(file);
        const draft = withOptions(given, options, services.speech.language);
        if (draft.name === '') draft.name = await desk.nameFor(suggestName(draft.body), sender);
        const saved = valueOf(
          await desk.save({ draft, by, ...(id !== undefined && { id }), ...(sender !== undefined && { sender }) }),
        );
        return checked(saved, valueOf(await desk.check(saved.draft, saved.sender)), context);
      }),
    );
}

/** Throws a refusal that names what is wrong in the file. */
function readDraft(file: string): TemplateDraft {
  const unreadable = (detail: string): CommandRefused => refusal(refused('draft_unreadable', { detail }).refusal);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : String(error));
  }
  const read = templateDraftSchema.safeParse({ name: '', ...(content as object) });
  if (!read.success) throw unreadable(z.prettifyError(read.error).replace(/\s+/g, ' '));
  return read.data;
}

function withOptions(given: TemplateDraft | undefined, options: DraftOptions, language: string): TemplateDraft {
  const { name, category, body, sample, header, headerSample, footer, button } = options;
  const base = given ?? { name: '', language, category: undefined, body: '', samples: [], buttons: [] };
  const chosen = category ?? base.category;
  if (chosen === undefined) {
    throw new WrongUsage('--category: expected {{categories}}', { categories: TEMPLATE_CATEGORIES.join(', ') });
  }
  if (body === undefined && base.body === '') throw new WrongUsage('expected a file or --body');
  const draft: TemplateDraft = {
    ...base,
    ...{ category: chosen, language: options.language ?? base.language },
    ...(name !== undefined && { name }),
    ...(body !== undefined && { body: body.replaceAll('\\n', '\n') }),
    ...(sample && { samples: sample }),
    ...(footer !== undefined && { footer }),
    ...(button && { buttons: button.map(readButton) }),
  };
  if (header !== undefined) draft.header = { type: 'TEXT', text: header };
  if (headerSample !== undefined && draft.header?.type === 'TEXT') draft.header.sample = headerSample;
  if (header === '') delete draft.header;
  if (footer === '') delete draft.footer;
  return draft;
}

/** `TEXT`, `TEXT=https://…[=SAMPLE]`, `TEXT=+7…`, `=CODE`. */
function readButton(given: string): TemplateDraft['buttons'][number] {
  const [, text = '', value = ''] = /^([^=]*)(?:=([^]*))?$/.exec(given) ?? [];
  if (!given.includes('=')) return { type: 'QUICK_REPLY', text: given };
  if (text === '') return { type: 'COPY_CODE', sample: value };
  if (value.startsWith('+')) return { type: 'PHONE_NUMBER', text, phone: value.replace(/[\s()-]/g, '') };
  const [url = '', sample] = value.includes('{{')
    ? [value.replace(/\}\}=[^]*$/, '}}'), /\}\}=([^]*)$/.exec(value)?.[1]]
    : [value];
  return { type: 'URL', text, url, ...(sample !== undefined && { sample }) };
}

/** The draft as people will see it, and what is wrong with it. A draft that cannot be submitted fails `check` alone. */
function checked(
  one: TemplateDraftDocument,
  problems: readonly DraftProblem[],
  { services }: CommandContext,
  failsWith = false,
): Answer {
  const { t, language } = services.speech;
  const template = templateOf(one.draft);
  const blocking = blockingProblems(problems);
  const said = (one: DraftProblem): string => `${one.mayPass ? '⚠️' : '⛔️'} ${problemText(one, language)}`;
  const { name, category } = one.draft;
  const count = blocking.length;
  return {
    json: {
      ...documentOf(one),
      problems: problems.map((problem) => ({ ...problem, text: problemText(problem, language) })),
      ready: count === 0,
    },
    text: [
      t('Draft {{id}}: {{name}} ({{language}}), {{category}}', {
        id: one._id,
        name,
        language: one.draft.language,
        category,
      }),
      '',
      sampleText(fillTemplate(template, template.examples ?? [])),
      ...problems.map(said),
      ...(one.refusal === undefined ? [] : [t('Gupshup did not take it: {{refusal}}', { refusal: one.refusal })]),
      count === 0
        ? t('Ready: bobcofer templates submit {{id}}', { id: one._id })
        : t('To correct: {{count}}.', { count }),
    ].join('\n'),
    ...(failsWith && count > 0 && { failure: sentence('To correct: {{count}}.', { count }) }),
  };
}

function documentOf(one: TemplateDraftDocument): object {
  const { _id: id, sender, draft, state, templateId, category, reason, refusal, submittedAt, decidedAt } = one;
  return { id, sender, state, draft, templateId, category, reason, refusal, submittedAt, decidedAt };
}

function addDrafts(templates: Command, { terminal, services, action }: CommandContext): void {
  templates
    .command('drafts')
    .description("the templates put together here, with Meta's answers, the newest first")
    .action(
      action(async (): Promise<Answer> => {
        const list = await (await services.templateDesk()).list();
        return { json: list.map(documentOf), text: draftTable(list, { terminal, services }) };
      }),
    );
}

function draftTable(
  list: readonly TemplateDraftDocument[],
  { terminal, services }: Pick<CommandContext, 'terminal' | 'services'>,
): string {
  const { text } = services.speech;
  return renderTable(
    [
      { head: 'DRAFT', cell: ({ _id }) => _id },
      { head: 'NAME', cell: ({ draft }) => `${draft.name}/${draft.language}` },
      { head: 'CATEGORY', cell: ({ draft, category }) => category ?? draft.category },
      { head: 'STATE', cell: ({ state }) => text(`templates.states.${state}`) },
      { head: 'SUBMITTED', cell: ({ submittedAt }) => services.showTime(submittedAt) },
      { head: 'TEXT', cell: ({ draft }) => draft.body.replace(/\s+/g, ' '), flexible: true },
    ],
    list,
    { ...terminal, empty: 'No templates have been put together here.' },
  );
}

const draftArgument = ['<draft>', 'the draft, as `templates drafts` lists it'] as const;

function addCheck(templates: Command, context: CommandContext): void {
  const { services, action } = context;
  templates
    .command('check')
    .description("check a draft by Meta's rules: everything to correct, and how")
    .argument(...draftArgument)
    .addHelpText('after', '\nExample:\n  bobcofer templates check k3x9pq')
    .action(
      action(async (id: string): Promise<Answer> => {
        const desk = await services.templateDesk();
        const one = valueOf(await desk.find(id));
        return checked(one, valueOf(await desk.check(one.draft, one.sender)), context, true);
      }),
    );
}

function addSubmit(templates: Command, { services, action }: CommandContext): void {
  templates
    .command('submit')
    .description("submit a draft for Meta's review, once; the worker follows it and tells the team")
    .argument(...draftArgument)
    .addHelpText('after', '\nExample:\n  bobcofer templates submit k3x9pq')
    .action(
      action(async (id: string): Promise<Answer> => {
        const desk = await services.templateDesk();
        const one = valueOf(await desk.submit(id, { by, language: services.speech.language }));
        if (one.state === 'unsure') throw refusal(refused('submit_unsure', { template: one.draft.name }).refusal);
        return {
          json: documentOf(one),
          text: services.speech.t('{{name}}: {{state}}. bobcofer templates status {{id}} tells more.', {
            name: one.draft.name,
            state: services.speech.text(`templates.states.${one.state}`),
            id,
          }),
        };
      }),
    );
}

function addStatus(templates: Command, { terminal, services, action }: CommandContext): void {
  templates
    .command('status')
    .description('ask Gupshup what became of submitted drafts')
    .argument('[draft]', 'this one only')
    .addHelpText('after', '\nExample:\n  bobcofer templates status k3x9pq')
    .action(
      action(async (id: string | undefined): Promise<Answer> => {
        const list = valueOf(await (await services.templateDesk()).look(id === undefined ? undefined : [id]));
        const [one] = list;
        if (id === undefined || !one)
          return { json: list.map(documentOf), text: draftTable(list, { terminal, services }) };
        const { language } = services.speech;
        return {
          json: { ...documentOf(one), ...(one.state === 'rejected' && { why: rejectionText(one.reason, language) }) },
          text: [
            draftTable([one], { terminal, services }),
            ...(one.state === 'rejected' ? [rejectionText(one.reason, language)] : []),
            ...(one.category
              ? [
                  services.speech.t('Meta made it {{category}}: its price is that of {{category}}.', {
                    category: one.category,
                  }),
                ]
              : []),
          ].join('\n'),
        };
      }),
    );
}

function addDelete(templates: Command, { services, action }: CommandContext): void {
  templates
    .command('delete')
    .description('take a draft away; a submitted one is deleted at Gupshup too, in every language, for good')
    .argument(...draftArgument)
    .addHelpText('after', '\nExample:\n  bobcofer templates delete k3x9pq')
    .action(
      action(async (id: string): Promise<Answer> => {
        const { name, atGupshup } = valueOf(await (await services.templateDesk()).remove(id));
        return {
          json: { id, name, atGupshup },
          text: atGupshup
            ? services.speech.t('{{name}} is deleted at Gupshup. Its name can be used again after 30 days.', { name })
            : services.speech.t('The draft {{name}} is gone.', { name }),
        };
      }),
    );
}
