import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './images.ts';

export type PlaybookOptions = { cwd: string; stateDir?: string; env?: Record<string, string | undefined> };

export type PlaybookRun = {
  code: number;
  stdout: string;
  stderr: string;
  json(): unknown;
  lines(): Record<string, unknown>[];
};

/** Node 24 of the dependencies, whatever runs the tests. */
export const node24 = join(root, 'node_modules/node/bin/node');
export const cli = join(root, 'bin/playbook.js');

/** Runs the real command line to its end. `json` is its stdout as one value, `lines` as one JSON event per line. */
export async function runPlaybook(args: readonly string[], options: PlaybookOptions): Promise<PlaybookRun> {
  const started = startPlaybook(args, options);
  const { code, stdout, stderr } = await started.ended;
  return {
    code,
    stdout,
    stderr,
    json: () => JSON.parse(stdout),
    lines: () =>
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

export type StartedPlaybook = {
  child: ChildProcess;
  /** What it has printed so far. */
  output(): { stdout: string; stderr: string };
  ended: Promise<{ code: number; stdout: string; stderr: string }>;
};

/** Starts the real command line and lets it run, for tests that meet it half-way. */
export function startPlaybook(args: readonly string[], options: PlaybookOptions): StartedPlaybook {
  const stateDir = options.stateDir === undefined ? [] : ['--state-dir', options.stateDir];
  const env = { ...process.env, NO_COLOR: '1', NODE_OPTIONS: undefined, ...options.env };
  const child = spawn(node24, [cli, ...args, ...stateDir], {
    cwd: options.cwd,
    env: Object.fromEntries(Object.entries(env).filter((pair) => pair[1] !== undefined)),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    output.stderr += chunk;
  });
  const ended = new Promise<{ code: number; stdout: string; stderr: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 128, ...output }));
  });
  return { child, output: () => ({ ...output }), ended };
}
