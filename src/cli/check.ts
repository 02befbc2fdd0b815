import { loadPlaybook } from '../playbook/load.ts';
import { jsonText } from '../report/clean.ts';
import type { Invocation } from './command.ts';
import { problemsText } from './failure.ts';
import { findPlaybook } from './lookup.ts';
import { shortPath } from './short-path.ts';
import { openRegistry } from './wire.ts';

/** `playbook check FILE…`: every problem of every file; warnings alone are no failure. */
export async function check({ args, flags, io }: Invocation): Promise<number> {
  const registry = openRegistry();
  const sources = args.map((name) => findPlaybook(name, io.cwd));
  const loaded = await Promise.all(
    sources.map(async (source) => ({ source, ...(await loadPlaybook(source, registry)) })),
  );
  const problems = loaded.flatMap((each) => each.problems);
  const errors = problems.filter((problem) => problem.level !== 'warning').length;
  if (flags.json) io.out(`${jsonText({ ok: errors === 0, problems }, 2)}\n`);
  else if (problems.length > 0) io.out(await problemsText(problems, io));
  if (!flags.json && !flags.quiet)
    for (const { source, problems: own } of loaded)
      if (own.length === 0) io.out(`${io.style.good('ok')}  ${shortPath(source.file, io.cwd)}\n`);
  return errors === 0 ? 0 : 2;
}
