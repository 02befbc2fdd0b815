import type { Problem } from '../errors.ts';
import type { Registry } from '../runner/registry.ts';
import { buildPlaybook } from './build.ts';
import { parseYaml, type Source } from './parse.ts';
import { sortProblems } from './problems.ts';
import type { Playbook } from './types.ts';
import { validate } from './validate.ts';

/** Reads a playbook: the playbook itself where it holds no error, and every problem there is, sorted by place. */
export async function loadPlaybook(
  source: Source,
  registry: Registry,
): Promise<{ playbook?: Playbook; problems: Problem[] }> {
  const read = parseYaml(source);
  if ('problems' in read) return { problems: sortProblems(read.problems) };
  const problems = sortProblems(await validate(read.parsed, registry));
  if (problems.some(({ level }) => level !== 'warning')) return { problems };
  return { playbook: buildPlaybook(read.parsed, source.file), problems };
}
