/** Numbers that must not be messaged: the reasons, the scopes, and the error codes that cause it. */
import { policyFor } from '../error-policy';
import type { TemplateCategory } from '../templates/template';

/**
 * - `opted_out` the person asked: a STOP word, WhatsApp's own switch, or an error code that means it
 * - `invalid` the number is not on WhatsApp
 * - `manual` a team member added it
 */
export const SUPPRESSION_REASONS = ['opted_out', 'invalid', 'manual'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** No messages at all, or no marketing: utility and authentication messages still go out. */
export const SUPPRESSION_SCOPES = ['all', 'marketing'] as const;
export type SuppressionScope = (typeof SUPPRESSION_SCOPES)[number];

/** Whether a template counts as marketing. An unknown category does, so that the strictest rules apply. */
export function isMarketing(category: TemplateCategory | undefined): boolean {
  return category !== 'UTILITY' && category !== 'AUTHENTICATION';
}

/** Whether a suppression of this scope blocks templates of this category. */
export function holdsBack(scope: SuppressionScope, category: TemplateCategory | undefined): boolean {
  return scope === 'all' || isMarketing(category);
}

/** "number opted out" of the old WhatsApp server, used as the code for every opt-out by the person. */
const OPTED_OUT_CODE = 1012;

/** The suppression that an error code causes, if any (gupshup.md#error-codes). */
export function suppressionBy(
  code: number | string | undefined,
): { reason: SuppressionReason; scope: SuppressionScope; detail: string } | undefined {
  const { suppress, meaning } = policyFor(code);
  if (!suppress) return undefined;
  const wish = suppress === 'marketing' || Number(code) === OPTED_OUT_CODE;
  return { reason: wish ? 'opted_out' : 'invalid', scope: suppress, detail: `${code}: ${meaning}` };
}
