import { resolve } from 'node:path';
import { StepFailure } from '../../src/errors.ts';
import type { Change, RunContext, SecretRef } from '../../src/runner/contract.ts';
import { readyValues } from '../../src/runner/ready-values.ts';
import { sayDuration } from '../stack/words.ts';
import { runCommand } from './command.ts';

export type ShellParams = {
  /** One of the two. */
  argv?: string[];
  script?: string;
  env?: Record<string, string | SecretRef>;
  cwd?: string;
  ok_exit: number[];
};

/** What is left of a command: that it was started, and in which folder. Values of its environment stay out. */
export type ShellReceipt = { argv: string[]; cwd: string };

export type ShellOutputs = {
  exit_code: number;
  stdout_tail: string;
  stderr_tail: string;
  took_ms: number;
  say: string;
};

/** The command as it will be started, or the first line of the script. */
export function planCommand(params: ShellParams): Change[] {
  const target = params.script === undefined ? (params.argv ?? []).join(' ') : firstLine(params.script);
  return [{ verb: 'execute', target, because: ['the playbook says so'], certainty: 'certain' }];
}

export async function runShell(params: ShellParams, context: RunContext<ShellReceipt>): Promise<ShellOutputs> {
  const argv = commandLine(params);
  const cwd = resolve(context.look.target.directory, params.cwd ?? '.');
  const env = { ...context.look.env, ...(await readyValues(params.env ?? {}, context)) };
  await context.record({ argv, cwd });
  const started = context.clock.now();
  const ended = await runCommand({ argv, cwd, env, signal: context.signal, onLine: (line) => context.log(line) });
  const took_ms = context.clock.now() - started;
  const what = params.script === undefined ? (params.argv?.[0] ?? '') : 'the script';
  if (ended.stopped) {
    const message = `${what} was stopped after ${sayDuration(took_ms)}, with all that it had started`;
    throw new StepFailure(message, { class: 'timeout', lines: ended.lines });
  }
  if (!params.ok_exit.includes(ended.exit_code)) throw wrongExit(what, params, ended);
  const { exit_code, stdout_tail, stderr_tail } = ended;
  return { exit_code, stdout_tail, stderr_tail, took_ms, say: `${what} ended with exit code ${exit_code}` };
}

/** Data never gets into the script's text: it comes in through the environment, where no shell reads it as code (F84). */
function commandLine(params: ShellParams): string[] {
  return params.script === undefined ? (params.argv ?? []) : ['/bin/sh', '-eu', '-c', params.script];
}

function wrongExit(
  what: string,
  params: ShellParams,
  ended: { exit_code: number; lines: string[]; signal?: string },
): StepFailure {
  const how = ended.signal === undefined ? `ended with exit code ${ended.exit_code}` : `was killed by ${ended.signal}`;
  const last = ended.lines.at(-1);
  const allowed =
    params.ok_exit.length === 1 && params.ok_exit[0] === 0 ? '' : `, allowed: ${params.ok_exit.join(', ')}`;
  return new StepFailure(`${what} ${how}${allowed}${last === undefined ? '' : `: ${last}`}`, {
    class: 'exit',
    lines: ended.lines,
  });
}

function firstLine(script: string): string {
  const lines = script.split('\n').filter((line) => line.trim() !== '');
  return `script: ${lines[0] ?? ''}${lines.length > 1 ? ' …' : ''}`;
}
