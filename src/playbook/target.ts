import { dirname, resolve } from 'node:path';
import { type Problem, Problems } from '../errors.ts';
import type { Scope } from '../expression/scope.ts';
import type { Target } from '../runner/contract.ts';
import { TARGET } from './envelope.ts';
import { renderValue } from './render-value.ts';
import { checkShape } from './shape.ts';
import type { Playbook } from './types.ts';

/** What the command line says about the stack; paths count from the current folder. */
export type TargetFlags = {
  files?: readonly string[];
  project?: string;
  directory?: string;
  env_files?: readonly string[];
  profiles?: readonly string[];
  context?: string;
};

/** Resolves which stack a run is about: absolute paths, no templates left; the command line beats the playbook. */
export function resolveTarget(
  playbook: Pick<Playbook, 'target'>,
  scope: Pick<Scope, 'inputs'>,
  flags: TargetFlags,
  cwd: string,
): Target {
  const written = rendered(playbook, scope);
  const files = given(flags.files)?.map((file) => resolve(cwd, file)) ?? written.files;
  const base = flags.directory ?? written.directory;
  const directory = base === undefined ? folderOf(files, cwd) : resolve(cwd, base);
  const from = base === undefined ? cwd : directory;
  const project = flags.project ?? written.project;
  const context = flags.context ?? written.context;
  return {
    directory,
    files: files?.map((file) => resolve(from, file)) ?? [],
    env_files:
      given(flags.env_files)?.map((file) => resolve(cwd, file)) ??
      (written.env_files ?? []).map((file) => resolve(directory, file)),
    profiles: [...(given(flags.profiles) ?? written.profiles ?? [])],
    env: Object.fromEntries(Object.entries(written.env ?? {}).map(([name, value]) => [name, String(value)])),
    ...(project !== undefined && { project }),
    ...(context !== undefined && { context }),
    ...(written.engine && { engine: true }),
    ...(written.release !== undefined && { release: written.release }),
  };
}

type Written = {
  files?: string[];
  project?: string;
  directory?: string;
  env?: Record<string, string | number | boolean>;
  env_files?: string[];
  profiles?: string[];
  context?: string;
  release?: string;
  engine?: true;
};

function rendered({ target }: Pick<Playbook, 'target'>, { inputs }: Pick<Scope, 'inputs'>): Written {
  const problems: Problem[] = [];
  const value = renderValue(target, {
    schema: TARGET,
    scope: { inputs, facts: {}, steps: {} },
    path: ['target'],
    problems,
  });
  if (problems.length === 0) {
    const faults = checkShape(TARGET, value, { templates: false }, ['target']);
    problems.push(...faults.map(({ code, message, hint }): Problem => ({ code, message, ...(hint && { hint }) })));
  }
  if (problems.length > 0) throw new Problems(problems);
  return value as Written;
}

/** As in Compose: the folder of the first file, else the current one. */
function folderOf(files: readonly string[] | undefined, cwd: string): string {
  const [first] = files ?? [];
  return first === undefined ? cwd : dirname(resolve(cwd, first));
}

function given<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list && list.length > 0 ? list : undefined;
}
