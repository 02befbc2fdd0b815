import { readFile } from 'node:fs/promises';
import { Problems, Refusal, StepFailure } from '../../src/errors.ts';
import type { Context, Look } from '../../src/runner/contract.ts';
import { composeFiles, readComposeFiles } from './compose-files.ts';
import { impossibleNames } from './compose-names.ts';
import { composeProblem } from './compose-problem.ts';
import { composeEnvironment, findCompose, renderedEnvironment, runCompose, workingFolder } from './compose-program.ts';
import type { ComposeChanger, ComposeModel, ComposeReader, OneOffOptions } from './compose-types.ts';
import { type ProgramResult, runProgram } from './program.ts';
import { registryFailure } from './registry-digest.ts';
import { inItsPlace } from './shadow.ts';
import { unescaped } from './unescaped.ts';

/** The calls of Compose that change nothing. */
export async function composeReader(look: Look): Promise<ComposeReader> {
  return {
    version: async () => (await findCompose(look)).version,
    async config() {
      const text = await render(look, ['config', '--format', 'json']);
      const model = JSON.parse(text) as ComposeModel;
      if (impossibleNames(model, []).length === 0) return { text, model };
      throw new Problems(impossibleNames(model, await readComposeFiles(await composeFiles(look))));
    },
    configYaml: () => render(look, ['config']),
    async hashes(renderedText) {
      // Nothing is left to resolve: an env file that is gone by now must not stop an undo.
      const nothing = Object.create(look, { target: { value: { ...look.target, env_files: ['/dev/null'] } } }) as Look;
      const args = [...renderedArguments(nothing, '-', renderedText), 'config', '--hash', '*'];
      const result = await runCompose(look, args, { stdin: renderedText, env: renderedEnvironment(look) });
      if (result.exitCode !== 0) throw failed('docker compose config --hash', result);
      return Object.fromEntries(lines(result.stdout).map((line) => line.split(/\s+/, 2) as [string, string]));
    },
    async variables() {
      if (look.frozen !== undefined) return [];
      const table = lines(await render(look, ['config', '--variables']));
      return table.slice(1).map((line) => line.split(/\s+/, 1)[0] ?? '');
    },
    async unset() {
      if (look.frozen !== undefined) return [];
      if (unsetNames(look).rendered === 0) await render(look, ['config', '--quiet']);
      return [...unsetNames(look).names].sort();
    },
    async values(names) {
      // A container would get the value of what is only named: so Compose tells it, in its own words about `.env`.
      const service = { image: 'none', environment: names };
      const text = JSON.stringify({ name: 'values', services: { values: service } });
      const args = [...renderedArguments(look, '-', text), 'config', '--format', 'json'];
      const result = await runCompose(look, args, { stdin: text, env: renderedEnvironment(look) });
      if (result.exitCode !== 0) throw failed('docker compose config', result);
      const { values } = (JSON.parse(result.stdout) as ComposeModel).services;
      const found = Object.entries(values?.environment ?? {});
      return Object.fromEntries(found.flatMap(([name, value]) => (value === null ? [] : [[name, unescaped(value)]])));
    },
    files: async () => (await readComposeFiles(await composeFiles(look))).map(({ file }) => file),
  };
}

/**
 * The calls of Compose, and the docker CLI's own, that change the world. Names stand behind `--`: Compose takes a service
 * called `--help` or `--remove-orphans` as a valid one.
 */
