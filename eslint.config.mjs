// Lint rules. The import zones below are the arrows of the layout (ARCHITECTURE.md): a folder may
// reach only what its line allows.
import tseslint from 'typescript-eslint';
import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import prettier from 'eslint-config-prettier';

const FOLDERS = [
  'domain', 'workflows', 'activities', 'sending', 'receipts', 'campaigns', 'audience', 'report', 'clients', 'store', 'config',
  'worker', 'bot', 'webhooks', 'links', 'codec', 'cli', 'local', 'legacy', 'sandbox', 'bench', 'chaos',
]; // prettier-ignore

/** What each folder may import from. Itself is always allowed. `test/` is free. */
const MAY_REACH = {
  domain: [],
  workflows: ['domain'],
  config: ['domain'],
  store: ['domain', 'config'],
  clients: ['domain', 'config'],
  audience: ['domain', 'config', 'clients', 'store'],
  report: ['domain', 'config', 'store'],
  sending: ['domain', 'config', 'clients', 'store', 'audience'],
  receipts: ['domain', 'config', 'clients', 'store', 'campaigns'],
  activities: ['domain', 'config', 'clients', 'store', 'audience', 'report', 'sending'],
  campaigns: ['domain', 'config', 'clients', 'store', 'audience', 'report', 'workflows'],
  worker: [
    'domain',
    'config',
    'clients',
    'store',
    'audience',
    'report',
    'activities',
    'campaigns',
    'sending',
    'workflows',
  ],
  bot: ['domain', 'config', 'clients', 'store', 'audience', 'report', 'campaigns'],
  webhooks: ['domain', 'config', 'clients', 'store', 'campaigns', 'receipts'],
  links: ['domain', 'config', 'store'],
  codec: ['config', 'clients'],
  legacy: ['domain', 'config', 'store', 'campaigns'],
  cli: ['domain', 'config', 'clients', 'store', 'audience', 'report', 'campaigns', 'legacy'],
  sandbox: ['domain', 'config'],
  local: FOLDERS,
  bench: FOLDERS,
  chaos: FOLDERS,
};

const zones = Object.entries(MAY_REACH).map(([folder, allowed]) => ({
  target: `./${folder}`,
  from: FOLDERS.filter((other) => other !== folder && !allowed.includes(other)).map((other) => `./${other}`),
  message: `${folder}/ may reach only: ${allowed.join(', ') || 'nothing'} (see ARCHITECTURE.md)`,
}));

export default tseslint.config(
  { ignores: ['node_modules', 'dist', '.bobcofer', 'coverage', '**/*.cjs', 'sandbox/page/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      eqeqeq: 'error',
      'no-console': 'error',
      'import-x/no-cycle': ['error', { maxDepth: 4 }],
      'import-x/no-restricted-paths': ['error', { zones: zones.filter((zone) => zone.from.length > 0) }],
    },
  },
  {
    // Workflow code runs in Temporal's deterministic sandbox: no node built-ins, no drivers.
    files: ['workflows/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^(?!\\.|@temporalio/(?:workflow|common)$)', message: 'workflows/ must stay deterministic: of packages only those of Temporal' },
            { regex: '^\\.\\./domain/(?!story/|campaign-spec$)', message: 'of domain/, workflows/ may import only domain/story/' },
            { regex: '^\\.\\./domain/campaign-spec$', allowTypeImports: true, message: 'workflows/ may import only the type of the campaign spec: its schema would bring zod into the bundle' },
            { regex: '^\\.\\./activities', allowTypeImports: true, message: 'workflows/ may import only the types of activities' },
          ],
        },
      ],
      'import-x/no-restricted-paths': [
        'error',
        { zones: [{ target: './workflows', from: FOLDERS.filter((f) => !['workflows', 'domain', 'activities'].includes(f)).map((f) => `./${f}`), message: 'workflows/ reaches only domain/story/ and the types of activities' }] },
      ],
    },
  },
  {
    // What workflows import ends here, so that the rule above holds for whatever they reach through it.
    files: ['domain/story/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^(?!\\./|\\.\\./campaign-spec$)', message: 'domain/story/ is bundled with the workflows: it imports only its own files' },
            { regex: '^\\.\\./campaign-spec$', allowTypeImports: true, message: 'domain/story/ may import only the type of the campaign spec: its schema would bring zod into the bundle' },
          ],
        },
      ],
    },
  },
  { files: ['cli/**/*.ts', 'local/**/*.ts', 'bench/**/*.ts', 'chaos/**/*.ts', 'sandbox/main.ts'], rules: { 'no-console': 'off' } },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  prettier,
); // prettier-ignore
