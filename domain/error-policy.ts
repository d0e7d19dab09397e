/** What each error means: one table of every known code (gupshup.md#error-codes), and one for HTTP answers. */

/**
 * - `account` no message of this sender gets through: key, balance, number, policy
 * - `template` no message of this template (or its shared media) gets through
 * - `contact` only this recipient or row is affected
 * - `rate` too fast; the message itself is fine
 * - `temporary` the service failed; the message itself is fine
 * - `ambiguous` the message may have been accepted anyway: never resent automatically
 */
type ErrorFamily = 'account' | 'template' | 'contact' | 'rate' | 'temporary' | 'ambiguous';

/** Wait `afterMs`, multiplied by `factor` (default 1) for each further try; at most `max` retries. */
interface RetryRule {
  afterMs: number;
  factor?: number;
  max: number;
}

export interface ErrorPolicy {
  family: ErrorFamily;
  /** Automatic retry of a message that definitely failed, so it cannot cause a second one. */
  retry: false | RetryRule;
  /** No automatic retry, but the message may be resent after this time if its campaign has later waves (ms). */
  laterWaveMs?: number;
  /** Never message the number again, at all or with marketing. */
  suppress?: 'all' | 'marketing';
  /** `stop`: until a person has fixed the cause. `pause`: rest, then continue. `slow`: lower the rate. */
  campaign?: 'stop' | 'pause' | 'slow';
  /** Can be resent once the cause is fixed (topped up, unpaused, paid): back to queued instead of failed. */
  afterFix?: true;
  /** One line for admins and reports. */
  meaning: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** For retries limited only by the campaign's end. Not Infinity, which JSON turns into null. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;

const FEW: RetryRule = { afterMs: 10 * SECOND, factor: 4, max: 3 };
const LATER: RetryRule = { afterMs: 30 * MINUTE, factor: 2, max: 3 };
const SOON: RetryRule = { afterMs: 5 * SECOND, factor: 2, max: 8 };

/** The recipient is not at fault: the message is sent again once the cause is fixed. */
const account = (meaning: string): ErrorPolicy => ({
  family: 'account',
  retry: false,
  campaign: 'stop',
  afterFix: true,
  meaning,
});
const template = (meaning: string): ErrorPolicy => ({ family: 'template', retry: false, campaign: 'stop', meaning });
const contact = (meaning: string): ErrorPolicy => ({ family: 'contact', retry: false, meaning });
const down = (meaning: string): ErrorPolicy => ({ family: 'temporary', retry: FEW, meaning });
const tooFast = (meaning: string): ErrorPolicy => ({ family: 'rate', retry: SOON, campaign: 'slow', meaning });
const spamLimit = (meaning: string): ErrorPolicy => ({ family: 'rate', retry: LATER, campaign: 'pause', meaning });

/** A code, or an inclusive range of codes, and its policy. */
export type Row = readonly [codes: readonly (number | readonly [from: number, to: number])[], policy: ErrorPolicy];

/** Exactly the rows of gupshup.md#gupshup-codes and gupshup.md#meta-codes. */
export const POLICIES: readonly Row[] = [
  // Gupshup (gupshup.md#gupshup-codes)
  [[500, 503], down('Gupshup: internal error or connection failed')],
  [[1001], account('the sender number does not belong to this app (or the recipient left the sandbox)')],
  [[1002], { ...contact('the number is not on WhatsApp'), suppress: 'all' }],
  [[1003], account('the Gupshup wallet is empty')],
  [[1004], account('template messages are disabled for this app')],
  [[1005, 4003], template('no approved template fits')],
  [[1006, 1007, 1008], contact('the number has not opted in')],
  [[1009], contact('a required parameter is missing')],
  [[1010, 1011], template('the media link is wrong or the file too large')],
  [[1012], { ...contact('the number has opted out'), suppress: 'all' }],
  [[1013], { ...contact('the number is not valid'), suppress: 'all' }],
  [[4001], spamLimit('Gupshup limits this app; Gupshup support must be asked')],
  [[4002], { family: 'temporary', retry: FEW, meaning: 'WhatsApp gave Gupshup an invalid answer' }],
  [[4004], account('the feature needs the Cloud API')],
  [[4005], { ...template('the template is paused'), campaign: 'pause', afterFix: true }],
  [[407, 408, 492, 1000, 1014, 1026], contact('refused by the old WhatsApp server')],
  [[[2000, 2017]], template('the old WhatsApp server refused the template or its parameters')],

  // Meta Cloud API (gupshup.md#meta-codes); 470, 471 and 472 are the on-premises equivalents
  [[0, 3, 10, 190, [200, 299], 131005], account('WhatsApp refuses access: token or permission')],
  [[1, 2, 131000, 131016], down('WhatsApp is down or failed')],
  [[4, 80007, 130429], tooFast('WhatsApp: too many messages a second')],
  [[33, 133010, 131045], account('the sender number is deleted or not registered')],
  [[100, 131008, 131009, 131051], contact('a parameter is wrong, missing or not supported')],
  [[368, 131031], account('the WhatsApp account is blocked or restricted for a policy violation')],
  [[130472, 472], contact("the recipient is in Meta's experiment group; not charged")],
  [[130497], contact('the business may not message this country')],
  [[131021], contact('sender and recipient are the same number')],
  [[131026], contact('undeliverable: not on WhatsApp, old app, or blocked')],
  [[131037], account('the display name is not approved')],
  [[131042], account('payment problem at WhatsApp')],
  [[131047, 470], contact('the 24-hour window is closed; only a template can be sent')],
  [[131048, 471], spamLimit('the sender number is limited for spam complaints')],
  // Early retries prolong the block; wait a little longer than 24 h, because Meta's clock is not ours.
  [
    [131049],
    {
      ...contact('WhatsApp holds back marketing for this recipient; do not repeat within 24 hours'),
      laterWaveMs: DAY + 10 * MINUTE,
    },
  ],
  [[131050], { ...contact('the recipient stopped marketing from this business'), suppress: 'marketing' }],
  [
    [131052, 131053],
    {
      family: 'template',
      retry: { afterMs: MINUTE, max: 1 },
      meaning: 'WhatsApp could not load the media file',
    },
  ],
  [
    [131056],
    {
      family: 'rate',
      retry: { afterMs: 4 * SECOND, factor: 4, max: 5 },
      meaning: 'too many messages to this recipient in a short time',
    },
  ],
  [
    [131057],
    {
      family: 'temporary',
      retry: { afterMs: 2 * MINUTE, max: 3 },
      campaign: 'pause',
      meaning: 'the sender number is in maintenance for about a minute',
    },
  ],
  [[132000], template('the number of parameters does not fit the template')],
  [[132001], template('the template does not exist in this language or is not approved')],
  [[132005], contact('the text is too long once filled')],
  [[132007], template('the text breaks a WhatsApp policy')],
  [[132012], contact('a parameter has the wrong format')],
  [[132015], { ...template('the template is paused for low quality'), afterFix: true }],
  [[132016], template('the template is disabled for good')],
  [[132018], contact('a parameter has a newline, a tab or more than four spaces in a row')],
  [[132068], template('the flow of the template is blocked')],
  [[132069], { ...template('the flow of the template is throttled'), afterFix: true }],
];

/** An undocumented code: final for this message; the breaker watches its share of failures. */
const UNKNOWN: ErrorPolicy = contact('unknown WhatsApp error');

/** The policy for the code of a `failed` receipt or an error body, given as a number or numeric string. */
export function policyFor(code: number | string | undefined): ErrorPolicy {
  if (code === undefined || !/^\d+$/.test(String(code).trim())) return UNKNOWN;
  const wanted = Number(code);
  const row = POLICIES.find(([codes]) =>
    codes.some((c) => (typeof c === 'number' ? c === wanted : wanted >= c[0] && wanted <= c[1])),
  );
  return row?.[1] ?? UNKNOWN;
}

/** Time from a message's first try until its limited retries are all over (ms). */
export const RETRIES_END_MS = Array.from({ length: LATER.max }, (_, before) => before).reduce(
  (sum, before) => sum + LATER.afterMs * (LATER.factor ?? 1) ** before,
  0,
);

/** Keeps the longest delay finite, however often a message is tried. */
const LONGEST_EXPONENT = 10;

/** Milliseconds until a definitely failed message is retried automatically; undefined when it is not. */
export function retryDelayMs({ retry }: ErrorPolicy, triesBefore: number): number | undefined {
  if (!retry || triesBefore >= retry.max) return undefined;
  return retry.afterMs * (retry.factor ?? 1) ** Math.min(triesBefore, LONGEST_EXPONENT);
}

/** Statuses with which a gateway says that it lost the service behind it, so it is unknown what that service did. */
const GATEWAY_LOST = [502, 504, 520, 524];

/**
 * The policy for the HTTP answer to a send (gupshup.md#http-results), from its status, message and the body's code if
 * any.
 * A 5xx is a refusal that is worth a retry, but a gateway's 502 or 504 is not Gupshup's answer: `ambiguous`.
 */
export function policyForHttp(status: number, message = '', code?: number | string): ErrorPolicy {
  if (code !== undefined && policyFor(code) !== UNKNOWN) return policyFor(code);
  if (status === 401 || status === 403) return account('Gupshup does not accept the API key');
  if (status === 400 && /invalid app details|callback billing/i.test(message)) {
    return account('app name, number or billing of the Gupshup app is not set up');
  }
  if (status === 400 && /invalid destination/i.test(message)) return contact('Gupshup refuses the phone number');
  if (status === 429) {
    return { ...tooFast('Gupshup: too many requests'), retry: { ...SOON, max: UNLIMITED } };
  }
  if (GATEWAY_LOST.includes(status)) {
    return { family: 'ambiguous', retry: false, meaning: 'a gateway lost the answer of Gupshup' };
  }
  if (status >= 500 || status === 408) return down('Gupshup failed');
  if (status === 404 || (status >= 300 && status < 400)) return account('the Gupshup address or app id is wrong');
  return UNKNOWN;
}
