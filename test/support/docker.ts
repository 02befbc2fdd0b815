import { execFile } from 'node:child_process';

export type Ended = { code: number; stdout: string; stderr: string };

export type ProgramOptions = { cwd?: string; env?: Record<string, string | undefined>; input?: string };

/** Runs a program to its end, whatever its exit code. */
export function program(file: string, args: readonly string[], options: ProgramOptions = {}): Promise<Ended> {
  const env = Object.fromEntries(
    Object.entries({ ...process.env, ...options.env }).filter((pair) => pair[1] !== undefined),
  );
  return new Promise((resolve, reject) => {
    const child = execFile(
      file,
      [...args],
      { cwd: options.cwd, env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error && typeof error.code === 'string')
          return reject(new Error(`${file}: ${error.message}`, { cause: error }));
        resolve({ code: error ? (child.exitCode ?? 128) : 0, stdout, stderr });
      },
    );
    // A program may end without having read its input.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}

/** The docker CLI; throws with what it said when it fails. Gives its output without the last newline. */
export async function docker(args: readonly string[], options: ProgramOptions = {}): Promise<string> {
  const ended = await program('docker', args, options);
  if (ended.code !== 0) throw new Error(`docker ${args.join(' ')} ended with ${ended.code}: ${ended.stderr.trim()}`);
  return ended.stdout.replace(/\n$/, '');
}

/** The lines of the docker CLI's output, none for no output. */
export async function dockerLines(args: readonly string[], options: ProgramOptions = {}): Promise<string[]> {
  return (await docker(args, options)).split('\n').filter((line) => line !== '');
}
