/** Finds the CRM pipelines and stages that the command line names by id or name. */
import type { Pipeline } from '../clients/amocrm/model';
import { refusedAs } from './errors';

type Stage = Pipeline['statuses'][number];

/** A stage, as `findStage` reads it, or a whole pipeline by its id or name. */
export function findPlace(pipelines: readonly Pipeline[], given: string): { pipeline: Pipeline; status?: Stage } {
  const stages = stagesNamed(pipelines, given);
  const whole = pipelines.filter((pipeline) => namesOf(pipeline).some((name) => same(name, given)));
  if (stages.length > 0 || (whole.length === 0 && given.includes(':'))) return findStage(pipelines, given);
  return { pipeline: findPipeline(pipelines, given) };
}

/** `PIPELINE:STATUS`, each an id or a name; names may contain colons. A refusal lists what exists. */
export function findStage(pipelines: readonly Pipeline[], given: string): { pipeline: Pipeline; status: Stage } {
  const found = stagesNamed(pipelines, given);
  if (found.length > 1) {
    const ids = found.map(({ pipeline, status }) => `${pipeline.id}:${status.id}`).join(', ');
    throw refusedAs('stage_ambiguous', '--crm "{{given}}" matches several stages: {{ids}}. Use ids.', { given, ids });
  }
  if (found[0]) return found[0];
  // Not found: say which half is wrong.
  const [pipelineGiven = '', ...rest] = given.split(':');
  const pipeline = findPipeline(pipelines, pipelineGiven);
  return { pipeline, status: findStatus(pipeline, rest.join(':')) };
}

export function findPipeline(pipelines: readonly Pipeline[], given: string): Pipeline {
  return find(pipelines, given, {
    several: 'amoCRM has several pipelines "{{given}}": {{known}}. Use the id.',
    none: 'amoCRM has no pipeline "{{given}}". Available: {{known}}.',
  });
}

export function findStatus(pipeline: Pipeline, given: string): Stage {
  return find(pipeline.statuses, given, {
    several: 'pipeline {{pipeline}} has several stages "{{given}}": {{known}}. Use the id.',
    none: 'pipeline {{pipeline}} has no stage "{{given}}". Available: {{known}}.',
    pipeline: `${pipeline.id} ${pipeline.name}`,
  });
}

function stagesNamed(pipelines: readonly Pipeline[], given: string): { pipeline: Pipeline; status: Stage }[] {
  return pipelines.flatMap((pipeline) =>
    pipeline.statuses.flatMap((status) =>
      namesOf(pipeline).some((one) => namesOf(status).some((other) => same(`${one}:${other}`, given)))
        ? [{ pipeline, status }]
        : [],
    ),
  );
}

function find<T extends { id: number; name: string }>(
  all: readonly T[],
  given: string,
  { several, none, pipeline = '' }: { several: string; none: string; pipeline?: string },
): T {
  const fits = all.filter((one) => namesOf(one).some((name) => same(name, given)));
  if (fits.length === 1) return fits[0]!;
  const known = (fits.length > 1 ? fits : all).map(({ id, name }) => `${id} ${name}`).join('; ');
  if (fits.length > 1) throw refusedAs('stage_ambiguous', several, { given, known, pipeline });
  throw refusedAs('stage_not_found', none, { given, known, pipeline });
}

const namesOf = ({ id, name }: { id: number; name: string }): string[] => [String(id), name];
const same = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase();
