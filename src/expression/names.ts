import { suggestion } from '../playbook/nearest.ts';
import type { ProblemCode } from '../playbook/problem-codes.ts';
import type { JsonSchema } from '../runner/schema.ts';
import type { ExpressionFault, Surroundings } from './fault.ts';
import { memberOf, schemaOf, type Variables } from './schemas.ts';
import { accessed, CEL_NAMES, keyOf, type Node, walk } from './syntax.ts';

/** Finds names that there are not; `has(…)` too, which CEL itself would let pass as false. */
export function nameFaults(ast: Node, variables: Variables, around: Surroundings): ExpressionFault[] {
  const faults: ExpressionFault[] = [];
  walk(ast, (node, bound) => {
    if (node.op === 'id' && !bound.has(node.args) && !CEL_NAMES.has(node.args) && !Object.hasOwn(variables, node.args))
      faults.push({ ...unknownName(node.args, Object.keys(variables), around), start: node.start, end: node.end });
    const inner = accessed(node);
    const key = keyOf(node);
    const schema = inner && key !== undefined ? schemaOf(inner, variables, bound) : undefined;
    if (inner && schema && key !== undefined && memberOf(schema, key) === 'missing')
      faults.push({ ...unknownMember(inner, key, schema, around), ...keySpan(node, key) });
  });
  return faults;
}

/** Words for a name that no variable has; also used for templates. */
export function unknownName(name: string, known: readonly string[], around: Surroundings): Words {
  const code: ProblemCode = 'unknown-name';
  if (name === 'secrets' || name === 'secret')
    return {
      code,
      message: 'secrets cannot be read here',
      hint: 'give `{ secret: NAME }` to a field that takes secrets',
    };
  if (name === 'result')
    return { code, message: '`result` is there only in `expect` and `done`', hint: 'for an earlier step: `steps.ID`' };
  if (name === 'sample') return { code, message: '`sample` is there only in `bad` of a trigger' };
  if (name === 'run') return { code, message: '`run` is there only in `always`' };
  if (name === 'error') return { code, message: '`error` is there only in `retry.if`' };
  const hint = suggestion(name, known, `\`${around.field}\` sees`);
  return { code, message: `there is no \`${name}\` here`, ...(hint && { hint }) };
}

type Words = { code: ProblemCode; message: string; hint?: string };

/** Words for a key that its parent does not have; `parent` is how it is written. */
export function unknownKey(parent: string, key: string, schema: JsonSchema, around: Surroundings): Words {
  const names = Object.keys(schema.properties ?? {});
  const hint = suggestion(key, names, 'there is');
  const rest = hint ? { hint } : {};
  if (parent === 'inputs')
    return {
      code: 'unknown-input',
      message: `there is no input \`${key}\``,
      ...(hint ? rest : { hint: 'declare it under `inputs`' }),
    };
  if (parent === 'steps') {
    const hidden = around.hidden?.(key);
    if (hidden) return { code: 'hidden-step', ...hidden };
    if (around.later.includes(key))
      return {
        code: 'later-step',
        message: `step \`${key}\` has not run yet at this point`,
        hint: 'only steps that stand before this one can be asked',
      };
    return { code: 'unknown-step', message: `there is no step \`${key}\` before this one`, ...rest };
  }
  return { code: 'unknown-field', message: `\`${parent}\` has no \`${key}\``, ...rest };
}

function unknownMember(inner: Node, key: string, schema: JsonSchema, around: Surroundings): Words {
  return unknownKey(inner.input.slice(inner.start, inner.end), key, schema, around);
}

/** The key's own characters at the end of the access. */
function keySpan(node: Node, key: string): { start: number; end: number } {
  const at = node.input.lastIndexOf(key, node.end);
  return at > node.start ? { start: at, end: at + key.length } : { start: node.start, end: node.end };
}
