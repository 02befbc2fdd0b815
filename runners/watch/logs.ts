import { defineTrigger } from '../../src/runner/contract.ts';
import { counted, sayDuration } from '../stack/words.ts';
import { limitsOf } from './log-limits.ts';
import type { LogsParams } from './logs-watch.ts';
import { objectToServices, ofServices, servicesParam } from './services.ts';
import { most } from './sliding-window.ts';

/** Bad when too many lines of the logs match, or many more than the old version wrote. */
export const watchLogs = defineTrigger<LogsParams>({
  summary: 'Count lines of the logs that match a pattern, also against what the old version wrote.',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['pattern'],
    properties: {
      pattern: {
        type: 'string',
        format: 'regex',
        minLength: 1,
        description: 'The lines to count: a regular expression (RE2), found anywhere in a line.',
        examples: ['ERROR|FATAL', '(?i)connection (refused|reset)'],
      },
      more_than: {
        type: 'integer',
        minimum: 0,
        maximum: most - 1,
        description: 'More lines than this are bad; left out: 10, or 0 where `over_baseline` is given.',
      },
      within: {
        type: 'string',
        format: 'duration',
        default: '1m',
        description: 'The time in which the lines are counted; it slides along.',
      },
      over_baseline: {
        type: 'string',
        pattern: '^[0-9]+(\\.[0-9]+)?x$',
        description:
          'Only bad if there are also more than so many times the lines that the old version wrote in such a time.',
        examples: ['3x', '1.5x'],
      },
      services: servicesParam,
    },
  },
  examples: [
    { title: 'More than ten errors in a minute', with: { pattern: 'ERROR|FATAL', more_than: 10, within: '1m' } },
    {
      title: 'The database cannot be reached',
      with: { pattern: '(connection|connect).*(refused|reset)', more_than: 5, within: '30s', services: ['api'] },
    },
    { title: 'Three times the errors of the old version', with: { pattern: 'ERROR', over_baseline: '3x' } },
  ],
  sample: {
    type: 'object',
    additionalProperties: false,
    required: ['count', 'baseline'],
    properties: {
      count: { type: 'integer', description: 'How many lines matched within the time that counts.' },
      baseline: {
        type: 'number',
        description: 'How many lines the old version wrote in such a time; 0.0 where it was not measured.',
      },
    },
  },
  say: (params) => {
    const { more_than, times } = limitsOf(params);
    const lines = more_than === 0 ? 'any line' : `more than ${counted(more_than, 'line')}`;
    const of = params.services ? ` of ${ofServices(params.services).trim()}` : '';
    const rate = times === undefined ? '' : `, and over ${times} times as many as before`;
    return `${lines}${of} like ${shortened(params.pattern)} in ${sayDuration(params.within)}${rate}`;
  },
  needs: ({ within }) => within,
  objection: objectToServices,
  baseline: async (params, look) => (await import('./logs-baseline.ts')).logsBefore(params, look),
  async *watch(params, watching) {
    yield* (await import('./logs-watch.ts')).runLogs(params, watching);
  },
});

function shortened(pattern: string): string {
  return pattern.length > 50 ? `${pattern.slice(0, 49)}…` : pattern;
}
