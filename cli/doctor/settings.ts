/** `doctor`'s findings about settings: which are set and where, never a value. */
import type { ExaminedSettings } from '../../config/settings';
import { SETTING_NAMES } from '../../config/settings-schema';
import type { Finding } from './check';

/** One finding for each wrong or missing setting, and one for all that are set. */
export function settingsFindings({ problems, sources }: ExaminedSettings, home: string): Finding[] {
  const set = Object.keys(sources);
  const missing = problems.filter(({ problem }) => problem === 'is missing').length;
  const nothingRuns = missing > 0 && !Object.values(sources).includes('stack.json');
  const found: Finding[] = problems.map(({ name, problem }) => ({
    check: `Setting ${name}`,
    level: 'problem',
    detail: problem,
  }));
  const from = [...new Set(Object.values(sources))].map(
    (place) => `${set.filter((name) => sources[name] === place).length} in ${PLACES[place]}`,
  );
  const detail = `${set.length} of ${SETTING_NAMES.length} set${from.length > 0 ? `: ${from.join(', ')}` : ''}`;
  return [
    {
      check: 'Settings',
      level: problems.length === 0 ? 'ok' : 'problem',
      detail: problems.length === 0 ? detail : `${detail}; ${problems.length} wrong or missing, see below`,
      ...(problems.length > 0 && { advice: '.env.example explains each.' }),
      ...(nothingRuns && {
        advice: `No stack is running in ${home}: \`npm start\` provides what is missing. .env.example explains each setting.`,
      }),
    },
    ...found,
  ];
}

const PLACES = { environment: 'the environment', '.env': '.env', 'stack.json': 'the running stack' };
