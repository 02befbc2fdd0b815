import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { packageVersion } from '../package-root.ts';
import type { CommandSpec, Flags, OptionSpec } from './command.ts';
import { COMMANDS, COMPLETE } from './commands.ts';
import { exitCodeOfError } from './exit-codes.ts';
import { errorJson, sayError } from './failure.ts';
import { configureHelp, pageOfCommand, pageOfProgram } from './help.ts';
import { createIo, type Io } from './io.ts';
import { COMMON_OPTIONS, NO_FLAGS } from './options.ts';

/** Runs one command line and says what to exit with; never throws. */
export async function runCommandLine(argv: readonly string[], io: Io = createIo(argv)): Promise<number> {
  if (argv[0] === COMPLETE) return (await import('./completion/complete.ts')).complete(argv.slice(1), io);
  const result = { code: 0 };
  try {
    const program = buildProgram(commandsFor(argv[0]), io, result);
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: 'user' });
    return result.code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (argv.includes('--json')) io.out(errorJson(error));
    await sayError(error, io, argv);
    return error instanceof CommanderError ? 2 : exitCodeOfError(error);
  }
}

/** The one that is called; all of them for a page of help or a suggestion. */
function commandsFor(word: string | undefined): readonly CommandSpec[] {
  const called = COMMANDS.filter(({ name }) => name === word);
  return called.length > 0 ? called : COMMANDS;
}

function buildProgram(specs: readonly CommandSpec[], io: Io, result: { code: number }): Command {
  const program = new Command('playbook')
    .description(
      'Runs declarative YAML playbooks against Docker Compose stacks: plans without touching anything,\nwatches what it does, and puts everything back when it turns bad.',
    )
    .usage('<command> [playbook] [options]')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text),
      // Errors of usage are said once, by sayError.
      writeErr: () => {},
      getOutHelpWidth: () => io.width,
    })
    .configureHelp(configureHelp(io.style))
    .helpOption('-h, --help', 'this page, or that of a command')
    .addHelpCommand(new Command('help').argument('[command]').description('The page of a command').helpGroup('Learn:'));
  program.addHelpText('after', pageOfProgram(io.width));
  // Read only when asked for: the package's file need not be opened for anything else.
  program.option('--version', 'the version').on('option:version', () => {
    io.out(`${packageVersion()}\n`);
    throw new CommanderError(0, 'commander.version', '');
  });
  program.showHelpAfterError(false).showSuggestionAfterError(true);
  for (const spec of specs) addCommand(program, spec, io, result);
  return program;
}

function addCommand(program: Command, spec: CommandSpec, io: Io, result: { code: number }): void {
  const command = program.command(spec.name).description(spec.summary).helpGroup(`${spec.group}:`);
  for (const [syntax, description] of spec.arguments) command.argument(syntax, description);
  for (const option of spec.options) command.addOption(commanderOption(option));
  // One set of common options may be given to every command; a page shows only those that change something there.
  const known = new Set(spec.options.map(({ flags }) => longName(flags)));
  for (const option of COMMON_OPTIONS.filter(({ flags }) => !known.has(longName(flags))))
    command.addOption(commanderOption(option).hideHelp());
  command.addHelpText('after', pageOfCommand(spec, io.width));
  command.action(async () => {
    const flags = { ...NO_FLAGS, ...command.opts<Partial<Flags>>() };
    const run = await spec.load();
    result.code = await run({ args: command.args, flags, io });
  });
}

function commanderOption(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.description).helpGroup(`${spec.group} options:`);
  if (spec.takes === 'many')
    option.argParser((value: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), value]);
  if (spec.takes === 'pairs') option.argParser(addPair);
  return option;
}

function longName(flags: string): string {
  return /--[a-z-]+/.exec(flags)?.[0] ?? flags;
}

function addPair(text: string, earlier: Readonly<Record<string, string>> = {}): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Write name=value.');
  return { ...earlier, [text.slice(0, equals)]: text.slice(equals + 1) };
}
