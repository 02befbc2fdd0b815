import type { JsonSchema } from '../../src/runner/contract.ts';

/** What `watch.http` and `watch.tcp` have in common. */
export const everyParam: JsonSchema = {
  type: 'string',
  format: 'duration',
  default: '5s',
  description: 'How often to try.',
};

export const failingForParam: JsonSchema = {
  type: 'string',
  format: 'duration',
  description: 'How long every try must have failed, without a single good one.',
  examples: ['2m'],
};

export const withinParam: JsonSchema = {
  type: 'string',
  format: 'duration',
  default: '5s',
  description: 'How long one try may take.',
};

export const failingForSample: JsonSchema = {
  type: 'number',
  description: 'For how many seconds every try has failed; 0.0 after one that went well.',
};
