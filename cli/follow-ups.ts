/** `--follow-up 3d:not_read:promo_b --follow-up-param 1.1=column:name`: further messages, each some time after the one before. */
import type { Result } from '../config/errors';
import type { ParameterSource } from '../domain/audience';
import type { FollowUp } from '../domain/follow-ups';
import { FOLLOW_UP_TO, type FollowUpTo } from '../domain/story/follow-ups';
import { parametersOf, type Template } from '../domain/templates/template';
import { valueOf, WrongUsage } from './errors';
import { durationMs } from './numbers';
import { parseParameters } from './parameters';

export interface FollowUpOptions {
  /** `AFTER:WHOM:TEMPLATE`, in order. */
  followUp?: string[];
  /** As `--param`, with the step before the position: `1.1=column:name`. */
  followUpParam?: string[];
  /** `STEP=URL`. */
  followUpMedia?: string[];
}

/** Finds a template by name, name/language or id. */
type FindTemplate = (template: string) => Promise<Result<Template>>;

/**
 * The spec's steps. One without parameters of its own has those of the campaign's message, as they were filled: as many
 * as its template needs.
 */
export async function chooseFollowUps(
  { followUp: given = [], followUpParam = [], followUpMedia = [] }: FollowUpOptions,
  findTemplate: FindTemplate,
): Promise<{ followUps?: FollowUp[] }> {
  const own = byStep(PARAM, followUpParam, given.length);
  const media = byStep(MEDIA, followUpMedia, given.length);
  const followUps: FollowUp[] = [];
  for (const [index, one] of given.entries()) {
    const { afterMs, to, template } = parsed(one);
    const parameters = own.get(index);
    const mediaUrl = media.get(index)?.at(-1);
    followUps.push({
      ...{ to, afterMs, template },
      parameters: parameters ? parseParameters(parameters) : asFilled(valueOf(await findTemplate(template))),
      ...(mediaUrl !== undefined && { mediaUrl }),
    });
  }
  return followUps.length > 0 ? { followUps } : {};
}

function parsed(given: string): Pick<FollowUp, 'afterMs' | 'to' | 'template'> {
  const [, after = '', whom = '', template = ''] = /^\s*([^:]+):([^:]+):(.+?)\s*$/s.exec(given) ?? [];
  const afterMs = durationMs(after);
  const to = readTo(whom);
  if (template === '' || afterMs === undefined || to === undefined)
    throw new WrongUsage(
      '--follow-up "{{given}}": expected TIME:WHOM:TEMPLATE, such as 3d:not_read:promo_b; WHOM is one of {{whom}}',
      { given, whom: FOLLOW_UP_TO.join(', ') },
    );
  return { afterMs, to, template };
}

/** Whom a step is for; undefined for anything else. */
function readTo(given: string): FollowUpTo | undefined {
  return FOLLOW_UP_TO.find((to) => to === given.trim().toLowerCase());
}

/** The values of the campaign's own message. */
export function asFilled(template: Template): ParameterSource[] {
  return parametersOf(template).map((_, index) => ({ kind: 'column', column: `p${index + 1}` }));
}

/** An option of one step: how it is written, and the step and the rest in it. */
interface OfStep {
  option: string;
  form: string;
  example: string;
  reads: RegExp;
}

const PARAM: OfStep = {
  option: '--follow-up-param',
  form: 'STEP.POSITION=SOURCE',
  example: '1.1=column:name',
  reads: /^\s*([1-9])\.(\d+=.*)$/s,
};
const MEDIA: OfStep = {
  option: '--follow-up-media',
  form: 'STEP=URL',
  example: '1=https://example.com/photo.jpg',
  reads: /^\s*([1-9])=(.*)$/s,
};

/** What was given for each step (0-based). */
function byStep(
  { option, form, example, reads }: OfStep,
  values: readonly string[],
  steps: number,
): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const one of values) {
    if (steps === 0) throw new WrongUsage('{{option}}: expected a --follow-up that it is for', { option });
    const [, step, rest = ''] = reads.exec(one) ?? [];
    if (step === undefined || Number(step) > steps)
      throw new WrongUsage(
        '{{option}} "{{one}}": expected {{form}}, such as {{example}}; STEP is the number of a --follow-up, 1 to {{steps}}',
        { ...{ option, one, form, example, steps } },
      );
    const index = Number(step) - 1;
    found.set(index, [...(found.get(index) ?? []), rest]);
  }
  return found;
}
