/** Recorded consent: what a person has agreed to receive, and what a message needs. */
import type { TemplateCategory } from '../templates/template';
import { isMarketing } from './suppression';

/** Template categories in lower case; `all` is consent to every one of them. */
export const CONSENT_CATEGORIES = ['marketing', 'utility', 'authentication', 'all'] as const;
export type ConsentCategory = (typeof CONSENT_CATEGORIES)[number];

/** Which messages need a recorded consent (setting REQUIRE_CONSENT). */
export const CONSENT_DEMANDS = ['none', 'marketing', 'all'] as const;
export type ConsentDemand = (typeof CONSENT_DEMANDS)[number];

/** The consents of which a template of this category needs one; undefined when it needs none. */
export function consentNeeded(
  demand: ConsentDemand,
  category: TemplateCategory | undefined,
): readonly ConsentCategory[] | undefined {
  if (demand === 'none') return undefined;
  if (isMarketing(category)) return ['marketing', 'all'];
  if (demand === 'marketing') return undefined;
  return [category === 'UTILITY' ? 'utility' : 'authentication', 'all'];
}
