/** `templates`: the templates Gupshup lets us send, and how one looks when filled. */
import type { Command } from 'commander';
import {
  fillTemplate,
  needsMedia,
  parameterProblem,
  parametersOf,
  unsupportedPart,
  type Template,
} from '../../domain/templates/template';
import type { CommandContext } from '../answer';
import { valueOf, WrongUsage } from '../errors';
import { sampleText } from '../preflight';
import { renderTable } from '../table';
import type { Speech } from '../speech';
import { addTemplateDrafts } from './template-drafts';

const SHOW_EXAMPLES = `
Examples:
  bobcofer templates show order_ready
  bobcofer templates show spring_sale/ru --param Anna --param "31 May" --param "20%"

Without --param, the template is filled with the examples that Meta reviewed.`;

export function addTemplates(program: Command, context: CommandContext): void {
  const { terminal, services, action } = context;
  const templates = program.command('templates').description('WhatsApp templates');
  templates
    .command('list')
    .description("list the sender's templates, as last read from Gupshup")
    .option('--refresh', 'read from Gupshup now')
    .option('--sender <app>', 'of this Gupshup app (default: the default sender)')
    .addHelpText('after', '\nExample:\n  bobcofer templates list --refresh')
    .action(
      action(async ({ refresh, sender }: { refresh?: true; sender?: string }) => {
        const catalogue = await services.catalogue();
        const { templates: list, syncedAt } = valueOf(
          await catalogue.templates({ refresh: refresh === true, ...(sender !== undefined && { sender }) }),
        );
        const table = renderTable<Template>(
          [
            { head: 'NAME', cell: ({ name }) => name },
            { head: 'LANGUAGE', cell: ({ language }) => language },
            { head: 'STATUS', cell: ({ status }) => status },
            { head: 'QUALITY', cell: ({ quality }) => quality },
            { head: 'CATEGORY', cell: ({ category }) => category },
            { head: 'PARAMETERS', cell: (template) => parametersOf(template).length },
            { head: 'MEDIA', cell: (template) => (needsMedia(template) ? template.header?.type : '') },
            { head: 'TEXT', cell: ({ body }) => body.replace(/\s+/g, ' '), flexible: true },
          ],
          list,
          { ...terminal, empty: 'Gupshup has no templates for this sender.' },
        );
        return {
          json: list.map((template) => ({ ...template, parameters: parametersOf(template) })),
          text: `${table}\n\n${services.speech.t('Read from Gupshup {{at}}.', { at: services.showTime(syncedAt) })}`,
        };
      }),
    );

  templates
    .command('show')
    .description('show one template: its details, its parameters, and the message as recipients see it')
    .argument('<name>', 'template name, name/language, or Gupshup id')
    .option('--param <value...>', 'the values to fill in, in template order')
    .option('--media <url>', 'the media link to show in the header')
    .option('--sender <app>', 'of this Gupshup app (default: the default sender)')
    .addHelpText('after', SHOW_EXAMPLES)
    .action(
      action(
        async (name: string, { param = [], media, sender }: { param?: string[]; media?: string; sender?: string }) => {
          const template = valueOf(await (await services.catalogue()).template(name, sender));
          const parameters = parametersOf(template);
          if (param.length > parameters.length) {
            throw new WrongUsage('--param: expected {{expected}} values for {{template}}, got {{count}}', {
              expected: parameters.length,
              template: template.name,
              count: param.length,
            });
          }
          const problems = param.flatMap((value, index) => {
            const problem = parameterProblem(value, parameters[index]?.place);
            return problem ? [{ position: index + 1, problem }] : [];
          });
          const message = filled(template, param, media);
          const table = renderTable(
            [
              { head: 'PARAMETER', cell: ({ position }) => position },
              { head: 'OF', cell: ({ place, button }) => (button ? `${place} of ${button}` : place) },
              { head: 'VARIABLE', cell: ({ variable }) => variable },
              { head: 'EXAMPLE', cell: ({ position }) => template.examples?.[position - 1], flexible: true },
            ],
            parameters,
            { ...terminal, empty: 'It has no parameters.' },
          );
          return {
            json: {
              ...template,
              parameters,
              message,
              problems,
              usable: whyNot(template, services.speech) === undefined,
            },
            text: [
              ...headLines(template, services.speech),
              '',
              table,
              '',
              sampleText(message),
              ...problems.map(({ position, problem }) =>
                services.speech.t('Parameter {{position}} would be refused: {{problem}}.', {
                  position,
                  problem: services.speech.text(`words.parameterProblems.${problem}`),
                }),
              ),
            ].join('\n'),
          };
        },
      ),
    );
  addTemplateDrafts(templates, context);
}

/** Fills the template with the given values, then with the reviewed examples; remaining variables stay. */
function filled(template: Template, given: readonly string[], media?: string): ReturnType<typeof fillTemplate> {
  const { examples = [], header } = template;
  const values = parametersOf(template).map(
    ({ position, variable }) => given[position - 1] ?? (examples[position - 1] || variable),
  );
  const link = media ?? (header && 'exampleUrl' in header ? header.exampleUrl : undefined);
  return fillTemplate(template, values, link);
}

function headLines(template: Template, speech: Speech): string[] {
  const { name, language, category, type, quality, id } = template;
  const { t } = speech;
  const reason = whyNot(template, speech);
  return [
    t('{{name}} ({{language}}): {{category}}, {{type}}, quality {{quality}}', {
      name,
      language,
      category,
      type,
      quality,
    }),
    t('Gupshup id {{id}}', { id }),
    reason === undefined ? t('It can be sent.') : t('It cannot be sent: {{reason}}.', { reason }),
  ];
}

function whyNot(template: Template, { t, text }: Speech): string | undefined {
  const { status, reason } = template;
  if (status !== 'APPROVED') {
    return [text(`words.templateStatuses.${status}`), reason].filter(Boolean).join(': ');
  }
  const part = unsupportedPart(template);
  return part && t('messages of type {{part}} are not supported', { part });
}
