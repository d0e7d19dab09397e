/** Checks a media file before many messages use it, behind a link or to be uploaded: reachable, right type, not too large. */
import { Agent, type buildConnector, type Dispatcher } from 'undici';
import type { MediaType } from '../domain/templates/uploaded-media';
import { mayBePublic, NOT_PUBLIC, publicOnly } from './public-addresses';

/** Why WhatsApp would not take a file. */
export type FileProblem =
  { kind: 'wrong_type'; expected: string; got: string } | { kind: 'too_large'; bytes: number; limit: number };

type MediaVerdict =
  | { kind: 'fits' }
  /** Not a public https address, or redirects to one that is not. */
  | { kind: 'not_public' }
  | { kind: 'refused'; status: number }
  | FileProblem
  /** It did not answer just now, which does not mean that WhatsApp cannot load it. */
  | { kind: 'unknown'; detail: string };

export interface MediaChecker {
  /** Never throws because of the network or the server. */
  check(link: string, type: MediaType): Promise<MediaVerdict>;
}

export interface MediaOptions {
  /** For the whole check, including redirects. */
  timeoutMs?: number;
  /** How connections are made; default: only to public addresses. */
  connect?: buildConnector.connector;
}

const MEGABYTE = 1024 * 1024;
/** WhatsApp's limits (whatsapp.md#template-rules). */
const RULES: Record<MediaType, { expected: string; limit: number; takes: (type: string) => boolean }> = {
  IMAGE: { expected: 'JPEG, PNG', limit: 5 * MEGABYTE, takes: (type) => /^image\/(jpeg|png)$/.test(type) },
  VIDEO: { expected: 'MP4, 3GPP', limit: 16 * MEGABYTE, takes: (type) => /^video\/(mp4|3gpp)$/.test(type) },
  // An HTML page instead of a document: a login page, or one with a button.
  DOCUMENT: { expected: 'a document', limit: 100 * MEGABYTE, takes: (type) => type !== 'text/html' },
};

/** What Gupshup takes as a document, by the ending of its name (whatsapp.md#template-rules). */
const DOCUMENTS: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  txt: 'text/plain',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};

/** A file that is to be uploaded: its MIME type by its content, of a document by its name, or what is wrong with it. */
export function fileProblem(
  content: Buffer,
  name: string,
  type: MediaType,
): { mime: string } | { problem: FileProblem } {
  const { limit, ...rules } = RULES[type];
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const seen = typeByContent(content.subarray(0, HEAD_BYTES));
  const isDocument = type === 'DOCUMENT';
  const mime = isDocument ? (seen === undefined || seen === DOCUMENTS[ending] ? DOCUMENTS[ending] : undefined) : seen;
  if (mime === undefined || !rules.takes(mime)) {
    const expected = isDocument ? Object.keys(DOCUMENTS).join(', ') : rules.expected;
    return { problem: { kind: 'wrong_type', expected, got: seen ?? (ending ? `.${ending}` : '?') } };
  }
  if (content.length > limit) return { problem: { kind: 'too_large', bytes: content.length, limit } };
  return { mime };
}

const MOST_REDIRECTS = 3;
/** Enough to distinguish a picture from a page. */
const HEAD_BYTES = 64;
/** Statuses that say nothing about WhatsApp's request: wrong method, too many requests, server trouble. */
const SAYS_NOTHING = (status: number): boolean => [405, 408, 416, 429].includes(status) || status >= 500;

