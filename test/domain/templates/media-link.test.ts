/** Links that WhatsApp cannot load, or not for long enough: by the hosts and the signing schemes that people bring. */
import { mediaLinkEnds, mediaLinkProblem } from '../../../domain/templates/media-link';

const END = new Date('2026-12-01T10:00:00Z');
const SECONDS = END.getTime() / 1000;
const HEX = SECONDS.toString(16);
const DAY_BEFORE = '20261130T100000Z';
const SIGNATURE = '3f2a9c0e5b7d4418a1c6e0f92d3b8a77';
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: object): string => `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url(claims)}.${SIGNATURE}`;
/** As CloudFront writes base64 into links. */
const policy = (condition: object): string =>
  Buffer.from(JSON.stringify({ Statement: [{ Resource: 'https://d1.cloudfront.net/*', Condition: condition }] }))
    .toString('base64')
    .replace(/\+/g, '-')
    .replace(/=/g, '_')
    .replace(/\//g, '~');

test.each([
  'lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&ext=1790000000&hash=ARb',
  'scontent.whatsapp.net/v/t61.29466-34/a.jpg?ccb=1-7&oh=01_Q5&oe=6A0BC1D2',
  'scontent-arn2-1.xx.fbcdn.net/v/t39/a.jpg?oh=00_AT&oe=99999999',
  'scontent.cdninstagram.com/v/a.jpg',
  'SCONTENT.FSVO1-1.FNA.FBCDN.NET./a.jpg',
  'video.fhel6-1.fna.fbcdn.net/a.mp4',
  'mmg.whatsapp.net/d/f/Ab.enc',
  'media-arn2-1.cdn.whatsapp.net/v/a.jpg',
  'pps.whatsapp.net/v/a.jpg',
  'static.cdn.whatsapp.com/a.jpg',
  'graph.facebook.com/v23.0/1234567890',
  'graph.instagram.com/123/media',
  'www.facebook.com/photo.php?fbid=1',
  'instagram.com/p/Cx/media/?size=l',
])('https://%s is of Meta', (rest) => {
  expect(mediaLinkProblem(`https://${rest}`, END)).toMatchObject({ kind: 'of_meta' });
});

test.each([
  ['received', 'filemanager.gupshup.io/fm/wamedia/DemoApp/546af999-825e-485b-bf54-4a3323824cca'],
  ['received', 'filemanager.gupshup.io/wa/23038a99/wa/media/2f997fea?download=false'],
  ['temporary', 'uc1234abcd.dl.dropboxusercontent.com/cd/0/get/ABC/file'],
  ['temporary', 'uc1234abcd.dl.dropboxusercontent.com/cd/0/inline/ABC/file.jpg'],
  ['temporary', 'dl.dropboxusercontent.com/apitl/1/AAA'],
  ['temporary', 'api.telegram.org/file/bot1:secret/photos/file_1.jpg'],
  ['temporary', 'downloader.disk.yandex.ru/disk/unheard/of'],
  ['temporary', 'tmpfiles.org/dl/1/a.jpg'],
])('a media link is a problem of the kind %s: https://%s', (kind, rest) => {
  expect(mediaLinkProblem(`https://${rest}`, END)).toMatchObject({ kind, host: expect.not.stringContaining('/') });
});

const SIGNED: [string, string][] = [
  ['AWS SigV4', `b.s3.amazonaws.com/a.jpg?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=${DAY_BEFORE}&X-Amz-Expires=86400&X-Amz-Signature=${SIGNATURE}`],
  ['SigV4 of another, in small letters', `storage.yandexcloud.net/b/a.jpg?x-amz-expires=86400&x-amz-date=${DAY_BEFORE}`],
  ['SigV4 with lent credentials', `b.s3.amazonaws.com/a?X-Amz-Date=20261129T220000Z&X-Amz-Expires=604800&X-Amz-Security-Token=IQoJ`],
  ['AWS SigV2', `b.s3.amazonaws.com/a.jpg?AWSAccessKeyId=AKIA&Expires=${SECONDS}&Signature=a%2Bb%3D`],
  ['Google V4', `storage.googleapis.com/b/a.jpg?X-Goog-Date=${DAY_BEFORE}&X-Goog-Expires=86400&X-Goog-Signature=ab`],
  ['Google V2', `storage.googleapis.com/b/a.jpg?GoogleAccessId=a%40b&Expires=${SECONDS}&Signature=ab`],
  ['Google CDN', `cdn.example/a.jpg?Expires=${SECONDS}&KeyName=k&Signature=ab`],
  ['Google media CDN', `cdn.example/a.jpg?edge-cache-token=URLPrefix=aHR0~Expires=${SECONDS}~KeyName=k~Signature=ab`],
  ['Google media CDN in the path', `cdn.example/edge-cache-token=Expires=${SECONDS}~KeyName=k/a.jpg`],
  ['Azure', 'a.blob.core.windows.net/c/a.jpg?sv=2024-11-04&se=2026-12-01T10%3A00%3A00Z&sr=b&sp=r&sig=ab%3D'],
  ['Azure to the minute, no zone', 'a.blob.core.windows.net/c/a.jpg?se=2026-12-01T10:00&sig=ab'],
  ['Azure with a plain plus', 'a.blob.core.windows.net/c/a.jpg?se=2026-12-01T13:00:00+03:00&sig=ab'],
  ['Azure, seven decimals', 'a.blob.core.windows.net/c/a.jpg?se=2026-12-01T10:00:00.0000000Z&sig=ab'],
  ['Azure, the key ends first', 'a.blob.core.windows.net/c/a.jpg?se=2026-12-09T10:00:00Z&ske=2026-12-01T10:00:00Z&sig=ab'],
  ['CloudFront', `d1.cloudfront.net/a.jpg?Expires=${SECONDS}&Signature=ab&Key-Pair-Id=K1`],
  ['CloudFront with a policy', `d1.cloudfront.net/a.jpg?Policy=${policy({ DateLessThan: { 'AWS:EpochTime': SECONDS } })}&Signature=ab&Key-Pair-Id=K1`],
  ['CloudFront with a beginning', `media.example/a.jpg?Policy=${policy({ DateGreaterThan: { 'AWS:EpochTime': 1700000000 }, DateLessThan: { 'AWS:EpochTime': SECONDS } })}`],
  ['Alibaba V1', `b.oss-cn-hangzhou.aliyuncs.com/a.jpg?OSSAccessKeyId=k&Expires=${SECONDS}&Signature=ab`],
  ['Alibaba V4', `b.oss-eu-central-1.aliyuncs.com/a.jpg?x-oss-date=${DAY_BEFORE}&x-oss-expires=86400&x-oss-signature=ab`],
  ['Huawei V4', `b.obs.ru-moscow-1.hc.sbercloud.ru/a.jpg?X-Obs-Date=${DAY_BEFORE}&X-Obs-Expires=86400`],
  ['Tencent', `b.cos.ap-guangzhou.myqcloud.com/a.jpg?q-sign-algorithm=sha1&q-sign-time=1790000000%3B${SECONDS}&q-signature=ab`],
  ['Tencent, plain semicolon', `b.cos.ap-guangzhou.myqcloud.com/a.jpg?q-sign-time=1790000000;${SECONDS}`],
  ['Akamai hdnts', `media.example/a.mp4?hdnts=st=1790000000~exp=${SECONDS}~acl=/*~hmac=${SIGNATURE}`],
  ['Akamai hdnts, encoded', `media.example/a.mp4?hdnts=exp%3D${SECONDS}%7Eacl%3D%2F*%7Ehmac%3D${SIGNATURE}`],
  ['Akamai hdnea and __token__', `media.example/a.mp4?__token__=exp=${SECONDS}~hmac=${SIGNATURE}`],
  ['Akamai in the path', `media.example/exp=${SECONDS}~acl=%2Fv%2F*~hmac=${SIGNATURE}/v/a.mp4`],
  ['a JSON Web Token', `p.supabase.co/storage/v1/object/sign/b/a.jpg?token=${jwt({ url: 'b/a.jpg', iat: 1790000000, exp: SECONDS })}`],
  ['a token by another name, exp as text', `b.sharepoint.com/a.jpg?tempauth=v1.${jwt({ exp: String(SECONDS) })}`],
  ['a token in the path', `media.example/i/${jwt({ exp: SECONDS + 0.5 })}/a.jpg`],
  ['Rails', `shop.example/rails/active_storage/blobs/redirect/${base64url({ _rails: { data: 1, exp: '2026-12-01T10:00:00.000Z', pur: 'blob_id' } })}--${SIGNATURE}/a.jpg`],
  ['Laravel', `shop.example/media/1?expires=${SECONDS}&signature=${SIGNATURE}`],
  ['Swift (Selectel, OVH)', `b.selstorage.ru/a.jpg?temp_url_sig=${SIGNATURE}&temp_url_expires=${SECONDS}`],
  ['Swift with a date', `b.selstorage.ru/a.jpg?temp_url_sig=${SIGNATURE}&temp_url_expires=2026-12-01T10:00:00Z`],
  ['Bunny', `a.b-cdn.net/a.jpg?token=${SIGNATURE}&expires=${SECONDS}`],
  ['Bunny in the path', `a.b-cdn.net/bcdn_token=${SIGNATURE}&expires=${SECONDS}&token_path=%2Fa/a.jpg`],
  ['Fastly', `media.example/a.jpg?token=${SECONDS}_${SIGNATURE}`],
  ['CDN77', `media.example/a.jpg?secure=DMF1ucDxtqgxwYQ5fZlXyQ==,${SECONDS}`],
  ['CDN77 in the path', `media.example/DMF1ucDxtqgxwYQ5fZlXyQ==,${SECONDS}/a.jpg`],
  ['Backblaze', 'f003.backblazeb2.com/file/b/a.jpg?Authorization=3_20261130100000_53982a92_d940c7f5_000_20261201100000_0006_dnld'],
  ['Qiniu', `media.example/a.jpg?e=${SECONDS}&token=AK:${SIGNATURE}=`],
  ['Qiniu, hexadecimal', `media.example/a.jpg?sign=${SIGNATURE}&t=${HEX}`],
  ['LinkedIn', `media.licdn.com/dms/image/a?e=${SECONDS}&v=beta&t=${SIGNATURE}`],
  ['Discord', `cdn.discordapp.com/attachments/1/2/a.jpg?ex=${HEX}&is=6a000000&hm=${SIGNATURE}`],
  ['Meta’s oe behind a name of one’s own', `media.example/a.jpg?oh=00_AT&oe=${HEX.toUpperCase()}`],
  ['Yandex Disk', `downloader.disk.yandex.ru/disk/53139aa0e584d3bac7eeab405d3574bb/${HEX}/YyjTJ?uid=0&filename=a.jpg`],
  ['Airtable', `v5.airtableusercontent.com/v3/u/41/41/${END.getTime()}/abc/def`],
  ['milliseconds', `media.example/a.jpg?expires=${END.getTime()}`],
  ['an image proxy around a signed link', `wsrv.nl/?url=${encodeURIComponent(`https://b.s3.amazonaws.com/a?X-Amz-Date=${DAY_BEFORE}&X-Amz-Expires=86400`)}`],
]; // prettier-ignore

test.each(SIGNED)('%s: the link ends when it says', (_scheme, rest) => {
  const link = `https://${rest}`;
  const problem = mediaLinkProblem(link, new Date('2100-01-01'));
  expect(problem?.kind).toBe('expires');
  expect(Math.round((problem as { at: Date }).at.getTime() / 1000)).toBe(SECONDS);
  expect(mediaLinkProblem(link, new Date(END.getTime() + 1_000))).toMatchObject({ kind: 'expires' });
  // Up to its end it serves, unless its host is one whose links end anyway.
  const inTime = mediaLinkProblem(link, END)?.kind;
  expect(inTime).toBe(rest.startsWith('downloader.') ? 'temporary' : undefined);
  expect(mediaLinkEnds(link)).toBe(true);
});

test('of several ends the first counts', () => {
  const link = `https://media.example/a.jpg?expires=${SECONDS + 9_999}&token=${jwt({ exp: SECONDS })}`;
  expect(mediaLinkProblem(link, new Date('2100-01-01'))).toEqual({ kind: 'expires', at: END });
});

test.each([
  'https://media.example/a.jpg',
  'https://media.example/a.jpg?v=1700000000&t=1700000000&_=1700000000123',
  'https://media.example/1700000000/a.jpg',
  'https://media.example/a.jpg?expires=3600',
  'https://media.example/a.jpg?expires=never&e=1700000000',
  'https://media.example/a.jpg?se=2020-01-01',
  'https://media.example/a.jpg?X-Amz-Date=soon&X-Amz-Expires=60',
  'https://media.example/a.jpg?policy=none&hdnts=nothing&token=eyJub3RoaW5n&oe=00000000&ex=zz',
  'https://media.example/a.jpg?exp=9999999999',
  'https://media.example/%E0%A4%A?x=%zz',
  `https://media.example/a.jpg?token=${jwt({ sub: 'no end' })}`,
  `https://d1.cloudfront.net/a.jpg?Policy=${policy({ DateGreaterThan: { 'AWS:EpochTime': 1700000000 } })}`,
  'https://firebasestorage.googleapis.com/v0/b/x/o/a.jpg?alt=media&token=3f2a9c0e-5b7d-4418-a1c6-e0f92d3b8a77',
  'https://fss.gupshup.io/0/public/0/0/gupshup/79000000000/3f2a9c0e/a.jpg',
  'https://www.dropbox.com/scl/fi/abc/a.jpg?rlkey=x&raw=1',
  'https://dl.dropboxusercontent.com/scl/fi/abc/a.jpg?rlkey=x',
  'https://notwhatsapp.net/a.jpg',
  'https://whatsapp.net.example.org/a.jpg',
  'https://media.example/a.jpg?ref=https://scontent.whatsapp.net/',
  'https://media.example/a.jpg?url=https://[bad',
  'no link',
  '',
])('nothing is wrong with %s', (link) => {
  expect(mediaLinkProblem(link, new Date('2100-01-01'))).toBeUndefined();
  expect(mediaLinkEnds(link)).toBe(false);
});
