/** What to do about a campaign that trouble has paused, and whether Resume is the thing to press. */
import { adviceFor, policyOf } from './failure-advice';
import type { Trouble } from './story/trouble';

/**
 * - `topUp`, `payment`, `access`, `account`, `number` are put right outside, then Resume
 * - `templatePaused` passes by itself, `template` never does: Resume is refused, or of no use
 * - `audience` most people cannot be reached: their data first
 * - `tomorrow` WhatsApp holds back: Resume a day later, slower
 * - `look` find out first; `bug` the log says what broke
 * - `quality` people dislike it: think before Resume; `canary`, `winner` look at the figures, then decide
 * - `sender` back into the workers' settings, then it goes on by itself
 * - `older` a command first, `decide` what is unknown first; `late` Resume starts it now; `yes` somebody must approve
 */
type PauseAdvice =
  | 'topUp'
  | 'payment'
  | 'access'
  | 'account'
  | 'number'
  | 'templatePaused'
  | 'template'
  | 'audience'
  | 'tomorrow'
  | 'look'
  | 'bug'
  | 'quality'
  | 'canary'
  | 'winner'
  | 'sender'
  | 'older'
  | 'decide'
  | 'late'
  | 'yes';

const OWN: Readonly<Record<string, PauseAdvice>> = {
  account_event: 'account',
  template_quality: 'quality',
  number_flagged: 'quality',
  canary_ask: 'canary',
  canary_bad: 'canary',
  winner_ask: 'winner',
  winner_chance: 'winner',
  winner_open: 'look',
  template_not_approved: 'template',
  template_changed: 'template',
  sender_missing: 'sender',
  send_broken: 'bug',
  database_older: 'older',
  restored: 'decide',
  late: 'late',
  approval_needed: 'yes',
};

const BY_CODE: Readonly<Record<string, PauseAdvice>> = {
  1003: 'topUp',
  131042: 'payment',
  368: 'account',
  131031: 'account',
  33: 'number',
  131037: 'number',
  131045: 'number',
  133010: 'number',
};

export function pauseAdvice({ code, values }: Trouble): PauseAdvice {
  const own = OWN[code] ?? BY_CODE[code];
  if (own) return own;
  if (code === 'template_event') return values?.['status'] === 'PAUSED' ? 'templatePaused' : 'template';
  if (code === 'failure_share') return ofFailures(String(values?.['code'] ?? ''));
  const { family, afterFix } = policyOf(code);
  if (family === 'account') return 'access';
  if (family === 'template') return afterFix ? 'templatePaused' : 'template';
  return ofFailures(code);
}

function ofFailures(code: string): PauseAdvice {
  const advice = adviceFor(code);
  if (advice === 'remove' || advice === 'data' || advice === 'respect') return 'audience';
  return advice === 'tomorrow' || advice === 'slower' ? 'tomorrow' : 'look';
}
