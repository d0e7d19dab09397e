/** What the menu offers to choose from. Each list is read again every time, because it may have changed. */
import type { Pipeline } from '../../clients/amocrm/model';
import { needsMedia, parametersOf, type Template, type TemplateParameter } from '../../domain/templates/template';
import { valueOf } from '../errors';
import { createServices, type Services } from '../services';

interface TemplateChoice extends Pick<Template, 'name' | 'language' | 'body'> {
  parameters: TemplateParameter[];
  /** The kind of header media that needs a link. */
  media?: string;
}

/** Every call may throw the errors that end a command. */
export interface Choices {
  pipelines(): Promise<Pipeline[]>;
  /** Only templates that can be sent. */
  templates(): Promise<TemplateChoice[]>;
  /** Newest first. */
  campaigns(): Promise<{ id: string; name: string; state: string }[]>;
}

const CAMPAIGNS = 30;

export function createChoices(environment: NodeJS.ProcessEnv): Choices {
  async function asking<T>(ask: (services: Services) => Promise<T>): Promise<T> {
    const services = createServices(environment);
    try {
      return await ask(services);
    } finally {
      await services.close();
    }
  }

  return {
    pipelines: () => asking(async ({ catalogue }) => valueOf(await (await catalogue()).pipelines())),
    templates: () =>
      asking(async ({ catalogue }) => {
        const { templates } = valueOf(await (await catalogue()).templates());
        return templates.filter(({ status }) => status === 'APPROVED').map(choiceOf);
      }),
    campaigns: () => asking(async ({ campaigns }) => (await campaigns()).list({ limit: CAMPAIGNS })),
  };
}

function choiceOf(template: Template): TemplateChoice {
  const { name, language, body, header } = template;
  const media = needsMedia(template) ? header?.type : undefined;
  return { name, language, body, parameters: parametersOf(template), ...(media && { media }) };
}
