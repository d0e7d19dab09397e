/** Follows submitted templates: looks at Gupshup's list while any waits for Meta, and tells the team of its answers. */
import type { TellTeam } from '../clients/tell-team';
import { buttonData } from '../clients/telegram-buttons';
import { translate, type Language } from '../config/i18n';
import type { Logger } from '../config/logger';
import { escapeHtml } from '../config/text';
import { periodically } from '../config/waiting';
import { rejectionText } from '../report/draft-problems';
import type { Store } from '../store/connect';
import type { TemplateDraftDocument } from '../store/template-drafts';
import type { TemplateDesk } from './template-desk';

export interface TemplateReviewsOptions {
  store: Pick<Store, 'templateDrafts' | 'users'>;
  desk: Pick<TemplateDesk, 'look'>;
  tell: TellTeam;
  log: Logger;
  everyMs?: number;
}

const EVERY_MS = 5_000;
/** A process that takes a notice and dies holds it up for so long (ms). */
const TAKEN_MS = 60_000;

/** Runs until aborted. Never rejects. */
export async function runTemplateReviews(options: TemplateReviewsOptions, stop: AbortSignal): Promise<void> {
  const { store, desk, tell, log, everyMs = EVERY_MS } = options;
  const { templateDrafts: drafts, users } = store;

  /** One list for all drafts of a sender. */
  async function look(): Promise<void> {
    const due = new Map<string, string[]>();
    // For this process alone; `look` says when the next one is.
    const take = (): ReturnType<typeof drafts.takeToLookAt> =>
      drafts.takeToLookAt(new Date(), new Date(Date.now() + TAKEN_MS));
    for (let one = await take(); one; one = await take())
      due.set(one.sender, [...(due.get(one.sender) ?? []), one._id]);
    for (const [sender, ids] of due) {
      const looked = await desk.look(ids);
      if (!looked.ok) log.warn({ sender, code: looked.refusal.code }, 'cannot look for submitted templates');
    }
  }

  async function tellNext(): Promise<boolean> {
    const one = await drafts.takeToTell(new Date(), new Date(Date.now() + TAKEN_MS));
    if (!one) return false;
    const already = new Set(one.toldTo);
    const to = new Set((await users.members()).map(({ _id }) => _id).filter((id) => !already.has(id)));
    let failed = false;
    await tell('templates.write', to, { template: one.draft.name }, (language) => reviewMessage(one, language), ({ chatId }) => drafts.toldTo(one._id, chatId), () => (failed = true)); // prettier-ignore
    if (!failed) await drafts.told(one._id);
    return true;
  }

  await periodically(
    async () => {
      await look();
      while (!stop.aborted && (await tellNext()));
    },
    {
      everyMs,
      stop,
      failed: (err) => log.error({ err }, 'Submitted templates: a look failed, the next one tries again'),
    },
  );
}

/** Approved or rejected, why, what it costs now, and what to do. */
function reviewMessage(
  one: Pick<TemplateDraftDocument, '_id' | 'draft' | 'state' | 'category' | 'reason' | 'templateId'>,
  language: Language,
): { text: string; buttons: { text: string; data: string }[][] } {
  const { draft, state, category, reason, templateId } = one;
  const values = { name: escapeHtml(draft.name), language: escapeHtml(draft.language) };
  const t = (key: string, more: Record<string, string> = {}): string =>
    translate(language, `templates.notices.${key}`, { ...values, ...more });
  const parts = [t(state)];
  if (state === 'rejected') parts.push(escapeHtml(rejectionText(reason, language)), t('rejectedTodo'));
  if (category) {
    const word = (one: string): string => translate(language, `words.templateCategories.${one}`);
    parts.push(
      t('category', { asked: word(draft.category), now: word(category) }),
      translate(language, `alerts.category.${category === 'MARKETING' ? 'MARKETING' : 'other'}`),
    );
  }
  const button = (key: string, data: string): { text: string; data: string }[] => [
    { text: translate(language, `templates.buttons.${key}`), data },
  ];
  return {
    text: parts.join('\n\n'),
    buttons:
      state === 'approved'
        ? templateId === undefined
          ? []
          : [button('use', buttonData('templates', 'use', templateId))]
        : [button('again', buttonData('templates', 'again', one._id))],
  };
}
