import { typeOf } from '../src/cli/action-words.ts';
import { EXIT_CODES } from '../src/cli/exit-codes.ts';
import { KEYS, type KeyEntry } from '../src/playbook/keys.ts';
import { type CodeEntry, PROBLEM_CODES } from '../src/playbook/problem-codes.ts';
import type { Registry } from '../src/runner/registry.ts';
import type { JsonSchema } from '../src/runner/schema.ts';

/** The reference of the language, as Markdown: `docs/language.md`. */
export async function languagePage(registry: Registry): Promise<string> {
  const facts = await Promise.all(registry.factNames.map(async (name) => [name, await registry.facts(name)] as const));
  return [
    HEAD,
    ...Object.entries<KeyEntry>(KEYS).flatMap(keySection),
    EXPRESSIONS,
    ...facts.flatMap(([name, found]) => (found ? factSection(name, found.schema) : [])),
    '## Exit codes',
    '',
    '| exit | name | meaning |',
    '|---|---|---|',
    ...EXIT_CODES.map(({ code, name, meaning }) => `| ${code} | ${name} | ${cell(meaning)} |`),
    '',
    PROBLEMS,
    ...Object.entries<CodeEntry>(PROBLEM_CODES).map(
      ([code, { title, why, fix }]) => `| \`${code}\` | ${cell(title)} | ${cell(`${why} ${fix}`)} |`,
    ),
    '',
  ].join('\n');
}

const HEAD = `<!-- Made of src/playbook/keys.ts, the facts, exit codes and problem codes by \`node scripts/generate-schemas.ts\`; a test fails when it is stale. -->
# The language

A playbook is one YAML file: inputs, guards, steps, the way back. Every key of it stands here; what \`uses\` can name is in
[actions.md](actions.md). \`playbook explain WORD\` prints any of this in a terminal, and the schema in the first line of a playbook brings it
into an editor.

\`*\` stands for a name, \`[]\` for each item of a list.
`;

const EXPRESSIONS = `## Expressions

Conditions (\`when\`, \`that\`, \`expect\`, \`if\`, \`done\`, \`bad\`) and the list of a loop (\`in\`) are [CEL](https://cel.dev), written as they are:
\`when: inputs.tag != "latest"\`. Everywhere else \`{{…}}\` puts a value into a text. Both see:

| name | is | where |
|---|---|---|
| \`inputs\` | what was given with \`-i\`, or its default | everywhere |
| \`steps.ID\` | what a step before it gave back | after that step |
| \`result\` | what the step, or its probe, gave back | \`expect\`, \`probe.done\` |
| \`error.class\`, \`error.message\` | why the attempt failed | \`retry.if\` |
| \`sample\` | what the trigger has measured | \`bad\` |
| \`run.status\`, \`run.say\`, \`run.id\` | how the run ends, and why | \`always\` |
| the variable of \`for_each\` | the item, or the items of the batch | inside the loop |
| the facts below | what was seen when the plan was made, and again before each step | guards, \`when\`, \`expect\` |

A name that is not there, two types that can never be equal, a word that a list of values does not have: \`check\` finds them. What cannot be
evaluated in the run is a failure, never \`false\`.
`;

const PROBLEMS = `## Problem codes

What \`check\`, \`plan\` and \`run\` call what they find in a playbook; [rules.md](rules.md) has the rules of the linter besides.

| code | is | why, and how to mend it |
|---|---|---|`;

function keySection([path, { description, shape, example }]: [string, KeyEntry]): string[] {
  return [`### \`${path}\``, '', `${description} Takes ${shape}.`, '', '```yml', example, '```', ''];
}

function factSection(name: string, schema: JsonSchema): string[] {
  return [`### Fact \`${name}\``, '', '| name | type | |', '|---|---|---|', ...factRows(name, schema), ''];
}

/** Every leaf by its path. */
function factRows(path: string, schema: JsonSchema): string[] {
  const rows = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const own = `${path}.${name}`;
    const inner = field.properties
      ? factRows(own, field)
      : field.items?.properties
        ? factRows(`${own}[]`, field.items)
        : [];
    return [`| \`${own}\` | ${cell(typeOf(field))} | ${cell(field.description ?? '')} |`, ...inner];
  });
  return rows;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
