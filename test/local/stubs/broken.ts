/** A stub of a role that says what is wrong and ends. */
process.stderr.write('the reason is written here\n');
process.exitCode = 3;
