import type { CommandSpec } from '../command.ts';
import { COMMON_OPTIONS } from '../options.ts';

/** What can stand where the cursor is. */
export type AskedFor =
  | { what: 'command' }
  | { what: 'option'; command: CommandSpec }
  /** The value of an option, by its long name: `--input`. */
  | { what: 'value'; command: CommandSpec; option: string; playbook?: string }
  /** An argument, by the name it has in the help: `playbook`, `run`. */
  | { what: 'argument'; command: CommandSpec; argument: string }
  | { what: 'nothing' };

/** What the last word can be, from those before it. Pure. */
export function askedFor(words: readonly string[], commands: readonly CommandSpec[]): AskedFor {
  const [name, ...rest] = words;
  if (name === undefined || words.length === 1) return { what: 'command' };
  const command = commands.find((each) => each.name === name);
  if (!command) return { what: 'nothing' };
  const last = rest.at(-1) ?? '';
  const { given, open } = read(rest.slice(0, -1), command);
  // A rollback is the shipped playbook of that name.
  const playbook = name === 'rollback' ? name : given[0];
  if (open !== undefined) return { what: 'value', command, option: open, ...(playbook !== undefined && { playbook }) };
  if (last.startsWith('-')) return { what: 'option', command };
  const argument = argumentAt(command, given.length);
  return argument === undefined ? { what: 'nothing' } : { what: 'argument', command, argument };
}

/** The options that a command's page shows, by their long names and with what they are. */
export function optionsOf({ options }: CommandSpec): { value: string; says: string }[] {
  return options.flatMap(({ flags, description }) => {
    const long = longOf(flags);
    return long === undefined ? [] : [{ value: long, says: description }];
  });
}

/** The arguments before the cursor, and the option that waits for its value. */
function read(words: readonly string[], command: CommandSpec): { given: string[]; open?: string } {
  const given: string[] = [];
  let open: string | undefined;
  for (const word of words) {
    if (open !== undefined) open = undefined;
    else if (word.startsWith('-') && word !== '-') open = waitingOption(word, command);
    else given.push(word);
  }
  return { given, ...(open !== undefined && { open }) };
}

/** `--input` for `-i`; undefined for what takes no value, or has it behind `=`. */
function waitingOption(word: string, { options }: CommandSpec): string | undefined {
  const spec = [...options, ...COMMON_OPTIONS].find(({ flags }) => flags.split(/[ ,]+/).includes(word));
  return spec?.flags.includes('<') ? longOf(spec.flags) : undefined;
}

function argumentAt({ arguments: all }: CommandSpec, position: number): string | undefined {
  const syntax = all[position]?.[0] ?? (all.at(-1)?.[0].includes('...') ? all.at(-1)?.[0] : undefined);
  return syntax?.replace(/[[\]<>.]/g, '');
}

function longOf(flags: string): string | undefined {
  return /--[a-z-]+/.exec(flags)?.[0];
}