export async function composeChanger(context: Context): Promise<ComposeChanger> {
  const { look } = context;
  const inRendered = async (file: string, args: readonly string[], { env, onLine }: OneOffOptions) => {
    const text = await readFile(file, 'utf8');
    return runCompose(look, ['--progress', 'plain', ...renderedArguments(look, file, text), ...args], {
      env: { ...renderedEnvironment(look), ...env },
      signal: context.signal,
      onLine,
    });
  };
  const mustSucceed = async (file: string, args: readonly string[], options: OneOffOptions) => {
    const result = await inRendered(file, args, options);
    if (result.exitCode !== 0) throw failed(`docker compose ${args[0] ?? ''}`, result);
  };
  const docker = async (args: readonly string[], onLine?: (line: string) => void) => {
    const before = look.target.context === undefined ? [] : ['--context', look.target.context];
    return runProgram('docker', [...before, ...args], {
      env: composeEnvironment(look),
      cwd: workingFolder(look),
      signal: context.signal,
      ...(onLine && { onLine }),
    });
  };

  return {
    ...(await composeReader(look)),
    async create(renderedFile, scale, services) {
      const scales = Object.entries(scale).flatMap(([service, count]) => ['--scale', `${service}=${count}`]);
      const args = ['create', '--no-build', '--pull', 'never', '--no-recreate', ...scales, '--', ...services];
      const onLine = (line: string) => {
        if (!nothingNew.test(line)) context.log(line);
      };
      await mustSucceed(renderedFile, args, { env: {}, onLine });
    },
    run: (renderedFile, args, options) => inRendered(renderedFile, ['run', ...args], options),
    // An attestation has the time in it: with it no two builds of the same files would give the same image.
    build: (renderedFile, services, onLine) =>
      mustSucceed(renderedFile, ['build', '--', ...services], { env: { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' }, onLine }),
    async pull(reference, onLine, platform) {
      const wanted = platform === undefined ? [] : ['--platform', platform];
      const result = await docker(['pull', ...wanted, '--', reference], onLine);
      if (result.exitCode !== 0) throw registryFailure(reference, result.lastLine, undefined);
    },
    async docker(args, onLine) {
      const result = await docker(args, onLine);
      if (result.exitCode !== 0) throw failed(`docker ${args[0] ?? ''}`, result);
      return result.stdout;
    },
  };
}

/**
 * The first of two lines about each thing, and what it says of containers: those that it leaves alone are `Created` too,
 * and what no service has is told of by the plan.
 */
const nothingNew = /^ *Container | (Running|Creating)$|Found orphan containers/;

/** Renders the user's files, or reads the run's frozen one again. */
async function render(look: Look, args: readonly string[]): Promise<string> {
  if (look.frozen !== undefined) {
    const text = await readFile(look.frozen, 'utf8');
    const all = [...renderedArguments(look, look.frozen, text), ...args];
    const result = await runCompose(look, all, { env: renderedEnvironment(look) });
    if (result.exitCode !== 0) throw failed('docker compose config', result);
    return result.stdout;
  }
  const files = await composeFiles(look);
  const result = await runCompose(look, [...targetArguments(look), ...args]);
  if (result.exitCode === 0) {
    noteUnset(look, result.lines);
    return inItsPlace(look, result.stdout);
  }
  if (result.exitCode >= 126) throw new Refusal('unavailable', `docker compose config failed: ${result.lastLine}`);
  throw new Problems([composeProblem(result.lines.join('\n'), await readComposeFiles(files))]);
}

/** Every rendering warns of variables without a value: what one of them said need not be asked for again. */
function unsetNames(look: Look): { rendered: number; names: Set<string> } {
  return look.resources.once('compose unset variables', () => ({ rendered: 0, names: new Set<string>() }));
}

function noteUnset(look: Look, said: readonly string[]): void {
  const unset = unsetNames(look);
  unset.rendered += 1;
  for (const line of said) {
    const name = /The \\?"(\w+)\\?" variable is not set/.exec(line)?.[1];
    if (name !== undefined) unset.names.add(name);
  }
}

/** The target's own words, as on Compose's command line. Without files Compose looks them up from the stack's folder. */
function targetArguments(look: Look): string[] {
  const { project, directory, files } = look.target;
  return [
    ...(files.length > 0 ? ['--project-directory', directory, ...files.flatMap((file) => ['-f', file])] : []),
    ...(project === undefined ? [] : ['-p', project]),
    ...sharedArguments(look),
  ];
}

/** A rendered file holds absolute paths and no variables; the name is repeated, for a variable could override it. */
function renderedArguments(look: Look, file: string, text: string): string[] {
  const { name } = JSON.parse(text) as ComposeModel;
  return ['--project-directory', look.target.directory, '-f', file, '-p', name, ...sharedArguments(look)];
}

function sharedArguments(look: Look): string[] {
  const { env_files, profiles } = look.target;
  return [
    ...env_files.flatMap((file) => ['--env-file', file]),
    ...profiles.flatMap((profile) => ['--profile', profile]),
  ];
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

function failed(what: string, result: ProgramResult): StepFailure {
  return new StepFailure(`${what} failed: ${result.lastLine}`, {
    class: /port is already allocated|address already in use/i.test(result.lines.join('\n')) ? 'conflict' : 'exit',
    lines: result.lines.slice(-20),
  });
}
