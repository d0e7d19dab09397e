/** Runs a sandbox and a webhook receiver for its tests, and compares the shape of bodies with recorded ones. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { createSandbox, type Sandbox, type SandboxSettings } from '../../sandbox/main';
import { PATIENCE } from '../support/patience';

export const { GUPSHUP_APP_ID: APP_ID, GUPSHUP_APP_NAME: APP_NAME, GUPSHUP_SOURCE: SOURCE } = SANDBOX_CREDENTIALS;

/** Bodies of many shapes, which only tests look into. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Loose = any;

export interface Answer {
  status: number;
  type: string;
  body: Loose;
}

export function temporaryHome(): string {
  return mkdtempSync(join(tmpdir(), 'sandbox-'));
}

export async function startSandbox(settings: Partial<SandboxSettings> = {}): Promise<Sandbox> {
  return createSandbox({ home: temporaryHome(), speed: 100, ...settings });
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, body: type.includes('json') ? JSON.parse(text) : text };
}

/** A call with JSON, to the control or to amoCRM. */
export async function call(
  url: string,
  method = 'GET',
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const json =
    body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
  return answerOf(await fetch(url, { method, headers, ...json }));
}

/** A call to the sandbox's Gupshup, form-encoded. */
export async function gupshup(
  { url }: Pick<Sandbox, 'url'>, method: string, path: string, form?: Record<string, string>, headers: Record<string, string> = {},
): Promise<Answer> {
  const body = form && { body: new URLSearchParams(form) };
  return answerOf(
    await fetch(`${url}/gupshup${path}`, { method, headers: { apikey: SANDBOX_CREDENTIALS.GUPSHUP_API_KEY, ...headers }, ...body }),
  );
} // prettier-ignore

/** `order_ready`: two body parameters, nothing else. */
export const ORDER_READY = '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1003';

export function sendForm(destination: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    channel: 'whatsapp',
    source: SOURCE,
    destination,
    'src.name': APP_NAME,
    template: JSON.stringify({ id: ORDER_READY, params: ['Анна', '1042'] }),
    ...more,
  };
}

export function send(
  sandbox: Pick<Sandbox, 'url'>,
  destination: string,
  more: Record<string, string> = {},
): Promise<Answer> {
  return gupshup(sandbox, 'POST', '/wa/api/v1/template/msg', sendForm(destination, more));
}

export interface Receiver {
  url: string;
  bodies: Loose[];
  headers: Record<string, unknown>[];
  /** Status of the coming answers; 0 = cut the connection. */
  status: number;
  close(): Promise<void>;
}

/** An HTTP server that keeps every webhook it gets. */
export async function startReceiver(): Promise<Receiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      receiver.bodies.push(JSON.parse(Buffer.concat(chunks).toString()));
      receiver.headers.push(request.headers);
      if (receiver.status === 0) request.socket.destroy();
      else response.writeHead(receiver.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    bodies: [],
    headers: [],
    status: 200,
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  };
  return receiver;
}

export const ALL_MODES = 'ENQUEUED,SENT,DELIVERED,READ,FAILED,MESSAGE,TEMPLATE,ACCOUNT,BILLING,OTHERS';

export function subscribe(
  sandbox: Pick<Sandbox, 'url'>,
  url: string,
  more: Record<string, string> = {},
): Promise<Answer> {
  const form = { url, tag: 'test', version: '2', modes: ALL_MODES, ...more };
  return gupshup(sandbox, 'POST', `/wa/app/${APP_ID}/subscription`, form);
}

/** Waits until `look` gives something true; fails after `limitMs` (more in CI, see PATIENCE) with what was awaited. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  limitMs = 15_000,
): Promise<Exclude<T, false | undefined | null>> {
  const end = Date.now() + limitMs * PATIENCE;
  for (;;) {
    const found = await look();
    if (found) return found as Exclude<T, false | undefined | null>;
    if (Date.now() > end) throw new Error(`Waited ${limitMs * PATIENCE} ms for ${what}`);
    await delay(20);
  }
}

/** A recorded body. */
export function fixture(path: string): Loose {
  return JSON.parse(readFileSync(join(__dirname, '../fixtures', path), 'utf8'));
}

/**
 * The keys with their types, as `a.b: number` lines; lists show the union of their items. Keys whose value is null in
 * the recorded body may be anything.
 */
export function shapeOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => shapeOf(item, `${path}[]`)))];
  if (value === null) return [`${path}: null`];
  if (typeof value !== 'object') return [`${path}: ${typeof value}`];
  return Object.entries(value).flatMap(([key, inner]) => shapeOf(inner, path ? `${path}.${key}` : key));
}

/** The lines of the recorded body that ours lacks or has with another type. Null on either side matches anything. */
export function missingFrom(ours: unknown, recorded: unknown): string[] {
  const lines = shapeOf(ours);
  const isNull = (line: string): boolean => line.endsWith(': null');
  const keyOf = (line: string): string => line.slice(0, line.lastIndexOf(': '));
  const isAt = (line: string, key: string): boolean => [': ', '.', '['].some((next) => line.startsWith(key + next));
  return shapeOf(recorded).filter((line) => {
    const key = keyOf(line);
    return !lines.some(
      (one) => one === line || (isNull(line) && isAt(one, key)) || (isNull(one) && isAt(line, keyOf(one))),
    );
  });
}
