import { aboutField, EFFECTS, exampleText, typeOf, undoOf } from '../src/cli/action-words.ts';
import type { Runner } from '../src/runner/contract.ts';
import type { Registry } from '../src/runner/registry.ts';
import type { JsonSchema } from '../src/runner/schema.ts';

/** The reference of everything that a playbook can use, as Markdown: `docs/actions.md`. */
export async function actionsPage(registry: Registry): Promise<string> {
  const found = await Promise.all(registry.names.map(async (name) => [name, await registry.find(name)] as const));
  const runners = found.flatMap(([name, runner]) => (runner ? [{ name, runner }] : []));
  const chapters = KINDS.flatMap(({ kind, title, about }) => {
    const own = runners.filter(({ runner }) => runner.kind === kind);
    const rows = own.map(({ name, runner }) => `| [${name}](#${anchor(name)}) | ${cell(runner.summary)} |`);
    return [`## ${title}`, '', about, '', '| name | does |', '|---|---|', ...rows, '', ...own.flatMap(section)];
  });
  return [HEAD, ...chapters].join('\n');
}

const HEAD = `<!-- Made of what the runners say of themselves by \`node scripts/generate-schemas.ts\`; a test fails when it is stale. -->
# Actions, guards and triggers

All that \`uses\` can name. \`playbook actions NAME\` prints the same in a terminal; [language.md](language.md) has the keys around it.
`;

const KINDS = [
  { kind: 'action', title: 'Actions, for `steps`', about: 'Everything that a run does.' },
  {
    kind: 'guard',
    title: 'Guards, for `guards`',
    about:
      'Judged before anything is touched, and those of a step before that step: `go`, `warn`, `no-go`, or `undecided` until a step has run.',
  },
  {
    kind: 'trigger',
    title: 'Triggers, for `rollback.triggers`',
    about:
      'Watch while the run goes on. One that trips cancels the step under way and takes everything back. `bad` asks for `sample`.',
  },
] as const;

type Named = { name: string; runner: Runner };

function section({ name, runner }: Named): string[] {
  return [
    `### ${name}`,
    '',
    runner.summary,
    '',
    ...table('takes', runner.params),
    ...(runner.kind === 'action' ? table('gives', { ...runner.outputs, required: [] }) : []),
    ...(runner.kind === 'trigger' ? table('sample', { ...runner.sample, required: [] }) : []),
    ...(runner.kind === 'action' ? actionLines(runner) : []),
    ...runner.examples.flatMap((example) => [
      `${example.title}:`,
      '',
      '```yml',
      exampleText(name, runner, example).trimEnd(),
      '```',
      '',
    ]),
  ];
}

function actionLines(action: Extract<Runner, { kind: 'action' }>): string[] {
  return [
    `- Effect: ${EFFECTS[action.effect]}.`,
    `- Undo: ${undoOf(action).replace(/\.$/, '')}.`,
    `- Timeout: ${action.timeout} per attempt, where the step sets none.`,
    '',
  ];
}

function table(head: string, schema: JsonSchema): string[] {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return [];
  const rows = fields.map(
    ([name, field]) => `| \`${name}\` | ${cell(typeOf(field))} | ${cell(aboutField(name, field, schema))} |`,
  );
  return [`| ${head} | type | |`, '|---|---|---|', ...rows, ''];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** As GitHub makes it of a heading. */
function anchor(name: string): string {
  return name.replaceAll('.', '');
}
