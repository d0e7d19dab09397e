/** Templates and CRM stages for the bot and CLI: read from the vendor, cached in the store, refusals as values. */
import type { Pipeline } from '../clients/amocrm/model';
import { AmocrmError } from '../clients/amocrm/error';
import type { Sender, Senders } from '../clients/gupshup/senders';
import { vendorMessage } from '../clients/gupshup/send';
import { AmbiguousError, RefusedError, UnreachableError } from '../clients/http';
import { done, refused, type Result } from '../config/errors';
import { isCalled, templateName, type Template } from '../domain/templates/template';
import type { Store } from '../store/connect';
import type { CrmDirectory } from './crm-directory';
import { senderNamed } from './sender-named';

export interface Catalogue {
  /**
   * From the cache if it is younger than a few minutes, else from Gupshup; if Gupshup does not answer, the cache of any
   * age. With `refresh`, only from Gupshup.
   */
  templates(options?: {
    refresh?: boolean;
    /** The app; absent = the default sender. */
    sender?: string;
  }): Promise<Result<{ templates: Template[]; syncedAt: Date }>>;
  /** One template of the sender by Gupshup id, name or `name/language`; refused when none or more than one matches. */
  template(wanted: string, sender?: string): Promise<Result<Template>>;
  /** The cached pipelines; `refresh` asks amoCRM. */
  pipelines(options?: { refresh?: boolean }): Promise<Result<Pipeline[]>>;
}

export interface CatalogueDependencies {
  store: Pick<Store, 'templates'>;
  senders: Pick<Senders, 'all' | 'byDefault' | 'find'>;
  directory: Pick<CrmDirectory, 'pipelines'>;
}

/** Age after which the cached list of templates is read again (ms). */
const TEMPLATES_FRESH_MS = 5 * 60_000;

export function createCatalogue({ store, senders, directory }: CatalogueDependencies): Catalogue {
  async function templates({
    refresh = false,
    sender: app,
  }: { refresh?: boolean; sender?: string | undefined } = {}): ReturnType<Catalogue['templates']> {
    const found = senderNamed(app, senders);
    if (!found.ok) return found;
    const { app: sender } = found.value;
    const kept = await store.templates.list(sender);
    const known = kept.syncedAt && { templates: kept.templates, syncedAt: kept.syncedAt };
    if (!refresh && known && !kept.stale && Date.now() - known.syncedAt.getTime() < TEMPLATES_FRESH_MS) {
      return done(known);
    }
    const read = await readTemplates(found.value, store.templates, new Date());
    // An older list is better than none; Gupshup is asked again before the first send whether the template may be sent.
    if (!read.ok) return !refresh && known && read.refusal.code === 'gupshup_unreachable' ? done(known) : read;
    const { templates: list, syncedAt = new Date() } = await store.templates.list(sender);
    return done({ templates: list, syncedAt });
  }

  async function find(wanted: string, sender: string | undefined, refresh: boolean): Promise<Result<Template>> {
    const listed = await templates({ refresh, sender });
    if (!listed.ok) return listed;
    const fits = listed.value.templates.filter((one) => isCalled(one, wanted));
    if (fits.length > 1) {
      const languages = fits.map(templateName).join(', ');
      return refused('template_ambiguous', { template: wanted, languages });
    }
    return fits[0] ? done(fits[0]) : refused('template_not_found', { template: wanted });
  }

  return {
    templates,
    // A template created a minute ago is not in the cache: ask Gupshup before refusing.
    template: async (wanted, sender) => {
      const kept = await find(wanted, sender, false);
      return kept.ok || kept.refusal.code !== 'template_not_found' ? kept : find(wanted, sender, true);
    },
    pipelines: async (options) => {
      const kept = await directory.pipelines(options);
      return kept.ok ? done(kept.value.value) : kept;
    },
  };
}

/** Gupshup's list of a sender's templates as it is now; what is known of them follows it. */
export async function readTemplates(
  { app, gupshup }: Sender,
  kept: Pick<Store['templates'], 'replace'>,
  now: Date,
): Promise<Result<Template[]>> {
  const read = await vendorCall(() => gupshup.listTemplates());
  if (read.ok) await kept.replace(app, read.value, now);
  return read;
}

/** Turns the clients' errors into refusals: the vendor refused, or did not answer. Bugs stay exceptions. */
export async function vendorCall<T>(call: () => Promise<T>): Promise<Result<T>> {
  try {
    return done(await call());
  } catch (error) {
    if (error instanceof AmocrmError) return { ok: false, refusal: error.refusal };
    if (error instanceof RefusedError) {
      return refused('gupshup_refused', { status: error.status, detail: vendorMessage(error.json) ?? error.message });
    }
    if (error instanceof UnreachableError || error instanceof AmbiguousError) {
      return refused('gupshup_unreachable', { detail: error.message });
    }
    throw error;
  }
}
