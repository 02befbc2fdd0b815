import type { CommandSpec, Flags } from '../command.ts';
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

/** What the words before the cursor say of the stack and of the history that the rest is about. Pure. */
export function placeIn(words: readonly string[], commands: readonly CommandSpec[]): Partial<Flags> {
  const command = commands.find((each) => each.name === words[0]);
  if (!command) return {};
  const { values } = read(words.slice(1, -1), command);
  const all = (option: string) => values.filter(([name]) => name === option).map(([, value]) => value);
  const last = (option: string) => all(option).at(-1);
  const [project, projectDirectory, context] = [last('--project'), last('--project-directory'), last('--context')];
  const stateDir = last('--state-dir');
  return {
    file: all('--file'),
    profile: all('--profile'),
    envFile: all('--env-file'),
    ...(project !== undefined && { project }),
    ...(projectDirectory !== undefined && { projectDirectory }),
    ...(context !== undefined && { context }),
    ...(stateDir !== undefined && { stateDir }),
  };
}

/** The options that a command's page shows, by their long names and with what they are. */
export function optionsOf({ options }: CommandSpec): { value: string; says: string }[] {
  return options.flatMap(({ flags, description }) => {
    const long = longOf(flags);
    return long === undefined ? [] : [{ value: long, says: description }];
  });
}

type Read = { given: string[]; values: [option: string, value: string][]; open?: string };

/** The arguments before the cursor, the values of options, and the option that waits for its value. */
function read(words: readonly string[], command: CommandSpec): Read {
  const given: string[] = [];
  const values: Read['values'] = [];
  let open: string | undefined;
  for (const word of words) {
    const [flag = '', value] = word.startsWith('--') ? word.split(/=(.*)/s, 2) : [word];
    const option = word.startsWith('-') && word !== '-' ? valueOption(flag, command) : undefined;
    if (open !== undefined) values.push([open, word]);
    else if (option !== undefined && value !== undefined) values.push([option, value]);
    else if (!word.startsWith('-') || word === '-') given.push(word);
    open = open === undefined && value === undefined ? option : undefined;
  }
  return { given, values, ...(open !== undefined && { open }) };
}

/** `--input` for `-i`; undefined for what takes no value. */
function valueOption(flag: string, { options }: CommandSpec): string | undefined {
  const spec = [...options, ...COMMON_OPTIONS].find(({ flags }) => flags.split(/[ ,]+/).includes(flag));
  return spec?.flags.includes('<') ? longOf(spec.flags) : undefined;
}

function argumentAt({ arguments: all }: CommandSpec, position: number): string | undefined {
  const syntax = all[position]?.[0] ?? (all.at(-1)?.[0].includes('...') ? all.at(-1)?.[0] : undefined);
  return syntax?.replace(/[[\]<>.]/g, '');
}

function longOf(flags: string): string | undefined {
  return /--[a-z-]+/.exec(flags)?.[0];
}
