/** The record of a person's consents, as proof: what they agreed to, where and when, and when they took it back. */
import type { Consent } from '../store/documents';
import type { Store } from '../store/connect';
import { createWords, type TextOptions } from './words';

/** Said of one event in the person's story. */
interface Entry {
  at: Date;
  heading: string;
  /** Label and text. */
  facts: [label: string, text: string][];
}

export interface ConsentRecord {
  title: string;
  /** Who it is about, and when and by whom it was made. */
  head: [label: string, text: string][];
  /** Oldest first. */
  entries: Entry[];
  /** Said where there are none. */
  none: string;
  foot: string;
}

export interface ConsentRecordOptions extends TextOptions {
  /** Who asks for it. */
  by: string;
  now: Date;
  nameOf: (by: Consent['by']) => string;
}

const MOST_REMOVALS = 100;

/** Everything that we know of a number's consents, opt-outs and their ends. */
export async function consentRecord(
  { contacts, suppressions, audit }: Pick<Store, 'contacts' | 'suppressions' | 'audit'>,
  phone: string,
  { by, now, nameOf, ...texts }: ConsentRecordOptions,
): Promise<ConsentRecord> {
  const words = createWords(texts);
  const t: typeof words.t = (key, values) => words.t(`consentRecord.${key}`, values);
  const [contact, standing, removals] = await Promise.all([
    contacts.find(phone),
    suppressions.of(phone),
    audit.of(phone, MOST_REMOVALS),
  ]);
  const moment = (at: Date): string => `${words.time(at)} (${words.zoneName})`;
  const proofOf = ({ document, version, source }: Partial<Consent>): Entry['facts'] => [
    [t('document'), document ?? t('unknown')],
    [t('version'), version ?? t('unknown')],
    [t('source'), source ?? t('unknown')],
  ];
  const given = (contact?.consents ?? []).map((consent) => ({
    at: consent.at,
    heading: t('given', { category: t(`categories.${consent.category}`) }),
    facts: [
      [t('at'), moment(consent.at)],
      ...proofOf(consent),
      [t('recorded'), `${moment(consent.recordedAt ?? consent.at)}, ${nameOf(consent.by)}`],
    ] as Entry['facts'],
  }));
  const optedOut = standing
    .filter(({ reason }) => reason === 'opted_out')
    .map(({ scope, createdAt, createdBy }) => ({
      at: createdAt,
      heading: t('optedOut', { scope: t(`scopes.${scope}`) }),
      facts: [
        [t('at'), moment(createdAt)],
        [t('recorded'), nameOf(createdBy)],
      ] as Entry['facts'],
    }));
  const ended = removals.flatMap(({ action, at, actor, before = {} }): Entry[] => {
    if (action !== 'suppression_removed' && action !== 'consent_removed') return [];
    const since = before['createdAt'] ?? before['at'];
    const facts: Entry['facts'] = [
      [t('at'), moment(at)],
      [t('recorded'), nameOf(actor)],
      ...(since instanceof Date ? [[t('stoodSince'), moment(since)] as Entry['facts'][number]] : []),
    ];
    if (action === 'consent_removed') {
      // As it stood in the contact.
      const consent = before as Partial<Consent>;
      const heading = t('removed', { category: t(`categories.${consent.category ?? 'all'}`) });
      return [{ at, heading, facts: [...facts, ...proofOf(consent)] }];
    }
    return before['reason'] === 'opted_out' ? [{ at, heading: t('lifted'), facts }] : [];
  });
  const entries = [...given, ...optedOut, ...ended].sort((one, other) => one.at.getTime() - other.at.getTime());
  return {
    title: t('title'),
    head: [
      [t('phone'), phone],
      ...(contact?.names?.length ? [[t('name'), contact.names.join(', ')] as [string, string]] : []),
      [t('made'), `${moment(now)}, ${by}`],
    ],
    entries,
    none: t('none'),
    foot: t('foot'),
  };
}

/** The record as plain text. */
export function consentRecordText({ title, head, entries, none, foot }: ConsentRecord): string {
  const lines = (facts: readonly [string, string][]): string[] => facts.map(([label, text]) => `  ${label}: ${text}`);
  return [
    [title, ...lines(head)].join('\n'),
    ...(entries.length === 0 ? [none] : entries.map(({ heading, facts }) => [heading, ...lines(facts)].join('\n'))),
    foot,
  ].join('\n\n');
}
