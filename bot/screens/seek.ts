/** One of the people of a new campaign, by name or number: what they will see, or why they are skipped. */
import type { FoundPerson } from '../../campaigns/contract';
import { done } from '../../config/errors';
import { asCampaign } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { go, type StepScreen } from '../conversation/talk';
import { escapeHtml, shorten, type Texts } from '../texts';
import { filledHtml } from './filled';

export const seekScreen: StepScreen<StepAt<'seek'>> = {
  show: async ({ words }, talk, view) => {
    const { texts } = view;
    const question = texts.html('seek.question');
    if (words === undefined) return done({ screen: { html: question, keyboard: [view.footer()] } });
    await talk.interim(texts.html('preview.checking'));
    const looked = await talk.services.campaigns.preflight(asCampaign(talk.draft, talk.actor), { search: words });
    if (!looked.ok) return looked;
    const people = looked.value.found ?? [];
    const found = people.map((person) => personHtml(person, texts));
    const html = [...(found.length > 0 ? found : [texts.html('seek.nobody', { words })]), question].join('\n\n');
    return done({ screen: { html, keyboard: [view.footer()] } });
  },
  text: async (_step, typed, { draft }) => go({ at: 'seek', words: shorten(typed.trim(), 60) }, draft),
};

function personHtml(person: FoundPerson, texts: Texts): string {
  const { name, origin } = person;
  if ('skipped' in person) {
    return texts.html('seek.skipped', { who: name ?? origin, reason: texts.word(`skipReasons.${person.skipped}`) });
  }
  const whom = name ? `${name}, ${person.phone}` : person.phone;
  return `${escapeHtml(shorten(whom, 60))}\n${filledHtml(person.message, texts)}`;
}
