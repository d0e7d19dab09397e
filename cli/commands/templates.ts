/** `templates list`: what Gupshup lets us send. */
import type { Command } from 'commander';
import { needsMedia, parametersOf, type Template } from '../../domain/template';
import type { CommandContext } from '../answer';
import { valueOf } from '../errors';
import { renderTable } from '../table';

export function addTemplates(program: Command, { terminal, services, action }: CommandContext): void {
  program
    .command('templates')
    .description('WhatsApp templates')
    .command('list')
    .description('show the templates of the sender, as last read from Gupshup')
    .option('--refresh', 'read them from Gupshup now')
    .addHelpText('after', '\nExample:\n  bobcofer templates list --refresh')
    .action(
      action(async ({ refresh }: { refresh?: true }) => {
        const catalogue = await services.catalogue();
        const { templates } = valueOf(await catalogue.templates({ refresh: refresh === true }));
        const text = renderTable<Template>(
          [
            { head: 'NAME', cell: ({ name }) => name },
            { head: 'LANGUAGE', cell: ({ language }) => language },
            { head: 'STATUS', cell: ({ status }) => status },
            { head: 'CATEGORY', cell: ({ category }) => category },
            { head: 'PARAMETERS', cell: (template) => parametersOf(template).length },
            { head: 'MEDIA', cell: (template) => (needsMedia(template) ? template.header?.type : '') },
            { head: 'TEXT', cell: ({ body }) => body.replace(/\s+/g, ' '), flexible: true },
          ],
          templates,
          { ...terminal, empty: 'Gupshup has no template of this sender.' },
        );
        return { json: templates.map((template) => ({ ...template, parameters: parametersOf(template) })), text };
      }),
    );
}
