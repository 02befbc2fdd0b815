import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { StepFailure } from '../../src/errors.ts';
import { plainText } from '../../src/runner/plain-text.ts';
import { eachLine } from '../clients/each-line.ts';
import { maskOutput } from '../clients/mask-output.ts';
import { COMMAND_MARK, newCommandMark, stopPrograms } from '../clients/stop-programs.ts';

export type Command = {
  argv: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  signal: AbortSignal;
  onLine: (line: string) => void;
};

export type Ended = {
  exit_code: number;
  /** The signal that killed it, where one did. */
  signal?: string;
  /** It was told to stop, for its time was over or the run was cancelled. */
  stopped: boolean;
  stdout_tail: string;
  stderr_tail: string;
  /** The last lines of both. */
  lines: string[];
};

const tailBytes = 8 * 1024;

/**
 * Runs a command in a process group of its own; when it is told to stop, everything it started is stopped with it, also
 * what has left the group or its session.
 */
export async function runCommand({ argv, cwd, env, signal, onLine }: Command): Promise<Ended> {
  signal.throwIfAborted();
  const { execa } = await import('execa');
  const [file = '', ...args] = argv;
  const mark = newCommandMark();
  const child = execa(file, args, {
    cwd,
    env: { ...env, [COMMAND_MARK]: mark },
    extendEnv: false,
    stdin: 'ignore',
    buffer: false,
    reject: false,
    detached: true,
    preferLocal: false,
  });
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping = stopPrograms(child.pid, mark);
  };
  signal.addEventListener('abort', stop, { once: true });
  const tails = { stdout: '', stderr: '' };
  const lines: string[] = [];
  const note = (name: keyof typeof tails) => (raw: string) => {
    const line = maskOutput(plainText(raw).trimEnd(), env);
    tails[name] = lastOf(`${tails[name]}${line}\n`);
    lines.push(line);
    if (lines.length > 20) lines.shift();
    onLine(line);
  };
  const read = [eachLine(child.stdout, note('stdout')), eachLine(child.stderr, note('stderr'))];
  child.nodeChildProcess.once('exit', () => void letGo([child.stdout, child.stderr]));
  const result = await child;
  await Promise.all(read);
  signal.removeEventListener('abort', stop);
  await stopping;
  if (result.exitCode === undefined && result.signal === undefined) throw notStarted(file, cwd, result.cause);
  return {
    exit_code: result.exitCode ?? 128,
    ...(result.signal !== undefined && { signal: result.signal }),
    stopped: signal.aborted,
    stdout_tail: tails.stdout,
    stderr_tail: tails.stderr,
    lines,
  };
}

/** Whole lines where there are some: of a secret that was cut in two, what is left would not be known for one. */
function lastOf(text: string): string {
  const last = text.slice(-tailBytes);
  const whole = text.length > tailBytes ? last.slice(last.indexOf('\n') + 1) : last;
  return whole === '' ? last : whole;
}

/** What a command left running in the background may hold its output open for ever. */
async function letGo(streams: readonly Readable[]): Promise<void> {
  await pause(500, undefined, { ref: false });
  for (const stream of streams) stream.destroy();
}

function notStarted(file: string, cwd: string, cause: unknown): StepFailure {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const why = code === 'ENOENT' ? `there is no such program, or no folder ${cwd}` : code || String(cause);
  return new StepFailure(`${file} could not be started: ${why}`, { class: 'not-found', cause });
}
