/**
 * `npm run demo`: one whole campaign against the sandbox, unattended, from a CRM stage to its report.
 *
 * Exits with 0 only if the ledger balances, the sandbox's own count of accepted messages agrees with it, and no one got
 * two. Uses the stack that runs in BOBCOFER_HOME, or starts one and stops it afterwards.
 */
import { join, resolve } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import { connectCampaignServices, type CampaignServices } from '../campaigns/from-settings';
import { explain, type Result } from '../config/errors';
import { createLogger } from '../config/logger';
import { givenSettings, readSettings, SettingsError } from '../config/settings';
import { readStackFile, type StackFile } from '../config/stack-file';
import { sendingProgress } from '../domain/story/ledger';
import { buildReport } from '../report/build';
import { renderText } from '../report/text';
import { checkAgainstSandbox } from './demo-check';
import { createProgress } from './progress';
import { ExplainedError } from './servers/errors';
import { livingProcess } from './servers/leftovers';
import { startStack } from './stack';

const PIPELINE = 'Продажи';
const STAGE = 'База для рассылки';
const TEMPLATE = 'spring_sale/ru';
/** Receipts come this much faster than in life, so that the report is complete in a minute. */
const SPEED = 10;
const QUICK = { SETTLE_QUIET_SECONDS: '6' };
/** The whole campaign, before it counts as stuck (ms). */
const LIMIT_MS = 180_000;

async function main(): Promise<number> {
  const env = givenSettings();
  const home = resolve(env['BOBCOFER_HOME'] ?? '.bobcofer');
  const running = readStackFile(home);
  if (running && livingProcess(join(home, 'owner.json')) !== undefined) return runCampaign(home, running, {});

  const progress = createProgress((line) => console.log(line));
  const stack = await startStack({
    home,
    env: { ...QUICK, ...env },
    report: progress.report,
    sandboxSpeed: SPEED,
  });
  progress.end();
  try {
    return await runCampaign(home, stack.file, QUICK);
  } finally {
    await stack.stop();
  }
}

async function runCampaign(home: string, stack: StackFile, defaults: Record<string, string>): Promise<number> {
  if (!stack.chatUrl)
    throw new ExplainedError('The demo sends only to the sandbox, but this stack has real services set.');
  const settings = readSettings(['gupshup', 'amocrm', 'temporal', 'mongodb'], {
    ...defaults,
    ...process.env,
    BOBCOFER_HOME: home,
  });
  const services = await connectCampaignServices(settings, createLogger('demo', 'silent'));
  try {
    const { campaigns } = services;
    const id = value(await createDemoCampaign(services)).id;
    console.log(`\nCampaign ${id}: template ${TEMPLATE} to «${PIPELINE} / ${STAGE}».`);
    console.log(
      `Watch it: ${stack.chatUrl} (phones) and ${stack.temporalUi}/namespaces/${settings.temporal.TEMPORAL_NAMESPACE}/workflows (run).\n`,
    );
    value(await campaigns.start(id));
    await watch(services, id);
    const report = value(await buildReport(services.store, id));
    console.log(`\n${renderText(report, { language: 'en', timezone: settings.DEFAULT_TIMEZONE })}`);
    const { findings, ok } = await checkAgainstSandbox(services.store, id, stack.chatUrl);
    for (const finding of findings) console.log(`${finding.ok ? 'ok  ' : 'FAIL'}  ${finding.text}`);
    console.log(
      `\nEvery recipient, while \`npm start\` runs: npm run -s cli -- report ${id} --format xlsx --out report.xlsx`,
    );
    console.log(`Logs: ${join(home, 'logs')}`);
    return ok ? 0 : 1;
  } finally {
    await services.close();
  }
}

async function createDemoCampaign({ catalogue, campaigns }: CampaignServices): Promise<Result<{ id: string }>> {
  const pipelines = await catalogue.pipelines();
  if (!pipelines.ok) return pipelines;
  const pipeline = pipelines.value.find(({ name }) => name === PIPELINE);
  const stage = pipeline?.statuses.find(({ name }) => name === STAGE);
  if (!pipeline || !stage) throw new Error(`the demo company has no stage «${PIPELINE} / ${STAGE}»`);
  return campaigns.create({
    name: `Demo ${new Date().toISOString().slice(0, 16).replace('T', ' ')}`,
    template: TEMPLATE,
    audience: { kind: 'crm', pipelineId: pipeline.id, statusId: stage.id },
    audienceLabel: `${PIPELINE} / ${STAGE}`,
    parameters: [
      { kind: 'column', column: 'first_name', fallback: 'друг' },
      { kind: 'text', value: '31 мая' },
      { kind: 'text', value: '20 %' },
    ],
    createdBy: { kind: 'cli' },
  });
}

/** A bar in a terminal, a line whenever something has moved elsewhere. */
async function watch({ campaigns }: CampaignServices, id: string): Promise<void> {
  const bar = new SingleBar(
    {
      format: '{bar} {value}/{total} sent · {delivered} delivered · {read} read · {failed} failed · {state}',
      noTTYOutput: true,
      notTTYSchedule: 5_000,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  let started = false;
  const limit = AbortSignal.timeout(LIMIT_MS);
  const ended = await campaigns
    .wait(id, {
      signal: limit,
      onProgress: ({ ledger, state }) => {
        if (ledger.total === 0) return;
        const { done, total } = sendingProgress(ledger);
        const shown = { delivered: ledger.delivered + ledger.read, read: ledger.read, failed: ledger.failed, state };
        if (!started) bar.start(total, 0, shown);
        started = true;
        // The audience is frozen part by part.
        bar.setTotal(total);
        bar.update(done, shown);
      },
    })
    .catch((error: unknown) => {
      if (!limit.aborted) throw error;
      throw new ExplainedError(`The campaign has not ended within ${LIMIT_MS / 1000} s; expected about a minute.`);
    });
  bar.stop();
  const { state } = value(ended);
  if (state !== 'completed') throw new ExplainedError(`The campaign ended ${state}; expected completed.`);
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new ExplainedError(explain(result.refusal, 'en'));
  return result.value;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const explained = error instanceof ExplainedError || error instanceof SettingsError;
    console.error(`\n${explained ? error.message : String((error as Error).stack ?? error)}`);
    process.exit(1);
  },
);
