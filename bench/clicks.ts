/** How soon the redirect role leads on whoever presses a link: with nothing else going on, and while a campaign sends at the cap with all receipts. */
import { Agent } from 'undici';
import { createLinkCodes } from '../domain/link-code';
import { ordinaryPhones } from '../sandbox/ordinary-phones';
import { choosePorts } from '../local/servers/ports';
import { withDatabase } from './database';
import { percentile, type Figure } from './figures';
import { timesAtRate } from './open-loop';
import type { Scope } from './scope';
import type { BenchServers } from './servers';
import { openSite, peopleOf, sendMeanwhile, type Site } from './site';

const WANTED_MS = 50;
const CONNECTIONS = 100;
const TARGET = 'https://shop.example/sale';
/** Not counted are robots and scanners (links/press.ts). */
const BROWSER =
  'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36';
const COUNTED_WITHIN_MS = 60_000;
const WARM_UP_SECONDS = 3;
/** What the campaign has to send while links are pressed, and before and after (s). */
const MARGIN_SECONDS = 60;

export async function measureClicks(
  scope: Scope,
  servers: BenchServers,
  { perSecond, seconds, cap }: { perSecond: number; seconds: number; cap: number },
): Promise<Figure[]> {
  const site = await openSite(scope, servers, { sendsPerSecond: cap, workers: 1, receipts: true });
  const { links: port } = await choosePorts(scope.folder(`${site.name}/links`), ['links']);
  await site.start('webhooks');
  await site.start('links', { env: { LINKS_PORT: String(port) } });
  const count = perSecond * seconds;
  const origin = `http://127.0.0.1:${port}`;
  const press = (): Promise<number[]> => pressed(scope, site, origin, { count, perSecond });
  // What a role that has just started compiles is not what its users wait for.
  await pressed(scope, site, origin, { count: perSecond * WARM_UP_SECONDS, perSecond });
  const idle = await press();
  await sendMeanwhile(scope, site, ordinaryPhones(cap * (seconds + MARGIN_SECONDS)));
  const sending = await press();
  return [
    figure(`link pressed, ${perSecond} a second for ${seconds} s`, idle),
    figure(`the same while a campaign sends ${cap} a second with receipts`, sending),
  ];
}

/** The links of a campaign's people pressed, each once. Throws unless each leads to the target and is counted. */
async function pressed(
  scope: Scope,
  { campaignTo, mongodbUri, services: { store } }: Site,
  origin: string,
  load: { count: number; perSecond: number },
): Promise<number[]> {
  const campaignId = await campaignTo(peopleOf(ordinaryPhones(1)));
  const parameters = [{ kind: 'link', target: TARGET }];
  await withDatabase(mongodbUri, (db) =>
    db
      .collection<{ _id: string }>('campaigns')
      .updateOne({ _id: campaignId }, { $set: { 'spec.parameters': parameters } }),
  );
  const codes = createLinkCodes(await store.clicks.key());
  const agent = new Agent({ connections: CONNECTIONS });
  scope.atEnd(() => agent.destroy());
  const times = await timesAtRate(scope, load, async (n) => {
    const path = `/${codes.codeOf({ campaignId, n, variant: 0, position: 1 })}`;
    const headers = { 'user-agent': BROWSER };
    const { statusCode, headers: answered, body } = await agent.request({ origin, path, method: 'GET', headers });
    await body.dump();
    if (!String(answered['location']).startsWith(TARGET)) throw new Error(`a link was answered with ${statusCode}`);
  });
  const all = async (): Promise<boolean> => (await store.clicks.count(campaignId)).people === load.count;
  await scope.until(all, { what: `${load.count} clicks to be counted`, limitMs: COUNTED_WITHIN_MS });
  return times;
}

function figure(what: string, times: readonly number[]): Figure {
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => percentile(times, share)) as [number, number, number];
  return {
    figure: what,
    measured: `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, max ${max.toFixed(0)} ms; all counted`,
    value: p99,
    wanted: { text: `p99 < ${WANTED_MS} ms`, met: p99 < WANTED_MS },
  };
}
