/**
 * Without a cap in the way: contacts a second, with all their receipts or with none, and what a contact costs. Drives any
 * build: what is counted is what arrives at the sandbox, and what the campaign's status says.
 */
import { campaignWorkflowId } from '../workflows/messages';
import { ordinaryPhones } from '../sandbox/ordinary-phones';
import type { Build } from './build';
import type { Figure } from './figures';
import { peakResidentBytes } from './processes';
import { arrivalsAt, keptUpFigure, ledgerOf, meter, perContact, untilApplied } from './receipts-on';
import type { Scope } from './scope';
import type { BenchServers } from './servers';
import { openSite, peopleOf } from './site';

/** The highest that the settings allow. */
const NO_CAP = 1_000;
/** More people than any build sends to within the window: the campaign must not end in it. */
const MOST_PER_SECOND = 600;
const BEGIN_LIMIT_MS = 300_000;
const PROCESSOR_WANTED_MS = 4;
/** What was on its way when the window closed has arrived (ms). */
const CALM_MS = 2_000;

export async function measureNoCap(
  scope: Scope,
  servers: BenchServers,
  { seconds, receipts, build }: { seconds: number; receipts: boolean; build: Build },
): Promise<Figure[]> {
  const site = await openSite(scope, servers, { sendsPerSecond: NO_CAP, workers: 0, receipts, build });
  const { temporal } = site.services;
  const id = await site.campaignTo(peopleOf(ordinaryPhones(seconds * MOST_PER_SECOND)));
  // Without receipts nobody has to receive them.
  const receiver = receipts ? await site.start('webhooks') : undefined;
  const worker = await site.start('worker');
  const pids = { worker: worker.pid, Temporal: servers.pids.temporal, MongoDB: servers.pids.mongodb };
  await site.begin(id);
  await scope.until(
    async () => (await site.ask<{ accepted: number }>('GET', '/sandbox/gupshup/summary')).accepted > 0,
    {
      what: 'the first message',
      limitMs: BEGIN_LIMIT_MS,
    },
  );
  const used = meter({ ...pids, ...(receiver && { receiver: receiver.pid }) });
  await scope.pause(seconds * 1000);

  const [ledger, arrivals] = await Promise.all([ledgerOf(site, id), arrivalsAt(site)]);
  const startedAt = arrivals[0]!.acceptedAt;
  const inWindow = arrivals.filter(({ acceptedAt }) => acceptedAt < startedAt + seconds * 1000).length;
  const rate = inWindow / seconds;
  const usedSending = used();
  const what = receipts ? 'with four receipts a message' : 'without receipts';
  const figures: Figure[] = [
    { figure: `contacts a second, no cap, ${what}`, measured: `${rate.toFixed(0)} a second`, value: rate },
  ];
  const memory = peakResidentBytes(worker.pid);
  if (receipts) figures.push(keptUpFigure(`receipts applied of those due after ${seconds} s`, [ledger], arrivals));
  // No more is sent; what has been sent gets its receipts. A worker that sees the campaign end would take everybody else
  // off the list, which is no part of a send.
  await worker.stop();
  await temporal.workflow.getHandle(campaignWorkflowId(id)).terminate();
  await scope.pause(CALM_MS);
  const messages = (await arrivalsAt(site)).length;
  const applied = receipts ? await untilApplied(scope, site, [id], messages) : 0;
  const usedInAll = receipts ? used() : usedSending;
  const contacts = receipts ? messages : arrivals.length;
  const each = usedInAll.all / contacts;
  figures.push({
    figure: `processor time a contact${receipts ? ' until all its receipts are applied' : ''}, ms`,
    measured: perContact(usedInAll, contacts) + (receipts ? ` (${applied} receipts of ${messages} messages)` : ''),
    value: each,
    ...(receipts && { wanted: { text: `≤ ${PROCESSOR_WANTED_MS}`, met: each <= PROCESSOR_WANTED_MS } }),
  });
  if (memory) {
    const megabytes = memory / 1_048_576;
    figures.push({ figure: 'most memory of the worker', measured: `${megabytes.toFixed(0)} MB`, value: megabytes });
  }
  return figures;
}
