import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cli, node24, type PlaybookOptions } from './run-playbook.ts';
import { until } from './until.ts';

/** A command on a real terminal, whose other end is `script` of util-linux. */
export type OnTerminal = {
  /** What the terminal has shown so far. */
  shown(): string;
  /** As if typed: `\u0003` is Ctrl-C. */
  type(keys: string): void;
  /** The connection stands still: what is written to the terminal is read by nobody. */
  stall(): void;
  resume(): void;
  /** The window is closed, or sshd has died: the kernel hangs up on everybody in the session. */
  close(): Promise<void>;
  /** Of the command itself. */
  pid: number;
  ended: Promise<number>;
};

/** Starts the real command line on a terminal of 100 columns, as the leader of the session that the terminal is of. */
export function onTerminal(args: readonly string[], options: PlaybookOptions): Promise<OnTerminal> {
  const stateDir = options.stateDir === undefined ? [] : ['--state-dir', options.stateDir];
  return commandOnTerminal([node24, cli, ...args, ...stateDir], options);
}

/** The same for any command. */
export async function commandOnTerminal(
  argv: readonly string[],
  options: Omit<PlaybookOptions, 'stateDir'>,
): Promise<OnTerminal> {
  const command = argv.map(quoted).join(' ');
  const env = { ...process.env, TERM: 'xterm', NODE_OPTIONS: undefined, SHELL: '/bin/sh', ...options.env };
  const child = spawn('script', ['--quiet', '--return', '--command', `stty cols 100; exec ${command}`, '/dev/null'], {
    cwd: options.cwd,
    env: Object.fromEntries(Object.entries(env).filter((pair) => pair[1] !== undefined)),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    shown += chunk;
  });
  // Nobody reads what is typed once the command has ended.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number>((resolve) => {
    child.once('close', (code) => resolve(code ?? 128));
  });
  return {
    shown: () => shown,
    type: (keys) => void child.stdin.write(keys),
    stall: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
    pid: await pidOf(child),
    ended,
  };
}

async function pidOf(script: ChildProcess): Promise<number> {
  const path = `/proc/${script.pid}/task/${script.pid}/children`;
  return until('the terminal is there', async () => Number((await readFile(path, 'utf8')).trim()) || undefined);
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
