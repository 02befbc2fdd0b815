import type { JsonSchema } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';

/** What `shell.run` takes. */
export const runParams: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  oneOf: [{ required: ['argv'] }, { required: ['script'] }],
  properties: {
    argv: {
      type: 'array',
      items: { type: 'string' },
      prefixItems: [{ type: 'string', minLength: 1, 'x-untainted': true }],
      minItems: 1,
      description: 'The program and its arguments. No shell reads them: each arrives as it stands.',
    },
    script: {
      type: 'string',
      minLength: 1,
      'x-template': false,
      description: 'Lines for /bin/sh, which stops at the first one that fails. Data comes in through `env`.',
    },
    env: {
      type: 'object',
      additionalProperties: { type: 'string', 'x-secret': true },
      propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$', title: 'the name of a variable' },
      description: 'Variables on top of those playbook was started with; a value may be a secret.',
    },
    cwd: {
      type: 'string',
      format: 'path',
      'x-untainted': true,
      description: "The folder to run in, from the stack's folder on; left out: the stack's folder.",
    },
    ok_exit: {
      type: 'array',
      items: { type: 'integer', minimum: 0, maximum: 255 },
      minItems: 1,
      default: [0],
      description: 'Exit codes that count as done.',
    },
  },
};

/** What it gives. */
export const runOutputs: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['exit_code', 'stdout_tail', 'stderr_tail', 'took_ms', 'say'],
  properties: {
    exit_code: { type: 'integer', description: 'The exit code of the command.' },
    stdout_tail: { type: 'string', description: 'The last 8 kB that it printed.' },
    stderr_tail: { type: 'string', description: 'The last 8 kB that it printed as errors.' },
    took_ms: { type: 'integer', description: 'How long it took, in milliseconds.' },
    say: sayOutput,
  },
};
