/** Numbers that must not be sent to: why, how far that reaches, and which error codes say so. */
import { policyFor } from '../error-policy';
import type { TemplateCategory } from '../templates/template';

/**
 * - `opted_out`  the person said so: a STOP word, WhatsApp's own switch, an error code that means it
 * - `invalid`    there is nobody on WhatsApp behind it
 * - `manual`     somebody of the staff put it there
 */
export const SUPPRESSION_REASONS = ['opted_out', 'invalid', 'manual'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** Nothing at all, or no marketing: utility and authentication messages still go out. */
export const SUPPRESSION_SCOPES = ['all', 'marketing'] as const;
export type SuppressionScope = (typeof SUPPRESSION_SCOPES)[number];

/** What a template counts as. A category nobody knows is taken for marketing: the strictest rules hold. */
export function isMarketing(category: TemplateCategory | undefined): boolean {
  return category !== 'UTILITY' && category !== 'AUTHENTICATION';
}

/** Whether a suppression of this scope holds back templates of this category. */
export function holdsBack(scope: SuppressionScope, category: TemplateCategory | undefined): boolean {
  return scope === 'all' || isMarketing(category);
}

/** "number opted out" of the old WhatsApp server: the one code for everything that is a person's own wish. */
const OPTED_OUT_CODE = 1012;

/** What follows for the number from an error code, if anything (gupshup.md#error-codes). */
export function suppressionBy(
  code: number | string | undefined,
): { reason: SuppressionReason; scope: SuppressionScope; detail: string } | undefined {
  const { suppress, meaning } = policyFor(code);
  if (!suppress) return undefined;
  const wish = suppress === 'marketing' || Number(code) === OPTED_OUT_CODE;
  return { reason: wish ? 'opted_out' : 'invalid', scope: suppress, detail: `${code}: ${meaning}` };
}
