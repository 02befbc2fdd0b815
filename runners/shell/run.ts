import { defineAction } from '../../src/runner/contract.ts';
import type { ShellOutputs, ShellParams, ShellReceipt } from './run-command.ts';
import { runOutputs, runParams } from './schema.ts';

/** Runs a command of the user's. Nothing is known of what it does, so it is never repeated unasked. */
export const shellRun = defineAction<ShellParams, ShellReceipt, ShellOutputs>({
  summary: 'Run a command or a short script on this machine.',
  params: runParams,
  examples: [
    { title: 'A program with its arguments', with: { argv: ['./scripts/warm-up.sh', '--all'], ok_exit: [0, 3] } },
    {
      title: 'A script; data comes in through its environment',
      with: {
        script: 'tar -czf "$FILE" data\nsha256sum "$FILE"\n',
        env: { FILE: '/tmp/data.tgz', TOKEN: { secret: 'token' } },
        cwd: 'backup',
      },
    },
  ],
  effect: 'opaque',
  outputs: runOutputs,
  timeout: '10m',
  plan: async (params) => (await import('./run-command.ts')).planCommand(params),
  run: async (params, context) => (await import('./run-command.ts')).runShell(params, context),
  undo: { impossible: 'a command can do anything; give the step an `undo` or a `probe`' },
});
