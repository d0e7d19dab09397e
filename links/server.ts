/**
 * The redirect server: `GET /<code>` leads to the target that the campaign was made with. Nothing of the request says
 * where to; what a code stands for is worked out (domain/link-code.ts), the campaign is read once in a while.
 *
 * The answer does not wait for the click to be written: clicks of the same moment are one write, shortly after. A
 * process that is killed loses those of some milliseconds; one that is stopped writes them first.
 */
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../config/logger';
import { linkAnswers, linkSeconds } from '../config/metrics';
import { createLinkCodes, type LinkPlace } from '../domain/link-code';
import { linkTarget } from '../domain/links';
import type { Store } from '../store/connect';
import type { Click } from '../store/clicks';
import type { CampaignDocument } from '../store/documents';
import { isPress } from './press';
import { unknownPage } from './unknown-page';

export interface LinkServerOptions {
  store: { clicks: Pick<Store['clicks'], 'add' | 'key'>; campaigns: Pick<Store['campaigns'], 'find'> };
  log: Logger;
  /** Where codes lead that are none; absent = a page that says so. */
  unknownUrl?: string;
}

/** How long a campaign as read serves (ms): its name is in what is added to the address. */
const CAMPAIGN_FRESH_MS = 60_000;
const CAMPAIGNS = 1_000;
/** Clicks of this time are one write (ms). */
const GATHER_MS = 50;
/** So many wait for a database that does not answer; later ones are lost, and it is said. */
const MOST_WAITING = 100_000;
const REQUEST_LIMIT_MS = 10_000;

/** Whatever its route. */
type AnyReply = Pick<FastifyReply, 'redirect' | 'code'>;

/** Resolves once the key of the codes is known. Closing it writes what was not written yet. */
export async function createLinkServer({ store, log, unknownUrl }: LinkServerOptions): Promise<FastifyInstance> {
  const codes = createLinkCodes(await store.clicks.key());
  const clicks = createClickWriter(store.clicks, log);
  const campaigns = new LRUCache<string, { spec?: CampaignDocument['spec'] }>({
    max: CAMPAIGNS,
    ttl: CAMPAIGN_FRESH_MS,
    fetchMethod: async (id) => {
      const campaign = await store.campaigns.find(id);
      return campaign ? { spec: campaign.spec } : {};
    },
  });

  async function targetOf(place: LinkPlace | undefined): Promise<string | undefined> {
    const spec = place && (await campaigns.fetch(place.campaignId))?.spec;
    return spec && linkTarget(spec, place);
  }

  const server = Fastify({
    bodyLimit: 1_024,
    routerOptions: { maxParamLength: 100 },
    requestTimeout: REQUEST_LIMIT_MS,
    http: { headersTimeout: REQUEST_LIMIT_MS },
    forceCloseConnections: true,
    // A browser asks with HEAD for nothing of its own; scanners do, and are led as well.
    exposeHeadRoutes: true,
  });
  server.addHook('onResponse', async ({ method }, { statusCode, elapsedTime }) => {
    linkAnswers.inc({ status: statusCode });
    if (method === 'GET') linkSeconds.observe(elapsedTime / 1_000);
  });
  // Each person has an address of their own: nobody keeps it, lists it, or tells it to the target.
  server.addHook('onSend', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' });
  });

  server.get<{ Params: { code: string } }>('/:code', async (request, reply) => {
    const place = codes.read(request.params.code);
    const target = await targetOf(place);
    if (target === undefined) return unknown(request.headers['accept-language'], reply);
    if (isPress(request.method, request.headers))
      clicks.add({ campaignId: place!.campaignId, n: place!.n, at: new Date() });
    return reply.redirect(target, 302);
  });
  server.setNotFoundHandler((request, reply) => unknown(request.headers['accept-language'], reply));
  server.setErrorHandler<Error & { statusCode?: number }>((err, _request, reply) => {
    const { statusCode: status = 500 } = err;
    if (status >= 500) log.error({ err }, 'Cannot lead a link to its target');
    return reply.code(status).send();
  });
  server.addHook('onClose', () => clicks.close());
  return server;

  function unknown(languages: string | undefined, reply: AnyReply): AnyReply {
    if (unknownUrl !== undefined) return reply.redirect(unknownUrl, 302);
    return reply.code(404).type('text/html; charset=utf-8').send(unknownPage(languages));
  }
}

/** Writes clicks a moment after they came, those that came together at once; one that fails is tried with the next. */
function createClickWriter(
  store: Pick<Store['clicks'], 'add'>,
  log: Logger,
): { add(click: Click): void; close(): Promise<void> } {
  let waiting: Click[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    timer = undefined;
    const now = waiting;
    waiting = [];
    try {
      await store.add(now);
    } catch (err) {
      const kept = [...now, ...waiting];
      waiting = kept.slice(0, MOST_WAITING);
      log.error(
        { err, waiting: waiting.length, lost: kept.length - waiting.length },
        'Cannot write clicks: trying again',
      );
    }
  }

  function later(): void {
    timer ??= setTimeout(() => {
      writing = writing.then(write).then(() => {
        if (waiting.length > 0) later();
      });
    }, GATHER_MS);
  }

  return {
    add: (click) => {
      if (waiting.length < MOST_WAITING) waiting.push(click);
      later();
    },
    close: async () => {
      clearTimeout(timer);
      await writing;
      clearTimeout(timer);
      if (waiting.length > 0) await write();
    },
  };
}
