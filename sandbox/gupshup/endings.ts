/**
 * The effects of a phone's last three digits: the sandbox's script of faults (docs/sandbox.md shows it as a table). All
 * begin with 9, and the demo company's ordinary phones avoid them. `POST /sandbox/gupshup/faults` forces the same
 * outcomes for the next sends, regardless of the phone.
 */

/** Faults of the HTTP call. Those up to `reset` happen before acceptance: nothing is sent. */
type HttpTrouble =
  | 'invalid_destination'
  | 'too_many_requests'
  | 'text_500'
  | 'unavailable_503'
  | 'unauthorized'
  | 'accepted_with_error'
  | 'coded_400'
  | 'reset'
  | 'reset_after_accept'
  | 'no_answer'
  | 'slow'
  | 'receipt_first';

/** Faults in the receipts of an accepted message. */
type ReceiptTrouble =
  | 'none'
  | 'sent_only'
  | 'not_read'
  | 'always_read'
  | 'read_without_delivered'
  | 'failed_after_delivered'
  | 'duplicated'
  | 'reordered'
  | 'without_gs_id'
  | 'other_destination'
  | 'as_strings'
  | 'late';

export interface Outcome {
  http?: HttpTrouble;
  receipts?: ReceiptTrouble;
  /** The message fails with this code (gupshup.md#error-codes). */
  code?: number;
  /** The failure is Gupshup's own: the event carries the messageId as `id` and no `gsId` (gupshup.md#receipts). */
  sync?: true;
  /** The failure event has no code at all, which public test suites show (gupshup.md#receipts). */
  withoutCode?: true;
  /** Only the first send to a phone (then every second one) goes wrong: a retry gets through. */
  onceThenOk?: true;
}

export interface Ending extends Outcome {
  /** Last three digits. */
  ending: string;
  /** Name for `POST /sandbox/gupshup/faults`. */
  kind: string;
  what: string;
}

const http = (ending: string, trouble: HttpTrouble, what: string, more: Outcome = {}): Ending => ({
  ending, kind: trouble.replaceAll('_', '-'), what, http: trouble, ...more,
}); // prettier-ignore
const receipts = (ending: string, trouble: ReceiptTrouble, what: string): Ending => ({
  ending, kind: `receipts-${trouble.replaceAll('_', '-')}`, what, receipts: trouble,
}); // prettier-ignore
const fails = (ending: string, code: number, what: string, more: Outcome = {}): Ending => ({
  ending, kind: `code-${code}`, what, code, ...more,
}); // prettier-ignore
const sync = { sync: true } as const;
const once = { onceThenOk: true } as const;

