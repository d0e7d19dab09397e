/**
 * Finds when a signed link expires, from its parameters or path: the schemes of storage services, CDNs and frameworks.
 */

/** Follows a link inside a link (an image proxy's `url=`), and one inside that. */
const DEEPEST = 2;
/** AWS's temporary credentials expire at most 36 hours after they were issued, and with them their signatures. */
const LONGEST_LENT_MS = 36 * 3_600_000;

/** The earliest expiry the link names; undefined when it names none that we know. Never throws. */
export function signedUntil(url: URL): Date | undefined {
  const ends = endsOf(url, 0);
  return ends.length > 0 ? new Date(Math.min(...ends)) : undefined;
}

function endsOf(url: URL, depth: number): number[] {
  const parameters = [...url.searchParams].map(([name, value]) => ({ name: name.toLowerCase(), value: value.trim() }));
  const get = (name: string): string => parameters.find((one) => one.name === name)?.value ?? '';
  const every = (names: readonly string[]): string[] =>
    parameters.filter(({ name }) => names.includes(name)).map(({ value }) => value);
  const whole = decoded(url.pathname + url.search);
  const inner =
    depth < DEEPEST ? parameters.filter(({ value }) => /^https?:\/\//i.test(value) && URL.canParse(value)) : [];

  return [
    ...storageEnds(get),
    ...every(PLAIN).map((value) => epochMs(value) ?? dateMs(value)),
    // Short names have other uses too: they count only beside something like a signature.
    ...every(SHORT).flatMap((value) => (looksSigned(parameters, value) ? [epochMs(value)] : [])),
    // Hexadecimal: Meta (with oh), Discord (with hm), Qiniu (with sign).
    ...[get('oh') && get('oe'), get('hm') && get('ex'), get('sign') && get('t')].map(hexMs),
    ...[...whole.matchAll(TOKEN_END)].map(([, seconds = '']) => epochMs(seconds)),
    ...every(['policy']).map(policyEnd),
    ...every(['q-sign-time', 'q-key-time']).map((times) => epochMs(/^\d{10};(\d{10})$/.exec(times)?.[1] ?? '')),
    ...[...whole.matchAll(JSON_IN_BASE64)].map(([text]) => jsonEnd(text)),
    ...pathEnds(url),
    ...inner.flatMap(({ value }) => endsOf(new URL(value), depth + 1)),
  ].filter((end): end is number => end !== undefined);
}

/** Older AWS, Google and Alibaba, CloudFront, Bunny, KeyCDN, Laravel, Swift, TikTok, imgix … */
const PLAIN = ['expires', 'expire', 'expiry', 'exp', 'expires_at', 'expiresat', 'expire_at', 'expiration', 'valid_until', 'validuntil', 'x-expires', 'temp_url_expires']; // prettier-ignore
/** Qiniu, LinkedIn, iCloud, nginx. */
const SHORT = ['e', 'ext', 'end', 'until', 'deadline'];
/** Akamai (`exp=…~acl=…~hmac=…`), Google's media CDN, Bunny and others, in a token or in the path. */
const TOKEN_END = /(?:[/?&=~;,]|^)(?:exp|expires|end)=(\d{10})(?=[~/,;&]|$)/gi;
/** JSON Web Tokens and signed ids of Rails: base64 that begins with `{"`. */
const JSON_IN_BASE64 = /eyJ[\w+/-]{8,}/g;

/**
 * Azure's parameters, and those with a date and a number of seconds: AWS and compatible services, Google, Alibaba,
 * Huawei, Volcengine.
 */
function storageEnds(get: (name: string) => string): (number | undefined)[] {
  const ends = ['x-amz', 'x-goog', 'x-oss', 'x-obs', 'x-tos'].map((scheme) =>
    dateAnd(get(`${scheme}-date`), get(`${scheme}-expires`)),
  );
  if (get('x-amz-security-token')) ends.push(dateAnd(get('x-amz-date'), String(LONGEST_LENT_MS / 1000)));
  // The link's own expiry, and that of the signing key.
  if (get('sig')) ends.push(dateMs(get('se')), dateMs(get('ske')));
  // Fastly (`<end>_<signature>`), CDN77 (`<signature>,<end>`), Backblaze.
  ends.push(epochMs(/^(\d{10})_[\da-f]{16,}$/i.exec(get('token'))?.[1] ?? ''));
  ends.push(epochMs(/^[\w=-]{16,},(\d{10})$/.exec(get('secure'))?.[1] ?? ''));
  const backblaze = /_(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)_\d{4}_dnld$/.exec(get('authorization'));
  if (backblaze) ends.push(utc(backblaze.slice(1)));
  return ends;
}

/** `20261129T100000Z` plus a number of seconds. */
function dateAnd(date: string, seconds: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/i.exec(date);
  const begin = parts ? utc(parts.slice(1)) : (epochMs(date) ?? dateMs(date));
  return begin !== undefined && /^\d{1,9}$/.test(seconds) ? begin + Number(seconds) * 1000 : undefined;
}

function utc(parts: readonly string[]): number {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** An ISO 8601 date or time, UTC if it names no zone. A `+` in a query arrives as a space. */
function dateMs(text: string): number | undefined {
  const [, day, time = 'T00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(Z|[-+ ]\d\d:?\d\d)?$/i.exec(text) ?? [];
  if (day === undefined) return undefined;
  const offset = zone
    .replace(' ', '+')
    .replace(/(\d\d):?(\d\d)$/, '$1:$2')
    .toUpperCase();
  const ms = Date.parse(`${day}${time.replace(' ', 'T')}${offset}`);
  return Number.isNaN(ms) ? undefined : ms;
}

/**
 * Seconds or milliseconds since 1970 that fall into this century's first six decades; other numbers mean something
 * else.
 */
function epochMs(text: string): number | undefined {
  const [, digits, fraction] = /^(\d{10}|\d{13})(\.\d+)?$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const ms = Number(digits) * (digits.length === 13 ? 1 : 1000) + (fraction ? Number(fraction) : 0);
  return isOfOurTime(ms) ? ms : undefined;
}

/** Eight hexadecimal digits: seconds since 1970. */
function hexMs(text: string): number | undefined {
  const ms = /^[\da-f]{8}$/i.test(text) ? parseInt(text, 16) * 1000 : NaN;
  return isOfOurTime(ms) ? ms : undefined;
}

function isOfOurTime(ms: number): boolean {
  return ms > Date.UTC(2001, 0) && ms < Date.UTC(2060, 0);
}

/** A long random word beside the value. */
function looksSigned(parameters: readonly { value: string }[], beside: string): boolean {
  return parameters.some(({ value }) => value !== beside && /^[\w+/=:.~ -]{16,}$/.test(value));
}

/** CloudFront's own policy, base64 with `-_~` for `+=/`. DateLessThan is the expiry, DateGreaterThan the beginning. */
function policyEnd(policy: string): number | undefined {
  const base64 = policy.replace(/[ -]/g, '+').replace(/_/g, '=').replace(/~/g, '/');
  const json = Buffer.from(base64, 'base64').toString('utf8');
  return epochMs(/"DateLessThan"\s*:\s*\{\s*"AWS:EpochTime"\s*:\s*"?(\d+)/.exec(json)?.[1] ?? '');
}

/** `exp` of a JSON document in base64: seconds, as a number or text, or a date. */
function jsonEnd(base64: string): number | undefined {
  const json = Buffer.from(base64, base64.includes('-') ? 'base64url' : 'base64').toString('utf8');
  const [, seconds, date] = /"exp"\s*:\s*(?:"?(\d{10}(?:\d{3})?(?:\.\d+)?)"?|"([^"]+)")\s*[,}]/.exec(json) ?? [];
  return epochMs(seconds ?? '') ?? dateMs(date ?? '');
}

/** Expiry times in the path, by host where the path alone is not distinctive. */
function pathEnds({ hostname, pathname }: URL): (number | undefined)[] {
  const ends = [epochMs(/\/[\w-]{20,24}={0,2},(\d{10})\//.exec(pathname)?.[1] ?? '')];
  if (/^downloader\.(disk|dst)\.yandex\./.test(hostname)) {
    ends.push(hexMs(/^\/\w+\/[\da-f]{32,}\/([\da-f]{8})\//.exec(pathname)?.[1] ?? ''));
  }
  if (/(^|\.)airtableusercontent\.com$/.test(hostname)) ends.push(epochMs(/\/(\d{13})\//.exec(pathname)?.[1] ?? ''));
  return ends;
}

/** Decoded; unchanged if the encoding is invalid. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
