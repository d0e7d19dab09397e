/** Recorded consent: what a person has agreed to receive, and what a message requires. */
import type { TemplateCategory } from '../templates/template';
import { isMarketing } from './suppression';

/** Template categories in lower case; `all` is consent to all of them. */
export const CONSENT_CATEGORIES = ['marketing', 'utility', 'authentication', 'all'] as const;
export type ConsentCategory = (typeof CONSENT_CATEGORIES)[number];

/** Which messages require a recorded consent (setting REQUIRE_CONSENT). */
export const CONSENT_DEMANDS = ['none', 'marketing', 'all'] as const;
export type ConsentDemand = (typeof CONSENT_DEMANDS)[number];

/** The consents of which a template of this category requires one; undefined when it requires none. */
export function consentNeeded(
  demand: ConsentDemand,
  category: TemplateCategory | undefined,
): readonly ConsentCategory[] | undefined {
  if (demand === 'none' || (demand === 'marketing' && !isMarketing(category))) return undefined;
  return consentFor(category);
}

/** The consents of which one allows a template of this category. */
export function consentFor(category: TemplateCategory | undefined): readonly [ConsentCategory, ConsentCategory] {
  if (isMarketing(category)) return ['marketing', 'all'];
  return [category === 'UTILITY' ? 'utility' : 'authentication', 'all'];
}
