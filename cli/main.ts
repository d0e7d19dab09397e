/** The console tool `bobcofer`: `npm run cli -- …` (design §7). */
import { run } from './run';

// A reader that has seen enough (`… | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

void run({
  words: process.argv.slice(2),
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
}).then((exitCode) => {
  process.exitCode = exitCode;
});
