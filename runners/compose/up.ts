import { defineAction, type JsonSchema, type RunContext } from '../../src/runner/contract.ts';
import { sayOutput } from '../../src/runner/say.ts';
import type { MakeReceipt } from '../stack/make/receipts.ts';
import type { UpParams } from './up-plan.ts';
import type { UpOutputs } from './up-run.ts';

const params: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    services: {
      type: 'array',
      description: 'Only these services and what they need; left out or empty: all of them.',
      items: { type: 'string', format: 'service' },
      examples: [['web']],
    },
    orphans: {
      enum: ['keep', 'remove'],
      description: 'What to do with containers of the project whose service the files do not have.',
      default: 'keep',
    },
    jobs: {
      enum: ['run', 'keep'],
      description:
        'Whether a job whose container is made or changed is run; `keep` puts its container back without starting it, as a rollback does.',
      default: 'run',
    },
  },
};

const names = (description: string): JsonSchema => ({ type: 'array', description, items: { type: 'string' } });

const outputs: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['changed', 'created', 'replaced', 'started', 'removed', 'jobs', 'irreversible', 'say'],
  properties: {
    changed: { type: 'boolean', description: 'Whether anything was done.' },
    created: names('Services that got containers they did not have.'),
    replaced: names('Services whose containers were replaced.'),
    started: names('Services whose stopped containers were started.'),
    removed: names('Services with surplus containers, and orphans: stopped, and removed once there is no way back.'),
    jobs: {
      type: 'object',
      description: 'Exit codes of the jobs that ran.',
      additionalProperties: { type: 'integer' },
    },
    irreversible: names('What of it no way back takes back: the jobs that ran, one sentence each.'),
    say: sayOutput,
  },
};

/** Brings the stack to what its files want, so that all of it can come back. */
export const up = defineAction<UpParams, MakeReceipt, UpOutputs>({
  summary: 'Create, replace and start what differs from the Compose files, in the order of dependency; run the jobs.',
  params,
  examples: [
    { title: 'The whole stack', with: {} },
    { title: 'One service and what it needs', with: { services: ['web'] } },
    { title: 'Take away what the files no longer have', with: { orphans: 'remove' } },
  ],
  effect: 'convergent',
  outputs,
  timeout: '15m',
  plan: async (params, look, earlier) => (await import('./up-plan.ts')).planUp(params, look, earlier),
  run: loadAndRun,
  undo: async (receipt, context) => (await import('../stack/make/take-back.ts')).undoMade(receipt, context),
  settle: async (receipt, context) => (await import('../stack/make/take-back.ts')).settleMade(receipt, context),
});

/** The way back is loaded before the first change: the package's files may be gone or others by the time it is needed. */
async function loadAndRun(params: UpParams, context: RunContext<MakeReceipt>): Promise<UpOutputs> {
  const [{ runUp }] = await Promise.all([import('./up-run.ts'), import('../stack/make/take-back.ts')]);
  return runUp(params, context);
}
