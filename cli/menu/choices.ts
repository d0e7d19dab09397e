/** What the menu lets one choose from, asked anew each time: the world may have changed meanwhile. */
import type { Pipeline } from '../../clients/amocrm/model';
import { needsMedia, parametersOf, type Template, type TemplateParameter } from '../../domain/templates/template';
import { valueOf } from '../errors';
import { createServices, type Services } from '../services';

interface TemplateChoice extends Pick<Template, 'name' | 'language' | 'body'> {
  parameters: TemplateParameter[];
  /** Kind of the header that needs a link. */
  media?: string;
}

/** Every call may throw what commands end with. */
export interface Choices {
  pipelines(): Promise<Pipeline[]>;
  /** Those that may be sent. */
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
