import { type Level, type Problem, Refusal } from '../errors.ts';
import { lintPlaybook } from '../playbook/lint/lint.ts';
import { jsonText } from '../report/gate.ts';
import type { Flags, Invocation } from './command.ts';
import { problemsText } from './failure.ts';
import { findPlaybook } from './lookup.ts';
import { shortPath } from './short-path.ts';
import { openRegistry } from './wire.ts';

/** `playbook check FILE…`: every problem of every file; what is less bad than `--level` is no failure. */
export async function check({ args, flags, io }: Invocation): Promise<number> {
  const fails = failingLevels(flags);
  const registry = openRegistry();
  const sources = args.map((name) => findPlaybook(name, io.cwd));
  const checked = await Promise.all(
    sources.map(async (source) => ({ source, problems: await lintPlaybook(source, registry) })),
  );
  const problems = checked.flatMap((each) => each.problems);
  const ok = !problems.some((problem) => fails.has(levelOf(problem)));
  if (flags.json) io.out(`${jsonText({ ok, problems: problems.map(withLevel) }, 2)}\n`);
  else if (problems.length > 0) io.out(await problemsText(problems, io));
  if (!flags.json && !flags.quiet)
    for (const { source, problems: own } of checked)
      if (own.length === 0) io.out(`${io.style.good('ok')}  ${shortPath(source.file, io.cwd)}\n`);
  return ok ? 0 : 2;
}

const LEVELS: readonly Level[] = ['error', 'warning', 'notice'];

function failingLevels({ level, strict }: Flags): ReadonlySet<Level> {
  if (strict && level !== undefined) throw new Refusal('usage', '--strict is --level warning: give one of them.');
  const last = strict ? 1 : LEVELS.findIndex((each) => each === (level ?? 'error'));
  if (last < 0) throw new Refusal('usage', `There is no level ${level}.`, { hint: `Levels are ${LEVELS.join(', ')}.` });
  return new Set(LEVELS.slice(0, last + 1));
}

function levelOf({ level = 'error' }: Problem): Level {
  return level;
}

function withLevel(problem: Problem): Problem {
  return { ...problem, level: levelOf(problem) };
}
