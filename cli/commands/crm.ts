/** `crm leads` and `crm connect`, and the home of the other CRM commands. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { LeadWithContacts, Pipeline } from '../../clients/amocrm/model';
import type { CommandContext } from '../answer';
import { refusedAs, valueOf, WrongUsage } from '../errors';
import { findPipeline, findStatus } from '../stages';
import { renderTable } from '../table';
import { addDirectory } from './crm-directory';
import { addFunnel } from './crm-funnel';
import { addWriteBack } from './crm-write-back';

/** How often to check whether the administrator has agreed (ms). */
const CONNECT_POLL_MS = 1_000;

export function addCrm(program: Command, context: CommandContext): void {
  const { terminal, services, action } = context;
  const crm = program.command('crm').description('amoCRM: pipelines, stages, leads');

  addDirectory(crm, context);
  addFunnel(crm, context);
  addWriteBack(crm, context);

  crm
    .command('leads')
    .description('show the leads of a stage, a pipeline or the whole CRM, with phones as written there')
    .option('--pipeline <id>', 'id or name of the pipeline')
    .option('--status <id>', 'id or name of the stage; needs --pipeline')
    .addHelpText(
      'after',
      '\nExamples:\n  bobcofer crm leads --pipeline 7001\n  bobcofer crm leads --pipeline Sales --status "Offer sent"',
    )
    .action(
      action(async ({ pipeline, status }: { pipeline?: string; status?: string }) => {
        if (status !== undefined && pipeline === undefined) {
          throw new WrongUsage(
            '--status: expected --pipeline with it, because amoCRM has the stages 142 and 143 in every pipeline',
          );
        }
        const filter = pipeline === undefined ? {} : filterOf(await pipelinesOf(), pipeline, status);
        terminal.doing('Reading leads from amoCRM');
        const client = await services.crm();
        const rows: LeadRow[] = [];
        for await (const found of client.leadsWithContacts(filter)) rows.push(rowOf(found));
        const text = renderTable(
          [
            { head: 'LEAD', cell: ({ id }) => String(id) },
            { head: 'NAME', cell: ({ name }) => name, flexible: true },
            { head: 'PRICE', cell: ({ price }) => price },
            { head: 'PIPELINE', cell: ({ pipelineId }) => String(pipelineId) },
            { head: 'STATUS', cell: ({ statusId }) => String(statusId) },
            { head: 'CONTACT', cell: (row) => row.contacts[0]?.name, flexible: true },
            { head: 'PHONES', cell: (row) => row.contacts.flatMap(({ phones }) => phones).join(', '), flexible: true },
          ],
          rows,
          { ...terminal, empty: 'There are no leads.' },
        );
        return { json: rows, text };
      }),
    );

  crm
    .command('connect')
    .description('print the link with which an amoCRM administrator grants access (OAuth)')
    .option('--wait', 'wait until access is granted, at most until the link expires')
    .addHelpText('after', '\nExample:\n  bobcofer crm connect --wait')
    .action(
      action(async ({ wait }: { wait?: true }) => {
        const login = await services.crmLogin();
        const before = await login.connected();
        const { url, goodUntil } = valueOf(await login.link());
        const { t } = terminal.speech;
        if (!wait)
          return { json: { url, goodUntil }, text: `${t('Open this link as an amoCRM administrator:')}\n${url}` };
        terminal.note(`${t('Open this link as an amoCRM administrator, then come back here:')}\n${url}`);
        while (new Date() < goodUntil) {
          const now = await login.connected();
          if (now && now.since.getTime() !== before?.since.getTime()) {
            return { json: { url, connectedAt: now.since }, text: t('amoCRM is connected.') };
          }
          await sleep(CONNECT_POLL_MS);
        }
        throw refusedAs('crm_login_late', 'Access was not granted in time. `crm connect` prints a new link.');
      }),
    );

  async function pipelinesOf(): Promise<Pipeline[]> {
    return valueOf(await (await services.catalogue()).pipelines({ refresh: true }));
  }
}

function filterOf(
  pipelines: Pipeline[],
  pipelineGiven: string,
  statusGiven?: string,
): { pipelineId: number; statusId?: number } {
  const pipeline = findPipeline(pipelines, pipelineGiven);
  if (statusGiven === undefined) return { pipelineId: pipeline.id };
  return { pipelineId: pipeline.id, statusId: findStatus(pipeline, statusGiven).id };
}

interface LeadRow {
  id: number;
  name: string;
  price: number;
  pipelineId: number;
  statusId: number;
  contacts: { id: number; name: string; phones: string[] }[];
}

function rowOf({ lead, contacts }: LeadWithContacts): LeadRow {
  const { id, name, price, pipelineId, statusId } = lead;
  return {
    id,
    name,
    price,
    pipelineId,
    statusId,
    contacts: contacts.map((contact) => ({ id: contact.id, name: contact.name, phones: contact.phones })),
  };
}
