/** Every command there is, walked: one JSON document with --json, and exit codes 0, 1 and 2 for what they stand for. */
import type { Command } from 'commander';
import { createCommandContext } from '../../cli/answer';
import { createProgram } from '../../cli/program';
import { createServices } from '../../cli/services';
import { createTerminal } from '../../cli/terminal';
import { version } from '../../package.json';
import { testMongo } from '../support/servers';
import { emptyHome, runHere, settingsFor, type Outcome } from './harness';

interface Leaf {
  path: string[];
  command: Command;
}

function leavesOf(command: Command, path: string[] = []): Leaf[] {
  if (command.commands.length === 0) return [{ path, command }];
  return command.commands.flatMap((child) => leavesOf(child, [...path, child.name()]));
}

const environment = { BOBCOFER_HOME: emptyHome() };
const { stdout, stderr } = process;
const terminal = createTerminal({ stdout, stderr, json: false, environment });
const { context } = createCommandContext(terminal, createServices(environment), environment);
const program = createProgram(context);
const LEAVES = leavesOf(program).map((leaf) => [leaf.path.join(' '), leaf] as const);

let settings: Record<string, string>;
const outcomes = new Map<string, Promise<Outcome>>();
let closeMongo: () => Promise<void>;
beforeAll(async () => {
  const mongo = await testMongo();
  settings = settingsFor(mongo.uri);
  closeMongo = mongo.close;
  // All at once: some wait long for a service that is not there.
  for (const [name, leaf] of LEAVES) outcomes.set(name, runHere([...filled(leaf), '--json'], settings));
});
afterAll(() => closeMongo());

/** Everything that must be given, with a value that nothing is called. */
function filled({ path, command }: Leaf): string[] {
  const values = command.registeredArguments.filter(({ required }) => required);
  const options = command.options.filter(({ mandatory }) => mandatory);
  return [
    ...path,
    ...values.map(({ argChoices }) => argChoices?.[0] ?? 'nothing'),
    ...options.flatMap(({ long, argChoices }) => [long!, argChoices?.[0] ?? 'nothing']),
  ];
}

/** The one document; anything else on standard output fails. */
function documentOf(text: string): Record<string, unknown> {
  expect(text.endsWith('\n')).toBe(true);
  expect(text.trimEnd()).not.toContain('\n');
  return JSON.parse(text) as Record<string, unknown>;
}

test.each(LEAVES)(
  '%s --json prints one document and nothing else',
  async (name) => {
    const { stdout: text, stderr: notes, exitCode } = await outcomes.get(name)!;
    const document = documentOf(text);
    expect([0, 1, 2]).toContain(exitCode);
    // Who fails says why, for people too.
    if (exitCode !== 0) expect(notes).not.toBe('');
    // A list says of each of its entries what is wrong.
    if (!Array.isArray(document)) expect('error' in document).toBe(exitCode !== 0);
    expect(notes).not.toMatch(/unexpected happened/);
  },
  30_000,
);

test.each(LEAVES)('%s with an option that does not exist is wrong usage, with the document', async (_name, leaf) => {
  const {
    stdout: text,
    stderr: notes,
    exitCode,
  } = await runHere([...filled(leaf), '--no-such-option', '--json'], settings);
  expect(exitCode).toBe(2);
  expect(documentOf(text)).toEqual({ error: { code: 'usage', message: expect.any(String) } });
  expect(notes).toMatch(/unknown option '--no-such-option'/);
});

test.each(LEAVES)('%s --help is exit 0 and says how it is used', async (_name, leaf) => {
  const { stdout: text, exitCode } = await runHere([...leaf.path, '--help'], settings, 80);
  expect(exitCode).toBe(0);
  expect(text).toMatch(new RegExp(`^Usage: bobcofer ${leaf.path.join('.*')}`));
});

/** Options that take one value. */
const SINGLE = LEAVES.flatMap(([name, leaf]) =>
  leaf.command.options
    .filter((option) => (option.required || option.optional) && !option.variadic)
    .map((option) => [`${name} ${option.long}`, leaf, option.long!, option.argChoices?.[0] ?? '1'] as const),
);

test.each(SINGLE)('%s given twice is wrong usage, not the last one in silence', async (_name, leaf, long, value) => {
  const { stderr: notes, exitCode } = await runHere([...leaf.path, long, value, long, value], settings);
  expect(exitCode).toBe(2);
  // Who is unreadable says that first.
  expect(notes).toMatch(new RegExp(`${long} .*is given twice|${long} .*invalid|invalid.*${long}`));
});

test.each([
  ['campaign create --name N --template T --phones 1 --start --at 2030-01-01T10:00', /'--start' cannot be used with/],
  ['campaign create --name N --template T --phones 1 --check --start', /'--check' cannot be used with/],
  ['campaign create --name N --template T --phones 1 --late skip', /--late: expected --at/],
  ['campaign create --name N --template T --phones 1 --hours any --days 1-5', /--hours any: expected none of --days/],
  ['campaign create --name N --template T --phones 1 --hours 9-9', /"9-9"/],
  ['campaign create --name N --template T --phones 1 --timezone Mars --hours 09:00-20:00', /Mars/],
  ['campaign create --name N --template T --phones 1 --all-numbers', /--all-numbers: expected --crm/],
  ['campaign create --name N --template T --phones 1 --sheet S', /--sheet: expected --contacts/],
  [
    'campaign create --name N --template T --phones 1 --waves-until 2030-01-01T10:00',
    /--waves-until: expected --waves/,
  ],
  ['campaign create --name N --template T', /expected an audience/],
  ['campaign rate x 0', /expected a number above 0/],
  ['campaign unknown x', /expected exactly one of/],
  ['campaign unknown x --assume-sent --send-again', /expected exactly one of/],
  ['campaign status x y', /too many arguments/],
  ['report x --from 2026-01-01', /expected either a campaign id or/],
  ['report x --format png --failed --out p.png', /--format png: expected no --failed/],
  ['contacts import f.csv', /expected --list NAME, or --preview/],
  ['suppress list --unnamed --scope all', /'--unnamed' cannot be used with/],
  ['no-such-command', /unknown command 'no-such-command'/],
  ['campaign no-such-command', /unknown command 'no-such-command'/],
])('%s is wrong usage: nothing given is left without effect', async (line, message) => {
  const { stdout: text, stderr: notes, exitCode } = await runHere([...line.split(' '), '--json'], settings);
  expect({ exitCode, notes }).toEqual({ exitCode: 2, notes: expect.stringMatching(message) });
  expect(documentOf(text)).toEqual({ error: { code: expect.any(String), message: expect.any(String) } });
});

test('--version says which it is, as a document too', async () => {
  expect(await runHere(['--version'])).toMatchObject({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  const { stdout: text, exitCode } = await runHere(['--version', '--json']);
  expect({ exitCode, document: documentOf(text) }).toEqual({ exitCode: 0, document: { version } });
});

test('there is a command for everything that is promised', () => {
  expect(LEAVES.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      ...['crm pipelines', 'crm leads', 'crm snapshot', 'phone normalize', 'templates list', 'contacts import'],
      ...['suppress add', 'suppress remove', 'suppress list', 'send', 'campaign create', 'campaign start'],
      ...['campaign pause', 'campaign resume', 'campaign cancel', 'campaign status', 'campaign retry', 'campaign list'],
      ...['campaign wait', 'report', 'replies list', 'import-legacy', 'doctor', 'completion', 'users list'],
    ]),
  );
});
