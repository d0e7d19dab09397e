// What a fresh clone runs first: plain Node, no dependencies. Checks Node, installs the dependencies when they are
// missing, then runs the command: start, demo, bench, chaos, soak, rehearse (TypeScript scripts) or test (jest).
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** As in package.json (engines): from 20.19 on, Node can require() what the dependencies ship. */
const NODE_AT_LEAST = [20, 19];
const STILL_EVERY_MS = 5_000;
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

// Data, logs and keys of the local instance are for nobody else on this machine.
if (process.argv[2] !== 'test') process.umask(0o077);
const [command = '', ...args] = process.argv.slice(2);
checkNode();
if (!dependenciesMatch()) await installDependencies();
process.exit(await run(process.execPath, commandLine(command, args)));

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > NODE_AT_LEAST[0] || (major === NODE_AT_LEAST[0] && minor >= NODE_AT_LEAST[1])) return;
  fail(
    `Node ${NODE_AT_LEAST.join('.')} or newer is needed, this is ${process.versions.node}. ` +
      'Install it from https://nodejs.org or with `nvm install`.',
  );
}

/** Whether what is installed is what package-lock.json says; npm records what it installed in node_modules. */
function dependenciesMatch() {
  const wanted = readPackages(join(ROOT, 'package-lock.json'));
  const installed = readPackages(join(ROOT, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted ?? {}).every(
    ([path, { version, optional, devOptional }]) =>
      path === '' || optional || devOptional || installed?.[path]?.version === version,
  );
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

async function installDependencies() {
  const startedAt = Date.now();
  const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`.padStart(6);
  console.error(`${seconds()}  Installing the dependencies (npm ci)…`);
  const timer = setInterval(() => console.error(`${seconds()}  still installing the dependencies…`), STILL_EVERY_MS);
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  clearInterval(timer);
  if (code !== 0) fail(`npm ci failed (exit code ${code}); its own message is above. Is a package registry reachable?`);
  console.error(`${seconds()}  The dependencies are installed.`);
}

function commandLine(name, rest) {
  const script = (file) => [
    '--import',
    pathToFileURL(join(ROOT, 'node_modules/tsx/dist/loader.mjs')).href,
    join(ROOT, file),
    ...rest,
  ];
  const known = {
    start: () => script('local/start.ts'),
    demo: () => script('local/demo.ts'),
    bench: () => script('bench/main.ts'),
    chaos: () => script('chaos/main.ts'),
    soak: () => script('chaos/soak/main.ts'),
    rehearse: () => script('local/rehearse.ts'),
    test: () => [join(ROOT, 'node_modules/jest/bin/jest.js'), ...rest],
  };
  return known[name]?.() ?? fail(`Unknown command "${name}": expected one of ${Object.keys(known).join(', ')}.`, 2);
}

/** Runs it with our terminal, hands on the signals, resolves with its exit code. */
function run(program, programArgs) {
  const child = spawn(program, programArgs, { cwd: ROOT, stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const handOn = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, handOn);
  return new Promise((resolve) => {
    child.on('error', (error) => fail(`Cannot run ${program}: ${error.message}`));
    child.on('exit', (code, signal) => {
      for (const name of signals) process.off(name, handOn);
      resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : 15));
    });
  });
}

function fail(message, code = 1) {
  console.error(message);
  process.exit(code);
}
