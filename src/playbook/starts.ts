import { type RawGitStart, startOf } from './build.ts';
import { STARTS } from './envelope.ts';
import { parseYaml, type Source } from './parse.ts';
import { checkShape } from './shape.ts';
import type { GitStart } from './types.ts';

/** What starts a playbook, whatever else is wrong in it; undefined where just that cannot be read. */
export function startsOf(source: Source): GitStart[] | undefined {
  const read = parseYaml(source);
  if ('problems' in read) return undefined;
  const { start = [] } = Object(read.parsed.value) as { start?: { git: RawGitStart }[] };
  const faults = checkShape(STARTS, start, { templates: false }, ['start']);
  return faults.length > 0 ? undefined : start.map(startOf);
}
