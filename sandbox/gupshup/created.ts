/** Templates that were submitted to this app of the sandbox: taken, reviewed after a while, deleted (docs/sandbox.md). */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { templateStatusEvent } from './account-events';
import { refuse, type GupshupContext } from './context';
import { readSubmission, type SubmittedForm, verdictOf } from './template-review';
import { templateRow } from './template-rows';

/** Templates and their states are the context's; what is still under review goes on from here. */
export async function registerCreated(app: FastifyInstance, context: GupshupContext): Promise<void> {
  const { sender, state, templates, webhooks } = context;
  const timers = new Set<NodeJS.Timeout>();
  const statusOf = (id: string): string | undefined => state.value.templates[id];

  /** What Meta says goes out as an event and stands in the list from then on. */
  function decide(id: string): void {
    const created = state.value.created.find((one) => one.template.id === id);
    if (!created || statusOf(id) !== 'PENDING') return;
    const { template, mayChangeCategory } = created;
    const verdict = verdictOf(template, mayChangeCategory);
    if (verdict.status === 'REJECTED') template.reason = verdict.reason;
    else template.category = verdict.category;
    state.value.templates[id] = verdict.status;
    state.changed();
    void webhooks.deliver(templateStatusEvent(sender, template, verdict.status)).catch(() => undefined);
  }

  function review(id: string): void {
    const { reviewMs, speed } = state.value.settings;
    const timer = setTimeout(() => {
      timers.delete(timer);
      decide(id);
    }, reviewMs / speed);
    timers.add(timer);
  }
  for (const { template } of state.value.created) if (statusOf(template.id) === 'PENDING') review(template.id);
  app.addHook('onClose', async () => timers.forEach((timer) => clearTimeout(timer)));

  /** The connection breaks: the caller cannot know what became of its request. */
  const breakOff = (reply: FastifyReply): FastifyReply => {
    reply.hijack();
    reply.raw.destroy();
    return reply;
  };

  app.post('/wa/app/:appId/template', async (request, reply) => {
    const fault = state.value.templateFaults.shift();
    if (fault) state.changed();
    if (fault === 'lost') return breakOff(reply);
    const read = readSubmission((request.body ?? {}) as SubmittedForm, randomUUID());
    if ('refused' in read) return refuse(reply, 400, read.refused);
    const { template } = read;
    const isSame = templates.some(
      ({ id, name, language }) =>
        name === template.name && language === template.language && statusOf(id) !== 'DELETED',
    );
    if (isSame) {
      return refuse(reply, 400, 'Template Already exists with same namespace and elementName and languageCode');
    }
    if (state.value.deletedNames.includes(template.name)) {
      return refuse(reply, 400, 'A template of this name was deleted: it can be used again after 30 days');
    }
    state.value.created.push(read);
    state.value.templates[template.id] = 'PENDING';
    state.changed();
    templates.push(template);
    review(template.id);
    if (fault === 'no-answer') return breakOff(reply);
    return { status: 'success', template: templateRow(template, sender.appId, 'PENDING') };
  });

  app.delete('/wa/app/:appId/template/:elementName', async (request, reply) => {
    const { elementName } = request.params as { elementName: string };
    const meant = templates.filter(({ id, name }) => name === elementName && statusOf(id) !== 'DELETED');
    if (meant.length === 0) return refuse(reply, 400, 'Template Does not exists.');
    for (const { id } of meant) state.value.templates[id] = 'DELETED';
    state.value.deletedNames.push(elementName);
    state.changed();
    return { status: 'success' };
  });
}
