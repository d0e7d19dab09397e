/** `send` on the whole road: accepted, or why not, in words. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { readUploadedMedia } from '../../domain/templates/uploaded-media';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { ordinaryPhones, phoneEnding, startRoad, type Road } from '../support/road';
import { testTemporalAddress } from '../support/servers';
import { runHere, type Outcome } from './harness';

let road: Road;
beforeAll(async () => {
  road = await startRoad();
}, 60_000);
afterAll(() => road.close());

const send = (to: string, ...more: string[]): Promise<Outcome> =>
  cli('send', '--template', 'showroom_invitation', '--to', to, ...more);

function cli(...words: string[]): Promise<Outcome> {
  return runHere(words, {
    ...SANDBOX_CREDENTIALS,
    GUPSHUP_BASE_URL: `${road.sandbox.url}/gupshup`,
    AMOCRM_BASE_URL: `${road.sandbox.url}/amocrm`,
    TEMPORAL_ADDRESS: testTemporalAddress(),
    TEMPORAL_NAMESPACE: road.namespace,
    MONGODB_URI: road.mongodbUri,
  });
}

test('accepted is exit 0 and names the message', async () => {
  const { exitCode, stdout, stderr } = await send('8 925 100-00-01');
  expect(exitCode).toBe(0);
  // At once: whoever stops waiting can still ask for it.
  const [, id] = /^Campaign (\S+) is started: waiting for Gupshup's answer/.exec(stderr) ?? [];
  expect((await road.store.campaigns.find(id!))?.single).toBe(true);
  expect(stdout).toMatch(/^Gupshup accepted the message to \+79251000001: \S+ \(\w+\)\.\n$/);
}, 30_000);

test('an error without a code is told with its HTTP status, and in what words Gupshup put it', async () => {
  const { exitCode, stdout, stderr } = await send(phoneEnding('907'));
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(
    /not accepted: it is failed \(Gupshup did not accept the message \(HTTP 202\); Gupshup says "Success"\)\.$/m,
  );
}, 30_000);

test("an error with Meta's code is told with its meaning", async () => {
  const { exitCode, stderr } = await send(phoneEnding('908'));
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/it is failed \(131049: .+\)\.$/m);
}, 30_000);

test('a media link that the template does not take is refused, and nothing is sent', async () => {
  const before = (await road.accepted()).accepted;
  const { exitCode, stderr } = await send('8 925 100-00-02', '--media', 'https://example.com/a.jpg');
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('has no picture') });
  expect((await road.accepted()).accepted).toBe(before);
}, 30_000);

test('a rate above the cap is said, before and after the start', async () => {
  const numbers = ['--phones', ...ordinaryPhones(2)];
  const made = await cli('campaign', 'create', '--name', 'N', '--template', 'showroom_invitation', ...numbers, '--rate', '5000'); // prettier-ignore
  expect(made.stdout).toMatch(/Warning: 5,000 messages a second are more than the sender's cap of 20/);
  const id = await road.startTo(ordinaryPhones(2), { pace: { ratePerSecond: 0.2 } });
  const { stderr, exitCode } = await cli('campaign', 'rate', id, '5000');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining('5,000 messages a second') });
}, 30_000);

test('campaign retry sends again what is worth it now, later what must wait, and says what is left', async () => {
  const [temporary] = ordinaryPhones(1);
  const phones = [temporary!, phoneEnding('908', 3), phoneEnding('931', 3)];
  const id = await road.startTo(phones);
  await road.campaigns.wait(id, { signal: AbortSignal.timeout(50_000) });
  const mongo = await MongoClient.connect(road.mongodbUri);
  const failed = { state: 'failed', code: '131000', family: 'temporary' };
  await mongo.db().collection('deliveries').updateOne({ campaignId: id, phone: temporary }, { $set: failed });
  await mongo.close();

  const now = await cli('campaign', 'retry', id, '--json');
  expect({ now, document: JSON.parse(now.stdout) as unknown }).toMatchObject({
    now: { exitCode: 0 },
    document: {
      count: 1,
      left: [
        { when: 'later', count: 1 },
        { when: 'never', count: 1 },
      ],
    },
  });
  const again = (JSON.parse(now.stdout) as { id: string }).id;
  await road.campaigns.wait(again, { signal: AbortSignal.timeout(30_000) });
  expect((await road.store.deliveries.stream(again).toArray()).map(({ phone }) => phone)).toEqual([temporary]);

  const later = await cli('campaign', 'retry', id, '--when', 'later');
  expect(later).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(
      /^1 delivery will be resent as a new campaign, \S+, from .+ on\.\nLeft: now 1, never 1\./,
    ),
  });
  const [, planned] = /new campaign, (\S+), from/.exec(later.stdout) ?? [];
  expect(await road.store.campaigns.find(planned!)).toMatchObject({ state: 'scheduled' });
}, 60_000);

describe('--media with a file of this machine', () => {
  const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bobcofer-media-'));
    writeFileSync(join(folder, 'shop.png'), PNG);
    writeFileSync(join(folder, 'shop.gif'), 'GIF89a');
    writeFileSync(join(folder, 'large.png'), Buffer.concat([PNG, Buffer.alloc(6 * 1024 * 1024)]));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string): string => join(folder, name);
  const create = (...words: string[]): Promise<Outcome> =>
    cli(
      ...['campaign', 'create', '--name', 'Picture', '--template', 'new_catalog'],
      ...['--param', '1=text:Анна', '--param', '2=text:spring', '--phones', ...ordinaryPhones(2), ...words, '--json'],
    );
  const campaignsNow = async (): Promise<number> => (await road.store.campaigns.list({ limit: 100 })).length;

  test('it is uploaded, and the campaign keeps where it is', async () => {
    const before = await campaignsNow();
    const looked = await create('--media', file('shop.png'), '--check');
    expect(looked).toMatchObject({ exitCode: 0 });
    expect(await campaignsNow()).toBe(before);
    const { stdout, exitCode } = await create('--media', file('shop.png'));
    expect(exitCode).toBe(0);
    const { id } = JSON.parse(stdout) as { id: string };
    const { mediaUrl = '' } = (await road.store.campaigns.find(id))!.spec;
    expect(readUploadedMedia(mediaUrl)).toMatchObject({ mediaId: expect.stringMatching(/^\d+$/), type: 'IMAGE', name: 'shop.png' }); // prettier-ignore
  }, 30_000);

  test('a single message goes with it', async () => {
    const words = [
      'send',
      '--template',
      'new_catalog',
      '--to',
      '8 925 100-00-07',
      '--param',
      'Анна',
      '--param',
      'spring',
      '--media',
      file('shop.png'),
    ];
    expect(await cli(...words)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Gupshup accepted the message/),
    });
  }, 30_000);

  test.each([
    ['shop.gif', 'media_wrong_type', 'shop.gif is image/gif, expected JPEG, PNG.'],
    ['large.png', 'media_too_large', 'WhatsApp accepts at most 5 MB'],
    ['nothing.png', 'file_not_read', 'nothing.png" (ENOENT)'],
  ])('%s is refused, and no campaign is made', async (name, code, said) => {
    const before = await campaignsNow();
    const { stdout, stderr, exitCode } = await create('--media', file(name));
    expect(exitCode).toBe(1);
    expect(stderr).toContain(said);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code } });
    expect(await campaignsNow()).toBe(before);
  });

  test('a template without a place for it refuses it', async () => {
    const { exitCode, stderr } = await send('8 925 100-00-02', '--media', file('shop.png'));
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('has no picture') });
  });
});
