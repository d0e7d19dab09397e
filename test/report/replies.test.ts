/** The report's line on replies: what became of them, and of what they ordered in the CRM. */
import { repliesText } from '../../report/replies-text';
import type { ReportData } from '../../report/data';
import { createWords } from '../../report/words';

const words = (language: 'en' | 'ru') => createWords({ language, timezone: 'UTC' });
const replies = { people: 3, answered: 1, open: 2, medianSeconds: 90 };
const effects: ReportData['replyEffects'] = {
  note: { written: 3, refused: 1 },
  move: { written: 1, left: 1, unknown: 1 },
};

test.each<['en' | 'ru', Pick<ReportData, 'replies' | 'replyEffects'>, string | undefined]>([
  ['en', {}, undefined],
  ['en', { replies: { people: 3, answered: 0, open: 3 } }, 'people 3, answered 0, not yet dealt with 3.'],
  ['en', { replies, replyEffects: effects }, 'people 3, answered 1, not yet dealt with 2. Half got their first answer within 2 min. In amoCRM: notes 3, moved 1, refused 1, left as they were 1, unknown 1.'],
  ['ru', { replies: { people: 3, answered: 0, open: 3 }, replyEffects: effects }, 'написали 3, отвечено 0, ещё не разобрано 3. В amoCRM: примечаний 3, переведено 1, отказано 1, оставлено как было 1, неизвестно 1.'],
])('%s: %j', (language, report, expected) => expect(repliesText(report, words(language))?.replaceAll('\u00a0', ' ')).toBe(expected)); // prettier-ignore
