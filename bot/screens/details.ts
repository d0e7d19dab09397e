/** What goes with the message besides its parameters: the header's media, and the campaign's name. */
import { done, refusalOf, refused } from '../../config/errors';
import { mediaLinkRefusal } from '../../campaigns/media';
import { MAX_NAME_CHARACTERS } from '../../domain/campaign-name';
import { nameProblem } from '../../domain/campaign-spec';
import { withoutNumbers } from '../../domain/story/number-like';
import { isMediaLink, type Template } from '../../domain/templates/template';
import { mediaTypeOf } from '../../domain/templates/uploaded-media';
import { labelOfAudience } from '../conversation/chosen-audience';
import type { StepAt } from '../conversation/steps';
import { answer, refuse, stale, type StepScreen, type Talk } from '../conversation/talk';
import { escapeHtml, Html, shorten } from '../texts';
import { tooLarge } from './people';

/** Of the audience, in a suggested name: the day must not be cut off. */
const LABEL_CHARACTERS = 40;

export const mediaScreen: StepScreen<StepAt<'media'>> = {
  show: async (_step, { draft: { template } }, view) => {
    const kind = template?.header?.type ?? '';
    return done({
      screen: {
        html: view.texts.html('media.question', { kind: view.texts.maybe(`media.${kind}`) ?? kind }),
        keyboard: [...(sampleOf(template) ? [[view.button('sample')]] : []), view.footer()],
      },
    });
  },
  press: async (_step, action, _argument, { draft }) => {
    const sample = action === 'sample' ? sampleOf(draft.template) : undefined;
    return sample ? answer(draft, { mediaUrl: sample }) : stale;
  },
  text: async (_step, typed, { draft, texts, now }) => {
    const value = typed.trim();
    if (!isMediaLink(value)) return refuse(refused('media_link_invalid', { value: shorten(value, 120) }));
    const problem =
      draft.template &&
      mediaLinkRefusal(
        { template: draft.template, mediaUrl: value },
        { start: now().toJSDate() },
        { timezone: texts.zone },
      );
    return problem ? refuse({ refusal: problem }) : answer(draft, { mediaUrl: value });
  },
  // Uploaded once, to the sender that the campaign goes from.
  file: async (_step, file, talk) => {
    const { draft, texts, services } = talk;
    const type = mediaTypeOf(draft.template?.header?.type);
    if (!type) return stale;
    const large = tooLarge(file);
    if (large) return refuse(large);
    await talk.interim(texts.html('media.uploading', { name: shorten(file.name, 60) }));
    const content = await talk.download(file.fileId);
    const { sender } = draft;
    const uploaded = await services.uploadMedia({ content, name: file.name }, { type, ...(sender && { sender }) });
    return uploaded.ok ? answer(draft, { mediaUrl: uploaded.value }) : refuse(uploaded);
  },
};

function sampleOf(template: Template | undefined): string | undefined {
  const url = template?.header && 'exampleUrl' in template.header ? template.header.exampleUrl : undefined;
  // Of a template that Meta has looked at, the example is often on Meta's own network.
  return template &&
    url &&
    isMediaLink(url) &&
    !mediaLinkRefusal({ template, mediaUrl: url }, { start: new Date() }, {})
    ? url
    : undefined;
}

export const nameScreen: StepScreen<StepAt<'name'>> = {
  show: async (_step, talk, view) => {
    const suggestion = suggestName(talk);
    return done({
      screen: {
        html: view.texts.html('name.question', { suggestion: new Html(`<b>${escapeHtml(suggestion)}</b>`) }),
        keyboard: [[view.button('suggested', { text: `✅ ${suggestion}` })], view.footer()],
      },
    });
  },
  press: async (_step, action, _argument, talk) =>
    action === 'suggested' ? answer(talk.draft, { name: suggestName(talk) }) : stale,
  text: async (_step, typed, { draft }) => {
    const name = typed.trim().replace(/\s+/g, ' ');
    const problem = nameProblem(name);
    return problem ? refuse({ refusal: refusalOf(problem) }) : answer(draft, { name });
  },
};

/** Template, audience and day, unless it has a name already. */
function suggestName({ draft, now, texts }: Talk): string {
  if (draft.name) return draft.name;
  const label = draft.audience ? withoutNumbers(labelOfAudience(draft.audience)) : '';
  return shorten(
    `${withoutNumbers(draft.template?.name ?? '')} · ${shorten(label, LABEL_CHARACTERS)} · ${now().setLocale(texts.language).toFormat(texts.plain('name.day'))}`,
    MAX_NAME_CHARACTERS,
  );
}
