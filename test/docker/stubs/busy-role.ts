/** A role that computes when its SIGTERM comes, and ends in order once it can listen. */
process.once('SIGTERM', () => {
  process.stdout.write('handled\n');
  process.exit(0);
});
process.stdout.write('busy\n');
// Longer than a wrapper between us and the signal would wait for an answer.
for (const until = Date.now() + 1_000; Date.now() < until;);
setTimeout(() => process.exit(1), 30_000);
