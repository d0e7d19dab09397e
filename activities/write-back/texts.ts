/** What stands in the notes and tasks of the CRM. No message text and no number: the lead has its own. */
import { DateTime } from 'luxon';
import { translate, type Language } from '../../config/i18n';
import { writeBackMarker } from '../../domain/story/write-back';
import { meaningOf } from '../../report/meaning';
import type { CampaignDocument } from '../../store/documents';
import type { WriteBackTexts } from './steps';

export function writeBackTexts(
  campaign: CampaignDocument,
  { language, timezone }: { language: Language; timezone: string },
): WriteBackTexts {
  const marker = writeBackMarker(campaign._id);
  const about = { name: campaign.spec.name, template: campaign.template.name, marker };
  return {
    marker,
    note: ({ state, code, detail, at, replied }) => {
      const word = translate(language, `words.deliveryStates.${state}`);
      const why = code === undefined ? '' : `: ${meaningOf(code, language, detail)}`;
      const when = at ? ` (${DateTime.fromJSDate(at, { zone: timezone }).toFormat('dd.MM.yyyy HH:mm')})` : '';
      const answer = replied ? translate(language, 'crm.noteReplied') : '';
      return translate(language, 'crm.note', { ...about, outcome: `${word}${when}${why}`, answer }).trim();
    },
    task: () => translate(language, 'crm.task', about),
  };
}
