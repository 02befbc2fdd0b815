import { resolve } from 'node:path';
import { type Problem, Problems } from '../errors.ts';
import type { Json } from '../runner/schema.ts';
import { inputFaults, inputRuleFaults } from './input-value.ts';
import { asWritten } from './kinds.ts';
import { suggestion } from './nearest.ts';
import type { InputDeclaration, InputType, Playbook } from './types.ts';

export type ResolvedInputs = {
  /** Optional inputs that were not given are absent. Durations and sizes stay text as given. */
  inputs: Record<string, Json>;
  /** Names of those that came from outside and that nothing has accepted. */
  tainted: string[];
};

export type ResolveOptions = {
  /** Whether the values come from git, a webhook or an alert instead of a person. */
  outside: boolean;
  /** Paths given on the command line count from here; left out, they stay as given. */
  cwd?: string;
};

/** Turns what was given (`-i name=value`) and the defaults into typed values; throws every problem at once. */
export function resolveInputs(
  playbook: Pick<Playbook, 'inputs'>,
  given: Readonly<Record<string, string>>,
  options: ResolveOptions,
): ResolvedInputs {
  const problems = unknownInputs(playbook.inputs, given);
  const inputs: Record<string, Json> = {};
  for (const [name, declaration] of Object.entries(playbook.inputs)) {
    const read = Object.hasOwn(given, name) ? fromText(given[name] ?? '', declaration, options) : declaration.default;
    if (read === undefined && isRequired(declaration)) problems.push(missingInput(name, declaration));
    if (read === undefined) continue;
    problems.push(...faultsOf(name, declaration, read));
    inputs[name] = read;
  }
  if (problems.length > 0) throw new Problems(problems);
  return { inputs, tainted: options.outside ? taintedAmong(playbook.inputs, given) : [] };
}

function unknownInputs(declared: Playbook['inputs'], given: Readonly<Record<string, string>>): Problem[] {
  const names = Object.keys(declared);
  return Object.keys(given)
    .filter((name) => !Object.hasOwn(declared, name))
    .map((name) => ({
      code: 'unknown-input',
      message: `there is no input \`${name}\``,
      hint: suggestion(name, names, 'inputs are') ?? 'this playbook declares no inputs',
    }));
}

function isRequired({ required, default: value }: InputDeclaration): boolean {
  return required ?? value === undefined;
}

function missingInput(name: string, { description }: InputDeclaration): Problem {
  const about = description === undefined ? '' : ` (${description.replace(/\.$/, '')})`;
  return { code: 'missing-input', message: `input \`${name}\` must be given${about}`, hint: `give it: -i ${name}=…` };
}

function faultsOf(name: string, declaration: InputDeclaration, value: Json): Problem[] {
  const typed = inputFaults(declaration, value);
  const faults = typed.length > 0 ? typed : inputRuleFaults(declaration, value);
  return faults.map(({ say, hint }) => ({
    code: 'bad-input',
    message: `input \`${name}\` ${say}`,
    ...(hint && { hint }),
  }));
}

/** A text of the command line as a value of the type; what does not fit stays text and is refused by its type. */
function fromText(text: string, declaration: InputDeclaration, options: ResolveOptions): Json {
  if (declaration.type === 'list') {
    const type = declaration.items ?? 'string';
    return text === '' ? [] : text.split(',').map((item) => scalar(item.trim(), { ...declaration, type }, options));
  }
  return scalar(text, declaration, options);
}

function scalar(text: string, declaration: InputDeclaration, { cwd }: ResolveOptions): Json {
  switch (declaration.type satisfies InputType) {
    case 'integer':
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    case 'path':
      return cwd === undefined || text === '' ? text : resolve(cwd, text);
    case 'enum':
      return declaration.values?.find((value) => asWritten(value) === text) ?? text;
    default:
      return text;
  }
}

/** Types whose values hold nothing but a number or a word of ours. */
const HARMLESS: ReadonlySet<InputType> = new Set(['integer', 'number', 'boolean', 'duration', 'size', 'enum']);

function taintedAmong(declared: Playbook['inputs'], given: Readonly<Record<string, string>>): string[] {
  return Object.entries(declared)
    .filter(([name, { type, items = 'string', pattern }]) => {
      const harmless = HARMLESS.has(type === 'list' ? items : type);
      return Object.hasOwn(given, name) && !harmless && pattern === undefined;
    })
    .map(([name]) => name);
}