export function createMediaChecker({ timeoutMs = 5_000, connect }: MediaOptions = {}): MediaChecker {
  async function look(link: string, type: MediaType, agent: Agent, signal: AbortSignal): Promise<MediaVerdict> {
    let url: URL | undefined = readUrl(link);
    for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
      if (!url || url.protocol !== 'https:' || !mayBePublic(url.hostname)) return { kind: 'not_public' };
      const response = await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'GET',
        headers: { range: `bytes=0-${HEAD_BYTES - 1}`, accept: '*/*', 'user-agent': 'bobcofer/0.1' },
        signal,
      });
      const location = headerOf(response, 'location');
      if (response.statusCode >= 300 && response.statusCode < 400 && location !== undefined) {
        discard(response.body);
        url = readUrl(location, url);
        continue;
      }
      return await judge(response, type);
    }
    return { kind: 'unknown', detail: `more than ${MOST_REDIRECTS} redirects` };
  }

  return {
    async check(link, type) {
      const agent = new Agent({ connect: connect ?? { lookup: publicOnly }, pipelining: 0 });
      try {
        return await look(link, type, agent, AbortSignal.timeout(timeoutMs));
      } catch (error) {
        const { code, name } = error as NodeJS.ErrnoException;
        if (code === NOT_PUBLIC) return { kind: 'not_public' };
        // A DOMException's code is a meaningless number.
        return { kind: 'unknown', detail: name === 'TimeoutError' ? 'no answer' : (code ?? name) };
      } finally {
        await agent.destroy();
      }
    },
  };
}

async function judge(response: Dispatcher.ResponseData, type: MediaType): Promise<MediaVerdict> {
  const { statusCode: status, body } = response;
  if (status < 200 || status >= 300) {
    discard(body);
    return SAYS_NOTHING(status) ? { kind: 'unknown', detail: `HTTP ${status}` } : { kind: 'refused', status };
  }
  const { expected, limit, takes } = RULES[type];
  const got = typeByContent(await firstBytes(body)) ?? typeByHeader(response);
  if (got !== undefined && !takes(got)) return { kind: 'wrong_type', expected, got };
  const bytes = sizeOf(response);
  return bytes !== undefined && bytes > limit ? { kind: 'too_large', bytes, limit } : { kind: 'fits' };
}

async function firstBytes(body: Dispatcher.ResponseData['body']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    // Servers without range support send the whole file: leaving the loop aborts it.
    if (chunks.reduce((sum, { length }) => sum + length, 0) >= HEAD_BYTES) break;
  }
  return Buffer.concat(chunks);
}

/** The rest is not read; without a listener undici would report that as an unhandled error. */
function discard(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => undefined).destroy();
}

/** By the first bytes, because many servers call everything application/octet-stream. */
function typeByContent(head: Buffer): string | undefined {
  const ascii = head.toString('latin1');
  if (ascii.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (ascii.startsWith('\x89PNG')) return 'image/png';
  if (ascii.startsWith('%PDF-')) return 'application/pdf';
  if (ascii.startsWith('GIF8')) return 'image/gif';
  if (ascii.startsWith('RIFF') && ascii.slice(8, 12) === 'WEBP') return 'image/webp';
  if (/^\s*(<!doctype html|<html)/i.test(ascii)) return 'text/html';
  if (ascii.slice(4, 8) !== 'ftyp') return undefined;
  const brand = ascii.slice(8, 12);
  if (brand === 'qt  ') return 'video/quicktime';
  return brand.startsWith('3g') ? 'video/3gpp' : 'video/mp4';
}

function typeByHeader(response: Dispatcher.ResponseData): string | undefined {
  const type = headerOf(response, 'content-type')?.split(';')[0]?.trim().toLowerCase();
  return type === '' || type === 'application/octet-stream' || type === 'binary/octet-stream' ? undefined : type;
}

function sizeOf(response: Dispatcher.ResponseData): number | undefined {
  const size =
    response.statusCode === 206
      ? /\/(\d+)$/.exec(headerOf(response, 'content-range') ?? '')?.[1]
      : headerOf(response, 'content-length');
  return size === undefined ? undefined : Number(size);
}

function headerOf({ headers }: Dispatcher.ResponseData, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function readUrl(link: string, base?: URL): URL | undefined {
  return URL.canParse(link, base?.href) ? new URL(link, base) : undefined;
}
