/**
 * A file that was uploaded to Gupshup, as a campaign's spec names it: in the field of a media link, so that it goes
 * wherever a link goes. Gupshup keeps it for about 30 days, and only the app that took it can send it.
 */
const MEDIA_TYPES = ['IMAGE', 'VIDEO', 'DOCUMENT'] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

/** What a header of that kind takes; undefined where it takes no file. */
export function mediaTypeOf(header: string | undefined): MediaType | undefined {
  return MEDIA_TYPES.find((type) => type === header);
}

export interface UploadedMedia {
  /** Gupshup's. */
  mediaId: string;
  /** Name of the app that took it. */
  app: string;
  type: MediaType;
  /** When Gupshup forgets it. */
  until: Date;
  /** As the recipient sees it, for a document. */
  name: string;
}

const SCHEME = 'gupshup-media:';

export function uploadedMediaText({ mediaId, app, type, until, name }: UploadedMedia): string {
  return `${SCHEME}${mediaId}?${new URLSearchParams({ app, type, until: until.toISOString(), name }).toString()}`;
}

/** Undefined for a link, and for what no upload made. */
export function readUploadedMedia(text: string): UploadedMedia | undefined {
  if (!text.startsWith(SCHEME)) return undefined;
  const [mediaId = '', query = ''] = text.slice(SCHEME.length).split('?');
  const given = new URLSearchParams(query);
  const app = given.get('app') ?? '';
  const type = MEDIA_TYPES.find((one) => one === given.get('type'));
  const until = new Date(given.get('until') ?? '');
  if (!/^[\w.-]+$/.test(mediaId) || app === '' || !type || Number.isNaN(until.getTime())) return undefined;
  return { mediaId, app, type, until, name: given.get('name') ?? '' };
}

/** What people see of a link or an uploaded file. */
export function mediaLabel(text: string): string {
  const uploaded = readUploadedMedia(text);
  return uploaded ? uploaded.name || uploaded.mediaId : text;
}
