/** What a media link says of itself, before the file is looked at: whether WhatsApp can load it for as long as it is needed. */
import { signedUntil } from './signed-link';

export type MediaLinkProblem =
  /** Of Meta: made for one reader, over within minutes or days, and not loaded again when it is sent. */
  | { kind: 'of_meta'; host: string }
  /** Gupshup's copy of a file that somebody sent in: deleted after seven days. */
  | { kind: 'received'; host: string }
  /** Of a service whose links end within hours or days and do not say when. */
  | { kind: 'temporary'; host: string }
  /** Signed, and over before it is needed last. */
  | { kind: 'expires'; at: Date };

/** The networks that deliver media of WhatsApp, Facebook and Instagram, and the Graph API, which gives them to who has the token. */
const OF_META =
  /(^|\.)(fbcdn\.(net|com)|fbsbx\.com|cdninstagram\.com|whatsapp\.(net|com)|facebook\.(com|net)|instagram\.com|messenger\.com|threads\.(net|com))$/;
const RECEIVED = /^filemanager\.gupshup\.io$/;
/** By host and path: API links for one download, and hosts that delete files after hours. */
const TEMPORARY: readonly RegExp[] = [
  /(^|\.)dl\.dropboxusercontent\.com\/(cd|apitl)\//,
  /^content\.dropboxapi\.com\//,
  // With the bot's token in it, too.
  /^api\.telegram\.org\/file\//,
  /^downloader\.(disk|dst)\.yandex\.(ru|com|net)\//,
  /^(www\.)?(tmpfiles\.org|file\.io|temp\.sh|uguu\.se|transfer\.sh|litter\.catbox\.moe)\//,
];

/** Why WhatsApp may not be able to load the link up to `neededUntil`; never throws, and says nothing of what is no link. */
export function mediaLinkProblem(link: string, neededUntil: Date): MediaLinkProblem | undefined {
  if (!URL.canParse(link)) return undefined;
  const url = new URL(link);
  const host = url.hostname.toLowerCase().replace(/\.$/, '');
  if (OF_META.test(host)) return { kind: 'of_meta', host };
  if (RECEIVED.test(host)) return { kind: 'received', host };
  const at = signedUntil(url);
  if (at && at < neededUntil) return { kind: 'expires', at };
  return TEMPORARY.some((place) => place.test(host + url.pathname)) ? { kind: 'temporary', host } : undefined;
}

/** Whether the link ends at some time, so that it matters how long it is needed. */
export function mediaLinkEnds(link: string): boolean {
  return URL.canParse(link) && signedUntil(new URL(link)) !== undefined;
}
