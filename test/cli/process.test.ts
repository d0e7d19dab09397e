/** The console tool as the process that a user starts: exit codes, and what stands on which output. */
import { runProcess } from './harness';

test('--json prints one document and nothing else, exit 0', async () => {
  const { stdout, stderr, exitCode } = await runProcess(['phone', 'normalize', '8 (900) 123-45-67', '--json']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(stdout)).toEqual([
    {
      original: '8 (900) 123-45-67',
      valid: [{ e164: '+79001234567', country: 'RU', mobile: true }],
      invalid: [],
      rejected: [],
    },
  ]);
});

test('wrong usage is exit 2, its message on standard error', async () => {
  const { stdout, stderr, exitCode } = await runProcess(['campaign', 'status', 'x', '--jsn']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/unknown option '--jsn'[^]*--json/);
});

test('wrong settings are all listed, without a stack trace, exit 1', async () => {
  const { stdout, stderr, exitCode } = await runProcess(['campaign', 'list'], {
    MONGODB_URI: 'nonsense',
    TEMPORAL_ADDRESS: 'also nonsense',
    GUPSHUP_SOURCE: '+7 900',
    DEFAULT_COUNTRY: 'Russia',
  });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  for (const name of ['MONGODB_URI', 'TEMPORAL_ADDRESS', 'GUPSHUP_SOURCE', 'GUPSHUP_API_KEY', 'DEFAULT_COUNTRY']) {
    expect(stderr).toMatch(new RegExp(`^  ${name}: `, 'm'));
  }
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('with neither a stack nor settings it says how to get one, exit 1', async () => {
  const { stdout, stderr, exitCode } = await runProcess(['campaign', 'status', 'x', '--json']);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/No stack is running in .*: start it with `npm start`.*TEMPORAL_ADDRESS/);
  expect(JSON.parse(stdout)).toEqual({ error: { code: 'no_stack', message: stderr.trim() } });
});
