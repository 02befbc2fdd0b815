import type { HelpConfiguration } from 'commander';
import { beside, wrap } from '../report/layout.ts';
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
export function pageOfProgram(width: number): string {
  const examples = section('Examples', [
    ['playbook plan deploy-stack.yml', 'what a deploy of the stack in this folder would do'],
    ['playbook run deploy-stack.yml', 'the same, asked for and done'],
    ['playbook status', 'what runs now, and what was changed by hand'],
  ]);
  return `${examples}${exitCodes(
    EXIT_CODES.map(({ code }) => code),
    width,
  )}\nThe page of a command: playbook <command> --help\n`;
}

/** What stands below the options on a command's page. */
export function pageOfCommand(spec: CommandSpec, width: number): string {
  const notes = (spec.notes ?? []).map((note) => `\n${wrap(note, width).join('\n')}\n`).join('');
  return `${notes}${section('Examples', spec.examples)}${exitCodes(spec.exits, width)}`;
}

function section(title: string, lines: readonly (readonly [string, string])[]): string {
  const text = lines.map(([command, says]) => `  $ ${command}\n      ${says}\n`).join('');
  return `\n${title}:\n${text}`;
}

function exitCodes(shown: readonly ExitCode[], width: number): string {
  const lines = EXIT_CODES.filter(({ code }) => shown.includes(code)).flatMap(({ code, meaning }) =>
    beside(`  ${String(code).padEnd(5)}`, meaning, width),
  );
  return `\nExit codes:\n${lines.join('\n')}\n`;
}