export const ENDINGS: readonly Ending[] = [
  http('900', 'invalid_destination', '400 Invalid Destination'),
  http('901', 'too_many_requests', '429 once, then accepted', once),
  http('902', 'text_500', '500 with a text body, always; nothing is sent'),
  http('903', 'unavailable_503', '503 once, then accepted', once),
  http('904', 'reset', 'connection cut before acceptance; nothing is sent'),
  http('905', 'no_answer', 'accepted and sent, but no answer comes for two minutes'),
  http('906', 'slow', 'accepted, the answer takes 3 s'),
  http('907', 'accepted_with_error', '202 with status "error"; nothing is sent'),
  http('908', 'coded_400', '400 with code 131049 in the body; nothing is sent'),
  http('909', 'reset_after_accept', 'accepted and sent, then the connection is cut'),

  receipts('910', 'none', 'never any receipt (the user blocked the sender)'),
  receipts('911', 'sent_only', 'sent, nothing more'),
  receipts('912', 'read_without_delivered', 'sent, read; no delivered'),
  receipts('913', 'failed_after_delivered', 'delivered, then a late failed 131026'),
  receipts('914', 'duplicated', 'each receipt twice'),
  receipts('915', 'reordered', 'read first, then delivered, then sent'),
  http('916', 'receipt_first', 'sent comes before the HTTP answer'),
  receipts('917', 'without_gs_id', 'receipts carry the WhatsApp id only (enqueued tells it)'),
  receipts('918', 'other_destination', 'receipts name another destination; a mismatch event comes first'),
  receipts('919', 'as_strings', 'ts as text; delivered and read'),
  { ending: '920', kind: 'failed-without-code', what: 'fails without a code', code: 0, withoutCode: true },
  receipts('921', 'late', 'each receipt a minute late'),
  receipts('922', 'not_read', 'delivered, never read'),
  receipts('923', 'always_read', 'delivered and read'),
  http('924', 'unauthorized', '401 once (the key is not accepted), then accepted', once),

  fails('930', 1002, 'number not on WhatsApp (Gupshup)', sync),
  fails('931', 131026, 'undeliverable (Meta)'),
  fails('932', 131047, '24 h window closed'),
  fails('933', 131048, 'spam-rate limit of the sender'),
  fails('934', 131049, 'not delivered for ecosystem health'),
  fails('935', 131050, 'user stopped marketing'),
  fails('936', 130472, "user in Meta's experiment"),
  fails('937', 500, 'internal error once, then delivered', once),
  fails('938', 503, 'connection failed, always'),
  fails('939', 470, 'on-prem twin of 131047'),
  fails('940', 471, 'on-prem twin of 131048'),
  fails('941', 472, 'on-prem twin of 130472'),
  fails('942', 1013, 'user not valid', sync),
  fails('943', 1012, 'number opted out', sync),
  fails('944', 1008, 'not opted in and inactive', sync),
  fails('945', 131000, 'unknown error once, then delivered', once),
  fails('946', 131016, 'service down, always'),
  fails('947', 131056, 'pair rate once, then delivered', once),
  fails('948', 131057, 'sender in maintenance once, then delivered', once),
  fails('949', 131053, 'media upload error'),
  fails('950', 1003, 'wallet empty', sync),
  fails('951', 1004, 'template messaging disabled', sync),
  fails('952', 1001, 'sender mismatch', sync),
  fails('953', 1005, 'no template match', sync),
  fails('954', 4003, 'no template match', sync),
  fails('955', 4005, 'template paused', sync),
  fails('956', 4001, 'API rate limited', sync),
  fails('957', 4002, 'invalid response from WhatsApp once, then delivered', { ...sync, ...once }),
  fails('958', 4004, 'only on Cloud API', sync),
  fails('959', 1009, 'required parameter missing', sync),
  fails('960', 1010, 'media URL invalid', sync),
  fails('961', 1011, 'media size invalid', sync),
  fails('962', 130497, 'business restricted from this country'),
  fails('963', 131042, 'payment problem'),
  fails('964', 131031, 'account locked'),
  fails('965', 131045, 'sender not registered'),
  fails('966', 131005, 'access denied'),
  fails('967', 131037, 'display name not approved'),
  fails('968', 368, 'blocked for policy'),
  fails('969', 133010, 'sender not registered on Cloud API'),
  fails('970', 130429, 'throughput rate'),
  fails('971', 80007, 'WABA rate'),
  fails('972', 131008, 'required parameter missing (Meta)'),
  fails('973', 131009, 'parameter value invalid'),
  fails('974', 131051, 'unsupported message type'),
  fails('975', 100, 'invalid parameter'),
  fails('976', 131021, 'sender is the recipient'),
  fails('977', 132000, 'parameter count mismatch'),
  fails('978', 132001, 'template missing in this language'),
  fails('979', 132005, 'text too long after filling'),
  fails('980', 132007, 'template policy'),
  fails('981', 132012, 'parameter format'),
  fails('982', 132015, 'template paused'),
  fails('983', 132016, 'template disabled'),
  fails('984', 132018, 'parameter text'),
  fails('985', 132068, 'flow blocked'),
  fails('986', 132069, 'flow throttled'),
  fails('987', 190, 'access token expired'),
  fails('988', 408, 'pending too long (on-prem)'),
  fails('989', 1026, 'user cannot receive (on-prem)'),
  fails('990', 2000, 'parameter count (on-prem)'),
  fails('991', 999999, 'a code nobody documents'),
];

const BY_ENDING = new Map(ENDINGS.map((row) => [row.ending, row]));
const BY_KIND = new Map(ENDINGS.map((row) => [row.kind, row]));

/** The script of a phone (digits), undefined for an ordinary one. */
export function endingOf(phone: string): Ending | undefined {
  return BY_ENDING.get(phone.slice(-3));
}

export function endingOfKind(kind: string): Ending | undefined {
  return BY_KIND.get(kind);
}
