/** A file that was uploaded to Gupshup, in the place of a media link: read back, sent by its id, and only until it is forgotten. */
import { fileProblem } from '../../../clients/media';
import { sendForm } from '../../../clients/gupshup/send';
import { mediaLinkRefusal, mediaRefusal, uploadedElsewhere } from '../../../campaigns/media';
import { mediaLinkEnds, mediaLinkProblem } from '../../../domain/templates/media-link';
import { isMediaLink } from '../../../domain/templates/template';
import {
  mediaLabel,
  readUploadedMedia,
  uploadedMediaText,
  type UploadedMedia,
} from '../../../domain/templates/uploaded-media';
import { template } from '../samples';

const DAY = 86_400_000;
const FILE: UploadedMedia = {
  mediaId: '1939383620240920',
  app: 'Shop One & Co',
  type: 'DOCUMENT',
  until: new Date('2026-12-29T10:00:00.000Z'),
  name: 'Прайс 2026?.pdf',
};
const TEXT = uploadedMediaText(FILE);

test('is read back as it was, counts as media, and is shown by its name', () => {
  expect(readUploadedMedia(TEXT)).toEqual(FILE);
  expect(isMediaLink(TEXT)).toBe(true);
  expect(mediaLabel(TEXT)).toBe('Прайс 2026?.pdf');
});

test.each([
  'https://example.org/a.pdf',
  'gupshup-media:',
  'gupshup-media:12?app=A',
  'gupshup-media:12?app=A&type=AUDIO&until=2026-12-29T10:00:00.000Z',
  'gupshup-media:12?app=A&type=IMAGE&until=soon',
  'gupshup-media:1 2?app=A&type=IMAGE&until=2026-12-29T10:00:00.000Z',
  'gupshup-media:12?app=&type=IMAGE&until=2026-12-29T10:00:00.000Z',
])('%s is none', (text) => {
  expect(readUploadedMedia(text)).toBeUndefined();
  if (!text.startsWith('https')) expect(isMediaLink(text)).toBe(false);
});

test('goes to Gupshup by its id, a document with its name', () => {
  const form = sendForm(
    { destination: '+79001112233', templateId: 't', params: [], media: { type: 'DOCUMENT', link: TEXT } },
    '79990000000',
    'Shop One & Co',
  );
  expect(JSON.parse(form['message']!)).toEqual({
    type: 'document',
    document: { id: '1939383620240920', filename: 'Прайс 2026?.pdf' },
  });
});

test('is good for as long as Gupshup keeps it', () => {
  const { until } = FILE;
  expect(mediaLinkEnds(TEXT)).toBe(true);
  expect(mediaLinkProblem(TEXT, new Date(until.getTime() - 1))).toBeUndefined();
  expect(mediaLinkProblem(TEXT, new Date(until.getTime() + 1))).toEqual({ kind: 'expires', at: until });
  const campaign = { template: template({ header: { type: 'DOCUMENT' } }), mediaUrl: TEXT };
  expect(mediaLinkRefusal(campaign, { start: new Date(until.getTime() - 10 * DAY) }, {})).toBeUndefined();
  expect(mediaLinkRefusal(campaign, { start: until }, {})).toMatchObject({ code: 'media_upload_expires' });
});

test('of one app cannot be sent by another, nor for a header of another kind', async () => {
  expect(uploadedElsewhere(TEXT, ['Shop One & Co'])).toBeUndefined();
  expect(uploadedElsewhere(TEXT, ['Shop One & Co', 'ShopTwo'])).toMatchObject({
    code: 'media_of_other_sender',
    values: { sender: 'ShopTwo' },
  });
  expect(uploadedElsewhere('https://example.org/a.pdf', ['ShopTwo'])).toBeUndefined();
  const notAsked = { check: () => Promise.reject(new Error('nothing is asked')) };
  expect(await mediaRefusal(TEXT, 'DOCUMENT', notAsked)).toEqual({});
  expect(await mediaRefusal(TEXT, 'IMAGE', notAsked)).toMatchObject({ problem: { code: 'media_wrong_type' } });
});

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]);
const MEGABYTE = 1024 * 1024;
test.each([
  ['photo.jpg', JPEG, 'IMAGE', { mime: 'image/jpeg' }],
  // What it is called does not count for a picture.
  ['photo.pdf', JPEG, 'IMAGE', { mime: 'image/jpeg' }],
  ['photo.jpg', Buffer.concat([JPEG, Buffer.alloc(5 * MEGABYTE)]), 'IMAGE', { problem: { kind: 'too_large' } }],
  ['photo.webp', Buffer.from('RIFF....WEBPVP8 ', 'latin1'), 'IMAGE', { problem: { got: 'image/webp' } }],
  ['clip.mp4', Buffer.from('\0\0\0\x18ftypisom', 'latin1'), 'VIDEO', { mime: 'video/mp4' }],
  ['clip.mov', Buffer.from('\0\0\0\x18ftypqt  ', 'latin1'), 'VIDEO', { problem: { got: 'video/quicktime' } }],
  ['price.PDF', Buffer.from('%PDF-1.7'), 'DOCUMENT', { mime: 'application/pdf' }],
  ['list.xlsx', Buffer.from('PK\x03\x04'), 'DOCUMENT', { mime: expect.stringContaining('spreadsheetml') }],
  ['page.pdf', Buffer.from('<!doctype html>'), 'DOCUMENT', { problem: { got: 'text/html' } }],
  ['archive.zip', Buffer.from('PK\x03\x04'), 'DOCUMENT', { problem: { got: '.zip' } }],
  ['noname', Buffer.from('x'), 'DOCUMENT', { problem: { got: '?' } }],
] as const)('%s for %s', (name, content, type, expected) => {
  expect(fileProblem(content, name, type)).toMatchObject(expected);
});
