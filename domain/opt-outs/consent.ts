/** Recorded consent: what a person has agreed to receive, how it can be proved, and what a message requires. */
import type { TemplateCategory } from '../templates/template';
import { isMarketing } from './suppression';

/** Template categories in lower case; `all` is consent to all of them. */
export const CONSENT_CATEGORIES = ['marketing', 'utility', 'authentication', 'all'] as const;
export type ConsentCategory = (typeof CONSENT_CATEGORIES)[number];

/** Which messages require a recorded consent (setting REQUIRE_CONSENT). */
export const CONSENT_DEMANDS = ['none', 'marketing', 'all'] as const;
export type ConsentDemand = (typeof CONSENT_DEMANDS)[number];

/** What proves a consent, beside who recorded it and when. */
export interface ConsentProof {
  category: ConsentCategory;
  /** Where they agreed: a form, a page, an office. */
  source: string;
  /** When they agreed, as far as that is known; else when it was recorded. */
  at: Date;
  /** The document that they agreed to, by its name. */
  document?: string;
  /** Which text of it: a version, a date or a hash. */
  version?: string;
}

/** Whether it can be proved: it names the document, and was not given in the future. */
export function isProof({ document, at }: ConsentProof, now: Date): boolean {
  return document !== undefined && document.trim() !== '' && at <= now;
}

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
