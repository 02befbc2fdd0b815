import { dirname } from 'node:path';
import { Refusal } from '../../src/errors.ts';
import type { Look } from '../../src/runner/contract.ts';
import { type ProgramOptions, type ProgramResult, runProgram } from './program.ts';

/** `docker compose`, else `docker-compose`: the program with the arguments that come first, and its version. */
export type ComposeProgram = { file: string; args: string[]; version: string };

/** Finds Compose once per process. */
export function findCompose(look: Look): Promise<ComposeProgram> {
  return look.resources.once('compose program', () => firstThatAnswers(look));
}

/** Runs Compose with the target's own arguments before the given ones. */
export async function runCompose(
  look: Look,
  args: readonly string[],
  options: Partial<ProgramOptions> = {},
): Promise<ProgramResult> {
  const { file, args: first } = await findCompose(look);
  const context = look.target.context === undefined ? [] : ['--context', look.target.context];
  const before = first.length === 0 ? context : [...context, ...first];
  return runProgram(file, [...before, '--ansi', 'never', ...args], {
    cwd: workingFolder(look),
    signal: look.signal,
    ...options,
    env: options.env ?? composeEnvironment(look),
  });
}

/** Where programs are started: a run has all it needs in its rendered file, and goes on when the stack's folder is gone. */
export function workingFolder({ frozen, target }: Look): string {
  return frozen === undefined ? target.directory : dirname(frozen);
}

/** The shell's variables with `target.env` on top. */
export function composeEnvironment(look: Look): Record<string, string> {
  return { ...look.env, ...look.target.env };
}

/** For a rendered file: what would choose other files or another project is taken out. */
export function renderedEnvironment(look: Look): Record<string, string> {
  const env = composeEnvironment(look);
  for (const name of ['COMPOSE_FILE', 'COMPOSE_PROJECT_NAME', 'COMPOSE_PATH_SEPARATOR']) delete env[name];
  return env;
}

async function firstThatAnswers(look: Look): Promise<ComposeProgram> {
  const said: string[] = [];
  for (const candidate of [
    { file: 'docker', args: ['compose'] },
    { file: 'docker-compose', args: [] },
  ]) {
    const version = await askVersion(candidate, look).catch((error: unknown) => {
      look.signal.throwIfAborted();
      said.push(error instanceof Error ? error.message : String(error));
      return undefined;
    });
    if (version !== undefined) return { ...candidate, version };
  }
  throw new Refusal(
    'unavailable',
    'Docker Compose is not here: neither `docker compose` nor `docker-compose` answers.',
    {
      hint: 'Install the Compose plugin (version 2.26 or newer).',
      cause: new Error(said.join(' ')),
    },
  );
}

async function askVersion(candidate: { file: string; args: string[] }, look: Look): Promise<string | undefined> {
  const options = { env: composeEnvironment(look), signal: look.signal, timeout: 20_000, cwd: '/' };
  const result = await runProgram(candidate.file, [...candidate.args, 'version', '--short'], options);
  return /^v?(\d+\.\d+\.\d+)/.exec(result.stdout.trim())?.[1];
}
