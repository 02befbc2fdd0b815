import type { HelpConfiguration } from 'commander';
import type { Style } from '../report/style.ts';
import type { CommandSpec } from './command.ts';
import { EXIT_CODES, type ExitCode } from './exit-codes.ts';

/** How commander lays out its part of a help page. */
export function configureHelp(style: Style): HelpConfiguration {
  return {
    styleTitle: (title) => style.strong(title),
    // The aliases and `[options]` of each line would only push the sentences to the right.
    subcommandTerm: (command) => command.name(),
  };
}

/** What stands below the commands on the first page. */
export function pageOfProgram(): string {
  const examples = section('Examples', [
    ['playbook plan deploy-stack.yml', 'what a deploy of the stack in this folder would do'],
    ['playbook run deploy-stack.yml', 'the same, asked for and done'],
    ['playbook status', 'what runs now, and what was changed by hand'],
  ]);
  return `${examples}${exitCodes(EXIT_CODES.map(({ code }) => code))}\nThe page of a command: playbook <command> --help\n`;
}

/** What stands below the options on a command's page. */
export function pageOfCommand(spec: CommandSpec): string {
  const notes = (spec.notes ?? []).map((note) => `\n${wrap(note, 0)}\n`).join('');
  return `${notes}${section('Examples', spec.examples)}${exitCodes(spec.exits)}`;
}

function section(title: string, lines: readonly (readonly [string, string])[]): string {
  const text = lines.map(([command, says]) => `  $ ${command}\n      ${says}\n`).join('');
  return `\n${title}:\n${text}`;
}

function exitCodes(shown: readonly ExitCode[]): string {
  const lines = EXIT_CODES.filter(({ code }) => shown.includes(code)).map(
    ({ code, meaning }) => `  ${String(code).padEnd(5)}${wrap(meaning, 7)}\n`,
  );
  return `\nExit codes:\n${lines.join('')}`;
}

const WIDTH = 100;

function wrap(text: string, indent: number): string {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last && last.length + 1 + word.length > WIDTH - indent) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}
