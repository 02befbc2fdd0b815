import type { Scope, ScopeTypes } from '../../src/expression/scope.ts';
import type { JsonSchema } from '../../src/runner/schema.ts';

/** A scope as a small shop stack would give it; `untyped` is data that no schema describes. */
export function sampleScope(changes: Partial<Scope> = {}): Scope {
  return {
    inputs: { tag: '1.10', replicas: 3, ratio: 2, soak: '1m30s', memory: '512m', strict: true, names: ['web', 'api'] },
    facts: {
      stack: {
        project: 'shop',
        services: [
          { name: 'web', health: 'healthy', replicas: 2, load: 1 },
          { name: 'worker', replicas: 1, load: 0.5 },
        ],
        labels: { tier: 'front', constructor: 'x' },
      },
      host: { memory_free: 2_147_483_648 },
    },
    steps: { up: { ok: true, created: 2, untyped: { ready: 'false', count: 200 } } },
    types: SAMPLE_TYPES,
    ...changes,
  };
}

const SERVICE: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    name: { type: 'string' },
    health: { type: 'string', enum: ['starting', 'healthy', 'unhealthy'] },
    replicas: { type: 'integer' },
    load: { type: 'number' },
  },
};

const OUTPUTS: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: { ok: { type: 'boolean' }, created: { type: 'integer' }, untyped: {} },
};

export const SAMPLE_TYPES: ScopeTypes = {
  inputs: {
    type: 'object',
    additionalProperties: false,
    properties: {
      tag: { type: 'string' },
      replicas: { type: 'integer' },
      ratio: { type: 'number' },
      soak: { type: 'string', format: 'duration' },
      memory: { type: 'string', format: 'size' },
      strict: { type: 'boolean' },
      names: { type: 'array', items: { type: 'string' } },
      smoke_url: { type: 'string', format: 'url' },
    },
  },
  facts: {
    stack: {
      type: 'object',
      additionalProperties: false,
      properties: {
        project: { type: 'string' },
        services: { type: 'array', items: SERVICE },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
      },
    },
    host: { type: 'object', properties: { memory_free: { type: 'integer', format: 'size' } } },
  },
  steps: { up: OUTPUTS, pull: OUTPUTS },
};
