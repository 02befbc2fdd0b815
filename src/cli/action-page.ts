import { stringify } from 'yaml';
import { beside, padTo, wrap } from '../report/layout.ts';
import type { Style } from '../report/style.ts';
import type { AnyAction, Json, Runner } from '../runner/contract.ts';
import type { JsonSchema } from '../runner/schema.ts';

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

const EFFECTS = {
  pure: 'pure: it changes nothing',
  convergent: 'convergent: running it again reaches the same state',
  probed: 'probed: after a cut it is asked whether it happened',
  opaque: 'opaque: after a cut a person must decide whether it happened',
};

function undoOf(action: AnyAction): string {
  if (typeof action.undo === 'function') return 'built in: what it changed is put back';
  return 'impossible' in action.undo ? `impossible: ${action.undo.impossible}` : `not needed: ${action.undo.unneeded}`;
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

function aboutField(name: string, field: JsonSchema, parent: JsonSchema): string {
  const required = parent.required?.includes(name) ? ' Required.' : '';
  const preset = field.default === undefined ? '' : ` Default: ${plain(field.default)}.`;
  const secret = field['x-secret'] ? ' Takes { secret: name }.' : '';
  return `${field.description ?? ''}${required}${preset}${secret}`;
}

function typeOf(field: JsonSchema): string {
  if (field.enum) return field.enum.map(plain).join(' | ');
  if (field.type === 'array') return `list of ${field.items ? typeOf(field.items) : 'anything'}`;
  const choices = field.oneOf ?? field.anyOf;
  if (choices) return [...new Set(choices.map(typeOf))].join(' | ');
  return field.format ?? field.type ?? 'anything';
}

function plain(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function examples(name: string, runner: Runner, style: Style): string[] {
  const list = runner.kind === 'guard' ? 'guards' : 'steps';
  const id = name.split('.').at(-1) ?? name;
  return runner.examples.flatMap((example) => {
    const used = { [list]: [{ id, uses: name, ...(Object.keys(example.with).length > 0 && { with: example.with }) }] };
    return ['', `${style.strong('Example')}: ${example.title}`, ...indented(stringify(used))];
  });
}

function indented(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`);
}
