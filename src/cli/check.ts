import { type Level, type Problem, Refusal } from '../errors.ts';
import { lintPlaybook } from '../playbook/lint/lint.ts';
import { jsonText } from '../report/gate.ts';
import type { Checked } from './check-fix.ts';
import type { Flags, Invocation } from './command.ts';
import { problemsText, seenFrom } from './failure.ts';
import type { Io } from './io.ts';
import { findPlaybook, type PlaybookSource } from './lookup.ts';
import { shortPath } from './short-path.ts';
import { openRegistry } from './wire.ts';

/** `playbook check FILE…`: every problem of every file; what is less bad than `--level` is no failure. */
export async function check({ args, flags, io }: Invocation): Promise<number> {
  const fails = failingLevels(flags);
  if (flags.json && flags.github) throw new Refusal('usage', '--json and --github exclude each other.');
  const sources = args.map((name) => findPlaybook(name, io.cwd));
  const checked = await Promise.all(sources.map((source) => (flags.fix ? fixed(source) : checkedAsIs(source))));
  const problems = checked.flatMap((each) => each.problems);
  const ok = !problems.some((problem) => fails.has(levelOf(problem)));
  if (flags.json) io.out(`${jsonText({ ok, ...mends(checked, flags), problems: problems.map(withLevel) }, 2)}\n`);
  else if (flags.github) io.out(await annotations(problems, io));
  else await printChecked(checked, flags, io);
  return ok ? 0 : 2;
}

async function fixed(source: PlaybookSource): Promise<Checked> {
  return (await import('./check-fix.ts')).checkAndFix(source, openRegistry());
}

async function checkedAsIs(source: PlaybookSource): Promise<Checked> {
  return { file: source.file, problems: await lintPlaybook(source, openRegistry()), mends: 0 };
}

function mends(checked: readonly Checked[], { fix }: Flags): { mends?: number } {
  return fix ? { mends: checked.reduce((sum, each) => sum + each.mends, 0) } : {};
}

async function annotations(problems: readonly Problem[], io: Io): Promise<string> {
  const { githubAnnotations } = await import('../report/annotations.ts');
  return githubAnnotations(problems.map((problem) => seenFrom(io.cwd, problem)));
}

async function printChecked(checked: readonly Checked[], { quiet }: Flags, io: Io): Promise<void> {
  const problems = checked.flatMap((each) => each.problems);
  if (problems.length > 0) io.out(await problemsText(problems, io));
  if (quiet) return;
  for (const each of checked) {
    const file = shortPath(each.file, io.cwd);
    if (each.mends > 0)
      io.out(`${io.style.good('mended')}  ${file}: ${each.mends === 1 ? '1 place' : `${each.mends} places`}\n`);
    if (each.problems.length === 0) io.out(`${io.style.good('ok')}  ${file}\n`);
  }
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
