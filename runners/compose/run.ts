import { defineAction } from '../../src/runner/contract.ts';
import type { RunReceipt } from './one-off.ts';
import type { RunOutputs, RunParams } from './run-once.ts';
import { runOutputs, runParams } from './run-schema.ts';

/** `compose.run`: one command in a container of its own, made like those of a service; it is gone afterwards. */
export const composeRun = defineAction<RunParams, RunReceipt, RunOutputs>({
  summary: 'Run one command in a new container of a service, and wait for it to end.',
  params: runParams,
  examples: [
    { title: 'A command', with: { service: 'api', argv: ['./manage', 'migrate'] } },
    { title: 'With a secret', with: { service: 'api', argv: ['./seed'], env: { TOKEN: { secret: 'seed_token' } } } },
  ],
  effect: 'probed',
  outputs: runOutputs,
  timeout: '10m',
  plan: async (params, look) => (await import('./run-once.ts')).planOnce(params, look),
  run: async (params, context) => (await import('./run-once.ts')).runOnce(params, context),
  probe: async (receipt, look) => (await import('./one-off.ts')).probeOneOff(receipt, look),
  settle: async ({ container }, context) => {
    await (await import('./one-off.ts')).removeOneOff(container, context);
    return undefined;
  },
  undo: { impossible: 'a command can do anything; give the step an `undo` or a `probe`' },
});
