/**
 * The Helm chart as rendered by the real Helm (`npm run check:helm -- --write`, which also lints it and checks it against
 * the schemas of Kubernetes; too long for every run of the tests). Here: that the rendering is of today's chart, and that it
 * gives each role what it needs and no more.
 */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { GROUPS, SECRET_NAMES, type SettingsGroup } from '../../config/settings-schema';

const ROOT = resolve(__dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Container {
  name: string;
  image: string;
  args: string[];
  env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  securityContext: object;
  resources: { limits: { memory: string }; requests: { cpu: string; memory: string } };
  startupProbe?: { httpGet: { path: string } };
  livenessProbe?: { httpGet: { path: string } };
  readinessProbe?: { httpGet: { path: string } };
}

interface Resource {
  kind: string;
  metadata: { name: string; annotations?: Record<string, string> };
  spec: {
    replicas?: number;
    strategy?: { type: string };
    maxUnavailable?: number;
    rules?: { http: { paths: { path: string }[] } }[];
    template?: {
      spec: {
        containers: Container[];
        securityContext: { runAsNonRoot: boolean };
        automountServiceAccountToken: boolean;
        terminationGracePeriodSeconds?: number;
      };
    };
  };
}

const rendered = (name: string): Resource[] =>
  parseAllDocuments(read(`test/fixtures/helm/${name}.yaml`)).flatMap((document) => (document.toJS() as Resource | null) ?? []); // prettier-ignore

const [least, all] = [rendered('least'), rendered('all')];
const named = (resources: readonly Resource[], kind: string, role: string): Resource | undefined =>
  resources.find((one) => one.kind === kind && one.metadata.name === `bobcofer-${role}`);
const podOf = (role: string, resources = all): NonNullable<Resource['spec']['template']>['spec'] =>
  (named(resources, role === 'setup' ? 'Job' : 'Deployment', role)?.spec.template ?? fail(role)).spec;
const containerOf = (role: string, resources = all): Container => podOf(role, resources).containers[0] ?? fail(role);

function fail(what: string): never {
  throw new Error(`nothing rendered for ${what}`);
}

const ROLES = ['worker', 'bot', 'webhooks', 'codec', 'setup'] as const;
/** The groups of settings that a role's main.ts names; of the setup step, what `bobcofer setup` reads. */
const groupsOf = (role: (typeof ROLES)[number]): SettingsGroup[] =>
  role === 'setup'
    ? ['temporal', 'mongodb']
    : ((/startRole\('\w+', \[([^\]]+)\]/.exec(read(`${role}/main.ts`))?.[1]?.match(/\w+/g) ?? []) as SettingsGroup[]);
/** Where the container stands, and what the chart itself says. */
const OWN = ['BOBCOFER_HOME', 'HEALTH_HOST', 'HEALTH_PORT', 'WEBHOOK_HOST', 'WEBHOOK_PORT', 'CODEC_HOST', 'CODEC_PORT', 'LINKS_HOST', 'LINKS_PORT', 'SENDERS_FILE']; // prettier-ignore

test('it was rendered from the chart as it is: else run `npm run check:helm -- --write`', () => {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'ops/helm'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .trimEnd()
    .split('\n')
    .filter((file) => existsSync(join(ROOT, file)))
    .sort();
  const hashes = files.map((file) => createHash('sha256').update(read(file)).digest('hex') + `  ${file}`);
  expect(read('test/fixtures/helm/chart.sha256').trimEnd().split('\n')).toEqual(hashes);
});

test.each(ROLES)('%s gets the settings and secrets that it reads, and no others', (role) => {
  const names = ['common', ...groupsOf(role)].flatMap((group) => Object.keys(GROUPS[group as SettingsGroup].shape));
  const secrets = names.filter((name) => (SECRET_NAMES as readonly string[]).includes(name));
  const settings = names.filter((name) => !secrets.includes(name) && !OWN.includes(name));
  const roles = parse(read('ops/helm/files/roles.yaml')) as Record<string, { settings: string[]; secrets: string[] }>;
  expect(roles[role]?.settings.toSorted()).toEqual(settings.toSorted());
  expect(roles[role]?.secrets.toSorted()).toEqual(secrets.toSorted());
  const { env } = containerOf(role);
  const fromSecret = env.flatMap(({ name, valueFrom }) => (valueFrom ? [name] : []));
  expect(fromSecret.toSorted()).toEqual(secrets.toSorted());
  for (const { name, valueFrom } of env)
    if (valueFrom)
      expect(valueFrom.secretKeyRef).toMatchObject({ name: 'bobcofer-secrets', key: name, optional: true });
  const plain = env.flatMap(({ name, valueFrom }) => (valueFrom ? [] : [name]));
  expect(plain.filter((name) => !names.includes(name))).toEqual([]);
});

test.each(ROLES)('%s may do as little as in docker compose, and has its limits', (role) => {
  expect(podOf(role)).toMatchObject({
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
  });
  const { securityContext, resources, args, image } = containerOf(role);
  expect(securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } }); // prettier-ignore
  expect(resources).toMatchObject({ limits: { memory: expect.any(String) as string }, requests: { memory: expect.any(String) as string } }); // prettier-ignore
  expect(image).toBe('registry.example.com/bobcofer:0.1.0');
  expect(existsSync(join(ROOT, (args[2] ?? '').replace(/\.js$/, '.ts')))).toBe(true);
});

test.each(['worker', 'bot', 'webhooks', 'codec'])('%s is asked whether it lives and whether it can work', (role) => {
  expect(containerOf(role)).toMatchObject({
    startupProbe: { httpGet: { path: '/healthz', port: 'health' } },
    livenessProbe: { httpGet: { path: '/healthz', port: 'health' } },
    readinessProbe: { httpGet: { path: '/readyz', port: 'health' } },
  });
});

test('sends in flight are finished, one bot polls, and the data are set up before the roles', () => {
  expect(podOf('worker').terminationGracePeriodSeconds).toBe(70);
  expect(named(all, 'Deployment', 'bot')?.spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  expect(named(all, 'Job', 'setup')?.metadata.annotations).toMatchObject({ 'helm.sh/hook': 'pre-install,pre-upgrade' });
  expect(containerOf('setup').args).toEqual(['node', '--enable-source-maps', 'cli/main.js', 'setup']);
});

test('a drained node takes one of several at a time, and never waits for a role that there is once', () => {
  const budgets = all.filter(({ kind }) => kind === 'PodDisruptionBudget');
  expect(budgets.map(({ metadata, spec }) => [metadata.name, spec.maxUnavailable])).toEqual([
    ['bobcofer-webhooks', 1],
    ['bobcofer-worker', 1],
  ]);
});

test('from outside only the paths that are named are reached, and with the least values nothing is', () => {
  const paths = named(all, 'Ingress', 'webhooks')?.spec.rules?.flatMap(({ http }) =>
    http.paths.map(({ path }) => path),
  );
  expect(paths).toEqual(['/webhooks/gupshup/', '/oauth/amocrm']);
  expect(least.filter(({ kind }) => kind === 'Ingress')).toEqual([]);
  expect(least.map(({ kind }) => kind)).not.toContain('Secret');
  expect(named(least, 'Deployment', 'codec')).toBeUndefined();
});
