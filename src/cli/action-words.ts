import { stringify } from 'yaml';
import type { AnyAction, Json, Runner } from '../runner/contract.ts';
import type { JsonSchema } from '../runner/schema.ts';

/** What becomes of a step that was cut, by the class of its action. */
export const EFFECTS = {
  pure: 'pure: it changes nothing',
  convergent: 'convergent: running it again reaches the same state',
  probed: 'probed: after a cut it is asked whether it happened',
  opaque: 'opaque: after a cut a person must decide whether it happened',
};

/** What becomes of what an action has done when a run goes back. */
export function undoOf(action: AnyAction): string {
  if (typeof action.undo === 'function') return 'built in: what it changed is put back';
  return 'impossible' in action.undo ? `impossible: ${action.undo.impossible}` : `not needed: ${action.undo.unneeded}`;
}

/** What a field is for, whether it must be there, and what it is where it is left out. */
export function aboutField(name: string, field: JsonSchema, parent: JsonSchema): string {
  const required = parent.required?.includes(name) ? ' Required.' : '';
  const preset = field.default === undefined ? '' : ` Default: ${plain(field.default)}.`;
  const secret = field['x-secret'] ? ' Takes { secret: name }.' : '';
  return `${field.description ?? ''}${required}${preset}${secret}`;
}

/** What a field takes, in a word or two. */
export function typeOf(field: JsonSchema): string {
  if (field.enum) return field.enum.map(plain).join(' | ');
  if (field.type === 'array') return `list of ${field.items ? typeOf(field.items) : 'anything'}`;
  const choices = field.oneOf ?? field.anyOf;
  if (choices) return [...new Set(choices.map(typeOf))].join(' | ');
  return field.format ?? field.type ?? 'anything';
}

function plain(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** An example as it stands in a playbook. */
export function exampleText(name: string, runner: Runner, example: Runner['examples'][number]): string {
  const id = name.split('.').at(-1) ?? name;
  const used = { id, uses: name, ...(Object.keys(example.with).length > 0 && { with: example.with }) };
  if (runner.kind === 'trigger') return stringify({ rollback: { triggers: [used] } });
  return stringify({ [runner.kind === 'guard' ? 'guards' : 'steps']: [used] });
}
