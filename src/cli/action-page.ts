import { beside, padTo, wrap } from '../report/layout.ts';
import type { Style } from '../report/style.ts';
import type { AnyAction, Runner } from '../runner/contract.ts';
import type { JsonSchema } from '../runner/schema.ts';
import { aboutField, EFFECTS, exampleText, typeOf, undoOf } from './action-words.ts';

/** One action, guard or trigger as JSON. */
export function actionJson(name: string, runner: Runner): Record<string, unknown> {
  const common = { name, kind: runner.kind, summary: runner.summary, params: runner.params };
  if (runner.kind !== 'action') return { ...common, examples: runner.examples };
  const { effect, timeout, outputs, examples } = runner;
  return { ...common, outputs, effect, timeout, undo: undoOf(runner), examples };
}

/** One action, guard or trigger as a page to read. */
export function actionPage(name: string, runner: Runner, style: Style): string {
  const parts = [
    `${style.strong(name)}  (${runner.kind})`,
    ...wrap(runner.summary, style.width),
    ...fields('Parameters', runner.params, style),
    ...(runner.kind === 'action' ? actionLines(runner, style) : []),
    ...examples(name, runner, style),
  ];
  return `${parts.join('\n')}\n`;
}

function actionLines(action: AnyAction, style: Style): string[] {
  return [
    ...fields('Outputs', { ...action.outputs, required: [] }, style),
    '',
    ...beside('Effect   ', EFFECTS[action.effect], style.width),
    ...beside('Undo     ', undoOf(action), style.width),
    ...beside('Timeout  ', `${action.timeout} per attempt, where the step sets none`, style.width),
  ];
}

function fields(title: string, schema: JsonSchema, style: Style): string[] {
  const entries = Object.entries(schema.properties ?? {});
  if (entries.length === 0) return ['', `${style.strong(title)}: none`];
  const names = Math.max(...entries.map(([name]) => name.length)) + 2;
  const types = Math.max(...entries.map(([, field]) => typeOf(field).length)) + 2;
  const lines = entries.flatMap(([name, field]) => {
    const label = `  ${padTo(name, names)}${padTo(typeOf(field), types)}`;
    return beside(label, aboutField(name, field, schema), style.width);
  });
  return ['', `${style.strong(title)}:`, ...lines];
}

function examples(name: string, runner: Runner, style: Style): string[] {
  return runner.examples.flatMap((example) => [
    '',
    `${style.strong('Example')}: ${example.title}`,
    ...indented(exampleText(name, runner, example)),
  ]);
}

function indented(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`);
}
