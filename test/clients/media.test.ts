/** The look at a media link: what WhatsApp could not take is told before thousands of messages carry it. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { createMediaChecker, type MediaChecker } from '../../clients/media';
import type { MediaType } from '../../domain/templates/uploaded-media';

const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(200)]);
const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(200)]);
const video = (brand: string): Buffer => Buffer.from(`\0\0\0\x18ftyp${brand}${'\0'.repeat(100)}`, 'latin1');
const MEGABYTE = 1024 * 1024;

const answers: Record<string, (response: ServerResponse) => unknown> = {
  '/a.jpg': (to) => to.writeHead(200, { 'content-type': 'image/jpeg' }).end(JPEG),
  '/unnamed': (to) => to.writeHead(200, { 'content-type': 'application/octet-stream' }).end(PNG),
  '/lies.jpg': (to) => to.writeHead(200, { 'content-type': 'image/jpeg' }).end('RIFF    WEBPVP8 '),
  '/login': (to) => to.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!DOCTYPE html><html>'),
  '/a.mp4': (to) => to.writeHead(206, { 'content-range': `bytes 0-63/${16 * MEGABYTE}` }).end(video('isom')),
  '/long.mp4': (to) => to.writeHead(206, { 'content-range': `bytes 0-63/${16 * MEGABYTE + 1}` }).end(video('isom')),
  '/phone.3gp': (to) => to.writeHead(200).end(video('3gp5')),
  '/apple.mov': (to) => to.writeHead(200).end(video('qt  ')),
  '/a.pdf': (to) => to.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF-1.7'),
  '/huge.png': (to) => to.writeHead(200, { 'content-length': String(900 * MEGABYTE) }).write(PNG),
  '/moved': (to) => to.writeHead(302, { location: 'https://cdn.example/a.jpg' }).end(),
  '/moved-inside': (to) => to.writeHead(302, { location: 'https://192.168.0.1/a.jpg' }).end(),
  '/moved-plain': (to) => to.writeHead(301, { location: 'http://media.example/a.jpg' }).end(),
  '/round': (to) => to.writeHead(302, { location: '/round' }).end(),
  '/private': (to) => to.writeHead(403).end('no'),
  '/broken': (to) => to.writeHead(503).end('later'),
  '/silent': () => undefined,
};

let server: Server;
let checker: MediaChecker;
const asked: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.headers.host}${request.url} ${request.headers.range}`);
    (answers[request.url!] ?? ((to) => to.writeHead(404).end()))(response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  checker = createMediaChecker({
    timeoutMs: 2_000,
    // Every https host is the local server.
    connect: (_options, connected) => {
      const socket = connect(port, '127.0.0.1', () => connected(null, socket));
    },
  });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const check = (path: string, type: MediaType = 'IMAGE'): Promise<object> =>
  checker.check(`https://media.example${path}`, type);

test.each<[string, MediaType]>([
  ['/a.jpg', 'IMAGE'],
  ['/unnamed', 'IMAGE'],
  ['/moved', 'IMAGE'],
  ['/a.mp4', 'VIDEO'],
  ['/phone.3gp', 'VIDEO'],
  ['/a.pdf', 'DOCUMENT'],
  ['/a.jpg', 'DOCUMENT'],
])('a media file %s fits as %s', (path, type) => expect(check(path, type)).resolves.toEqual({ kind: 'fits' }));

test.each<[string, MediaType, string, string]>([
  ['/lies.jpg', 'IMAGE', 'JPEG, PNG', 'image/webp'],
  ['/a.pdf', 'IMAGE', 'JPEG, PNG', 'application/pdf'],
  ['/login', 'IMAGE', 'JPEG, PNG', 'text/html'],
  ['/login', 'DOCUMENT', 'a document', 'text/html'],
  ['/apple.mov', 'VIDEO', 'MP4, 3GPP', 'video/quicktime'],
  ['/a.jpg', 'VIDEO', 'MP4, 3GPP', 'image/jpeg'],
])('%s is no %s, told by its first bytes before its header', (path, type, expected, got) =>
  expect(check(path, type)).resolves.toEqual({ kind: 'wrong_type', expected, got }),
);

test('a file that is too large is told by its size alone, without loading it', async () => {
  await expect(check('/long.mp4', 'VIDEO')).resolves.toEqual({ kind: 'too_large', bytes: 16 * MEGABYTE + 1, limit: 16 * MEGABYTE }); // prettier-ignore
  await expect(check('/huge.png')).resolves.toEqual({
    kind: 'too_large',
    bytes: 900 * MEGABYTE,
    limit: 5 * MEGABYTE,
  });
  expect(asked.at(-1)).toBe('media.example/huge.png bytes=0-63');
});

test.each(['/private', '/nowhere'])('%s is refused with its status', async (path) => {
  await expect(check(path)).resolves.toMatchObject({ kind: 'refused' });
});

test.each([
  ['/broken', 'HTTP 503'],
  ['/silent', 'no answer'],
  ['/round', 'more than 3 redirects'],
])('%s says nothing about what WhatsApp will find', async (path, detail) => {
  await expect(check(path)).resolves.toEqual({ kind: 'unknown', detail });
});

test('only public https addresses are asked, redirects included', async () => {
  const before = asked.length;
  for (const link of ['http://media.example/a.jpg', 'ftp://x', 'no link', 'https://localhost/a.jpg', 'https://127.0.0.1/a', 'https://10.1.2.3/a', 'https://[::1]/a', 'https://169.254.169.254/latest', 'https://[64:ff9b::a00:1]/a', 'https://198.18.0.1/a', 'https://224.0.0.1/a']) {
    await expect(checker.check(link, 'IMAGE')).resolves.toEqual({ kind: 'not_public' });
  } // prettier-ignore
  expect(asked).toHaveLength(before);
  await expect(check('/moved-inside')).resolves.toEqual({ kind: 'not_public' });
  await expect(check('/moved-plain')).resolves.toEqual({ kind: 'not_public' });
});

test('a name that is nobody’s is not known, and one of this machine is not public', async () => {
  const real = createMediaChecker({ timeoutMs: 3_000 });
  await expect(real.check('https://nobody.invalid/a.jpg', 'IMAGE')).resolves.toMatchObject({ kind: 'unknown' });
});
