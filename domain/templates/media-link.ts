/** Judges a media link by its text alone: whether WhatsApp can load it for as long as it is needed. */
import { signedUntil } from './signed-link';
import { readUploadedMedia } from './uploaded-media';

export type MediaLinkProblem =
  /** From Meta: made for one reader, expires within minutes or days, and is not loaded again when sent. */
  | { kind: 'of_meta'; host: string }
  /** Gupshup's copy of a received file: deleted after seven days. */
  | { kind: 'received'; host: string }
  /** From a service whose links expire within hours or days without saying when. */
  | { kind: 'temporary'; host: string }
  /** Signed, and expires before it is last needed. */
  | { kind: 'expires'; at: Date };

/** The networks that deliver media for WhatsApp, Facebook and Instagram, and the Graph API, which needs a token. */
const OF_META =
  /(^|\.)(fbcdn\.(net|com)|fbsbx\.com|cdninstagram\.com|whatsapp\.(net|com)|facebook\.(com|net)|instagram\.com|messenger\.com|threads\.(net|com))$/;
const RECEIVED = /^filemanager\.gupshup\.io$/;
/** By host and path: API links for one download, and hosts that delete files after hours. */
const TEMPORARY: readonly RegExp[] = [
  /(^|\.)dl\.dropboxusercontent\.com\/(cd|apitl)\//,
  /^content\.dropboxapi\.com\//,
  // These also contain the bot's token.
  /^api\.telegram\.org\/file\//,
  /^downloader\.(disk|dst)\.yandex\.(ru|com|net)\//,
  /^(www\.)?(tmpfiles\.org|file\.io|temp\.sh|uguu\.se|transfer\.sh|litter\.catbox\.moe)\//,
];

/** Why WhatsApp may be unable to load the link until `neededUntil`. Never throws, and ignores invalid links. */
export function mediaLinkProblem(link: string, neededUntil: Date): MediaLinkProblem | undefined {
  const uploaded = readUploadedMedia(link);
  if (uploaded) return uploaded.until < neededUntil ? { kind: 'expires', at: uploaded.until } : undefined;
  if (!URL.canParse(link)) return undefined;
  const url = new URL(link);
  const host = url.hostname.toLowerCase().replace(/\.$/, '');
  if (OF_META.test(host)) return { kind: 'of_meta', host };
  if (RECEIVED.test(host)) return { kind: 'received', host };
  const at = signedUntil(url);
  if (at && at < neededUntil) return { kind: 'expires', at };
  return TEMPORARY.some((place) => place.test(host + url.pathname)) ? { kind: 'temporary', host } : undefined;
}

/** Whether the link expires at some time, so that it matters how long it is needed. */
export function mediaLinkEnds(link: string): boolean {
  return readUploadedMedia(link) !== undefined || (URL.canParse(link) && signedUntil(new URL(link)) !== undefined);
}
