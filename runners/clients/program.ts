import type { Readable } from 'node:stream';
import { Refusal } from '../../src/errors.ts';
import { plainText } from '../../src/runner/plain-text.ts';
import { eachLine, LONGEST_LINE } from './each-line.ts';
import { maskOutput } from './mask-output.ts';
import { stopPrograms } from './stop-programs.ts';

export type ProgramOptions = {
  env: Readonly<Record<string, string>>;
  signal: AbortSignal;
  cwd?: string;
  stdin?: string;
  /** Milliseconds after which the program is ended. */
  timeout?: number;
  onLine?: (line: string) => void;
};

export type ProgramResult = {
  exitCode: number;
  /** Empty where lines are told as they come. */
  stdout: string;
  /** The last lines of both streams, masked and without escape sequences. */
  lines: string[];
  lastLine: string;
  timedOut: boolean;
};

/**
 * Runs a program with an argument list and exactly the given environment; there is no shell.
 * Rejects only where it could not be started or was cancelled; a failing exit code is a result.
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  options.signal.throwIfAborted();
  const { execa } = await import('execa');
  const tail: string[] = [];
  const child = execa(file, args, {
    env: { ...options.env },
    extendEnv: false,
    // In a process group of its own: a Ctrl-C or a lost terminal is for us, and we say what follows.
    detached: true,
    reject: false,
    // Lines that are told as they come are not kept: what writes more than any limit is no reason to end it.
    ...(options.onLine ? { buffer: false as const } : { maxBuffer: 64 * 1024 * 1024 }),
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...(options.stdin !== undefined ? { input: options.stdin } : { stdin: 'ignore' as const }),
    stderr: 'pipe',
  });
  const late = options.timeout === undefined ? undefined : AbortSignal.timeout(options.timeout);
  const ending = endOn(late ? AbortSignal.any([options.signal, late]) : options.signal, child);
  const note = (raw: string) => {
    // A progress bar writes over its line again and again.
    for (const said of plainText(raw.slice(0, LONGEST_LINE)).split('\n')) {
      const line = maskOutput(said.trimEnd(), options.env);
      if (line === '') continue;
      tail.push(line);
      if (tail.length > 40) tail.shift();
      options.onLine?.(line);
    }
  };
  const watching = options.onLine ? [child.stdout, child.stderr].map((stream) => stream && eachLine(stream, note)) : [];
  const result = await child;
  await Promise.all(watching);
  const stopped = await ending();
  if (stopped) options.signal.throwIfAborted();
  if (result.exitCode === undefined && result.code !== undefined) throw notStarted(file, result.code, result.cause);
  const stdout = typeof result.stdout === 'string' ? result.stdout : '';
  const stderr = typeof result.stderr === 'string' ? result.stderr : '';
  if (!options.onLine) for (const line of (stderr || stdout).split('\n').slice(-40)) note(line);
  return {
    exitCode: result.exitCode ?? 128,
    stdout,
    lines: tail,
    lastLine: tail.at(-1) ?? `it ended with exit code ${result.exitCode ?? 'unknown'}`,
    timedOut: stopped,
  };
}

type Child = {
  pid?: number;
  stdout: Readable | null;
  stderr: Readable | null;
  nodeChildProcess: { once(event: 'exit', listener: () => void): unknown };
};

/**
 * Ends the program and all of its group on this signal: `docker` is only the front of `docker compose`, and may itself be
 * a script in front of something. The result says, once the program has ended, whether it was told to.
 */
function endOn(signal: AbortSignal, child: Child): () => Promise<boolean> {
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping = stopPrograms(child.pid);
    // What has left the group may hold the output open for ever.
    void stopping.then(() => [child.stdout, child.stderr].forEach((stream) => void stream?.destroy()));
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  child.nodeChildProcess.once('exit', () => signal.removeEventListener('abort', stop));
  return async () => {
    await stopping;
    return stopping !== undefined;
  };
}

/** Loads what starting a program needs, so that the first one starts at once. */
export async function loadPrograms(): Promise<void> {
  await import('execa');
}

function notStarted(file: string, code: string, cause: unknown): Refusal {
  const because = code === 'ENOENT' ? 'it is not installed, or not on the PATH' : code;
  return new Refusal('unavailable', `The program ${file} could not be started: ${because}.`, { cause });
}
