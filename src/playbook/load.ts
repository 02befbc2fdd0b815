import type { Problem } from '../errors.ts';
import type { Registry } from '../runner/registry.ts';
import { buildPlaybook } from './build.ts';
import { ignoresOf, withoutIgnored } from './lint/ignores.ts';
import { parseYaml, type Source } from './parse.ts';
import { isError, sortProblems } from './problems.ts';
import type { Playbook } from './types.ts';
import { validate } from './validate.ts';

/** Reads a playbook: the playbook itself where it holds no error, and every problem there is, sorted by place. */
export async function loadPlaybook(
  source: Source,
  registry: Registry,
): Promise<{ playbook?: Playbook; problems: Problem[] }> {
  const read = parseYaml(source);
  if ('problems' in read) return { problems: sortProblems(read.problems) };
  const found = await validate(read.parsed, registry);
  const { text, document } = read.parsed;
  const problems = sortProblems(withoutIgnored(found.problems, ignoresOf(text, document)).left);
  if (problems.some(isError)) return { problems };
  return { playbook: buildPlaybook(read.parsed, source.file), problems };
}
