import type { JsonSchema } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';

/** What `compose.run` takes. */
export const runParams: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['service'],
  properties: {
    service: { type: 'string', format: 'service', description: 'The service whose image and configuration it gets.' },
    argv: {
      type: 'array',
      items: { type: 'string' },
      minItems: 1,
      description: "The command and its arguments. No shell reads them. Left out: the service's own command.",
    },
    env: {
      type: 'object',
      additionalProperties: { type: 'string', 'x-secret': true },
      description: "Variables on top of the service's; a value may be a secret.",
    },
    user: { type: 'string', minLength: 1, description: 'The user it runs as.', examples: ['1000:1000'] },
    working_dir: {
      type: 'string',
      minLength: 1,
      'x-untainted': true,
      description: 'The folder inside the container.',
      examples: ['/app'],
    },
  },
};

/** What it gives. */
export const runOutputs: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['exit_code', 'output', 'took_ms', 'say'],
  properties: {
    exit_code: { type: 'integer', description: 'The exit code: 0, for any other one is a failure.' },
    output: { type: 'string', description: 'The last 40 lines that it printed.' },
    took_ms: { type: 'integer', description: 'How long it took, in milliseconds.' },
    say: sayOutput,
  },
};
