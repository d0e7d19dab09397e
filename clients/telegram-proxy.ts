/**
 * The way to Telegram: straight, or through the operator's proxy (TELEGRAM_PROXY). Telegraf's calls and the download of
 * files take the same one. What fails at the proxy is told apart from what fails behind it.
 */
import { get as getHttp, type Agent, type ClientRequest } from 'node:http';
import { get as getHttps } from 'node:https';
import { HttpsProxyAgent, type HttpsProxyAgentOptions } from 'https-proxy-agent';
import { SocksProxyAgent } from 'socks-proxy-agent';

/** Also of the error that Telegraf makes of it. */
export const TELEGRAM_PROXY_CODE = 'TELEGRAM_PROXY';

/** The proxy did not connect us to Telegram: nothing of the request has left. Its message names the proxy, never its user or password. */
class TelegramProxyError extends Error {
  readonly code = TELEGRAM_PROXY_CODE;
  constructor(proxy: string, what: string) {
    super(`the proxy ${proxyName(proxy)} ${what}`);
    this.name = 'TelegramProxyError';
  }
}

/** Scheme, host and port: what may be shown. */
export function proxyName(proxy: string): string {
  const { protocol, host } = new URL(proxy);
  return `${protocol}//${host}`;
}

/** From opening the connection to the proxy to its word that it leads to Telegram. */
const OPEN_MS = 30_000;

/** How Telegraf reaches Telegram; `proxy` as the settings hold it. */
export function telegramOptions(
  { apiRoot, proxy }: { apiRoot: string; proxy?: string | undefined },
  openMs = OPEN_MS,
): { apiRoot: string; agent?: Agent; attachmentAgent?: Agent } {
  // A path needs its last slash.
  const root = `${apiRoot}/`;
  if (proxy === undefined) return { apiRoot: root };
  const agent = proxy.startsWith('socks') ? new SocksTunnel(proxy) : new HttpTunnel(proxy, openMs);
  // Telegraf drops the agent of a root that begins with `http://`, in small letters: a Bot API server of one's own.
  return { apiRoot: root.replace(/^http:/, 'HTTP:'), agent, attachmentAgent: agent };
}

/** The bytes behind a link, by the agent that Telegraf uses. Rejects on anything but HTTP 200. The link goes into no message: it holds the bot's token. */
export function downloadFile(link: URL, agent: Agent | undefined, timeoutMs: number): Promise<Buffer> {
  const get = link.protocol === 'https:' ? getHttps : getHttp;
  return new Promise((resolve, reject) => {
    const request = get(link, { agent, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        reject(new Error(`Telegram's file server: expected 200, got ${response.statusCode}`));
        return;
      }
      response.toArray().then((chunks: Buffer[]) => resolve(Buffer.concat(chunks)), reject);
    });
    request.on('error', reject);
  });
}

type Connect = Parameters<HttpsProxyAgent<string>['connect']>[1];

class HttpTunnel extends HttpsProxyAgent<string> {
  constructor(
    readonly address: string,
    readonly openMs: number,
  ) {
    super(address, { keepAlive: true } as HttpsProxyAgentOptions<string>);
  }

  override async connect(request: ClientRequest, options: Connect): ReturnType<HttpsProxyAgent<string>['connect']> {
    let status: number | undefined;
    request.once('proxyConnect', (answer: { statusCode: number }) => (status = answer.statusCode));
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.openMs);
    // Read before the first wait, so each connection has its own.
    Object.assign(this.connectOpts, { signal: limit.signal });
    try {
      const socket = await super.connect(request, options);
      if (status === 200) return socket;
      socket.destroy();
    } catch (error) {
      const why = limit.signal.aborted ? `no answer within ${this.openMs / 1000} s` : reasonOf(error);
      throw new TelegramProxyError(this.address, `cannot be reached (${why}): ${CHECK_ADDRESS}`);
    } finally {
      clearTimeout(timer);
    }
    // Otherwise the proxy's page of an error would be read as Telegram's answer.
    throw status === 407
      ? new TelegramProxyError(this.address, `${REFUSES_USER} (HTTP 407): ${CHECK_USER}`)
      : new TelegramProxyError(this.address, notLetThrough(options, `HTTP ${status}`));
  }
}

class SocksTunnel extends SocksProxyAgent {
  constructor(readonly address: string) {
    // The proxy looks up the name: where Telegram is blocked, the name often leads astray too.
    super(address.replace(/^socks5:/, 'socks5h:'), { keepAlive: true });
  }

  override async connect(
    ...[request, options]: Parameters<SocksProxyAgent['connect']>
  ): ReturnType<SocksProxyAgent['connect']> {
    try {
      return await super.connect(request, options);
    } catch (error) {
      const { message } = error as Error;
      if (/authentication/i.test(message)) throw new TelegramProxyError(this.address, `${REFUSES_USER}: ${CHECK_USER}`);
      const rejected = /rejected connection(?: - (\w+))?/.exec(message);
      if (rejected) throw new TelegramProxyError(this.address, notLetThrough(options, rejected[1] ?? 'rejected'));
      throw new TelegramProxyError(this.address, `cannot be reached (${reasonOf(error)}): ${CHECK_ADDRESS}`);
    }
  }
}

const REFUSES_USER = 'refuses user and password';
const CHECK_USER = 'check them in TELEGRAM_PROXY';
const CHECK_ADDRESS = 'check TELEGRAM_PROXY, and that the proxy runs';

function notLetThrough({ host, port }: Connect, why: string): string {
  return `does not lead to ${host}:${port} (${why}): allow this address there, or give another TELEGRAM_PROXY`;
}

/** The system's code where there is one; libraries bury it in their sentence. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : (/\bE[A-Z]{4,}\b/.exec(message)?.[0] ?? message);
}
