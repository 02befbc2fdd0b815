import { readFileSync } from 'node:fs';
import { type Place, type Problem, Problems, Refusal } from '../errors.ts';
import { jsonText } from '../report/gate.ts';
import { COMMANDS } from './commands.ts';
import { exitCodeOfError } from './exit-codes.ts';
import type { Io } from './io.ts';
import { shortPath } from './short-path.ts';

/** Says what went wrong: the problems with their places, a refusal as sentence and hint, a bug with what a report needs. */
export async function sayError(error: unknown, io: Io, argv: readonly string[] = []): Promise<void> {
  if (error instanceof Problems) io.err(await problemsText(error.problems, io));
  else if (error instanceof Refusal) io.err(refusalText(error, io));
  else if (isUsageError(error)) io.err(`${usageText(error.message)}\n${whereToLook(argv)}\n`);
  else io.err(defectText(error, io));
}

/** The same as one JSON object, for `--json`. */
export function errorJson(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${jsonText({
    type: 'refused',
    exit_code: isUsageError(error) ? 2 : exitCodeOfError(error),
    reason: reasonOf(error),
    message,
    hint: error instanceof Refusal ? error.hint : undefined,
    problems: error instanceof Problems ? error.problems : undefined,
  })}\n`;
}

function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.reason;
  if (error instanceof Problems) return 'problems';
  return isUsageError(error) ? 'usage' : 'bug';
}

export async function problemsText(problems: readonly Problem[], io: Io): Promise<string> {
  const { printProblems } = await import('../report/problem.ts');
  const text = printProblems(
    problems.map((problem) => seenFrom(io.cwd, problem)),
    textsOf(problems, io.cwd),
    io.style,
  );
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** JSON has the whole path, people read it from where they are. */
export function seenFrom(cwd: string, problem: Problem): Problem {
  const near = (place: Place): Place => ({ ...place, file: shortPath(place.file, cwd) });
  const { place, other } = problem;
  return {
    ...problem,
    ...(place && { place: near(place) }),
    ...(other && { other: { ...other, place: near(other.place) } }),
  };
}

/** The files that problems point into, by the path that is shown; one that cannot be read is printed without its lines. */
function textsOf(problems: readonly Problem[], cwd: string): Map<string, string> {
  const files = new Set(problems.flatMap(({ place, other }) => [place?.file, other?.place.file]));
  const texts = new Map<string, string>();
  for (const file of files) {
    if (file === undefined) continue;
    try {
      texts.set(shortPath(file, cwd), readFileSync(file, 'utf8'));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  }
  return texts;
}

function refusalText(refusal: Refusal, io: Io): string {
  const hint = refusal.hint ? `${refusal.hint}\n` : '';
  return `${io.style.bad(refusal.message)}\n${hint}`;
}

type UsageError = Error & { code: string };

/** Commander's own errors: unknown commands and options, missing and surplus arguments. */
function isUsageError(error: unknown): error is UsageError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
}

function usageText(message: string): string {
  const text = message.replace(/^error: /, '').replace(/\n\(Did you mean (.*)\?\)$/s, '. Did you mean $1?');
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** The page of the command that was meant, where one was. */
function whereToLook(argv: readonly string[]): string {
  const said = argv.find((argument) => !argument.startsWith('-'));
  const command = COMMANDS.find(({ name }) => name === said);
  return command ? `playbook ${command.name} --help says what it takes.` : 'playbook --help lists what there is.';
}

function defectText(error: unknown, io: Io): string {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${io.style.bad('This is a bug of playbook, not of yours.')} Please report it with these lines:\n${what}\n`;
}
