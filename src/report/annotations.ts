import type { Problem } from '../errors.ts';
import { sentence } from './sentence.ts';

/** Problems as workflow commands of GitHub Actions, one a line: they show up at the lines of a pull request. */
export function githubAnnotations(problems: readonly Problem[]): string {
  return problems.map((problem) => `${annotation(problem)}\n`).join('');
}

function annotation({ code, level = 'error', message, hint, place }: Problem): string {
  const at = place && {
    file: place.file,
    line: place.line,
    col: place.column,
    endColumn: place.column + (place.length ?? 1),
  };
  const properties = Object.entries({ ...at, title: code }).map(
    ([name, value]) => `${name}=${property(String(value))}`,
  );
  const said = [message, ...(hint === undefined ? [] : [hint])].map(sentence).join(' ');
  return `::${level} ${properties.join(',')}::${data(said)}`;
}

/** What GitHub reads back in the text of a command. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
