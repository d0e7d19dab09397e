/** `doctor`: checks everything a campaign needs and says what to do about problems. */
import { styleText } from 'node:util';
import type { Command } from 'commander';
import type { Answer, CommandContext } from '../answer';
import type { Finding, Level } from '../doctor/check';
import { borrowed } from '../borrowed';
import { sentence } from '../speech';
import { renderTable } from '../table';

const COLOURS: Record<Level, 'green' | 'yellow' | 'red'> = { ok: 'green', warning: 'yellow', problem: 'red' };

export function addDoctor(program: Command, { terminal, environment, action }: CommandContext): void {
  program
    .command('doctor')
    .description('check the services, settings, versions, queues and webhooks; exit 1 if there is a problem')
    .addHelpText('after', '\nExample:\n  bobcofer doctor')
    .action(
      action(async (): Promise<Answer> => {
        const { diagnose } = await import('../doctor/diagnose');
        const { findings, settings } = await diagnose(environment);
        const counts = (level: Level): number => findings.filter((finding) => finding.level === level).length;
        const [problems, warnings] = [counts('problem'), counts('warning')];
        return {
          json: { ok: problems === 0, problems, warnings, checks: findings, settings },
          text: table(findings),
          ...(problems > 0 && {
            failure: sentence('Problems: {{problems}}, warnings: {{warnings}}.', { problems, warnings }),
          }),
        };
      }),
    );

  function table(findings: Finding[]): string {
    const said = (text: string): string => borrowed(text, terminal.speech);
    const paint = (level: Level): string => (terminal.colours ? styleText(COLOURS[level], said(level)) : said(level));
    return renderTable(
      [
        { head: 'CHECK', cell: ({ check }) => said(check) },
        { head: 'STATE', cell: ({ level }) => paint(level) },
        {
          head: 'FINDING AND ADVICE',
          cell: ({ detail, advice, runbook }) =>
            [said(detail), ...(advice ? [`→ ${said(advice)}`] : []), ...(runbook ? [`  ${runbook}`] : [])].join('\n'),
          flexible: true,
        },
      ],
      findings,
      { ...terminal, empty: '' },
    );
  }
}
