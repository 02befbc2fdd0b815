import type { JsonSchema } from '../../src/runner/contract.ts';

export const serviceParam: JsonSchema = {
  type: 'string',
  format: 'service',
  description: 'The service; its `x-playbook.edge` says which proxy is in front of it.',
  examples: ['web'],
};

export function containersParam(description: string): JsonSchema {
  return { type: 'array', description, items: { type: 'string' } };
}

export const withinParam: JsonSchema = {
  type: 'string',
  format: 'duration',
  default: '30s',
  description: 'How long requests in progress may take to end; what is left then is counted, said, and let go of.',
};

export const drainOutputs: Record<string, JsonSchema> = {
  requests: { type: 'integer', description: 'Requests in progress when no new ones were given any more.' },
  left: { type: 'integer', description: 'Of them, those that had not ended within the bound.' },
  waited_ms: { type: 'integer', description: 'How long it took until they had ended, in milliseconds.' },
};
