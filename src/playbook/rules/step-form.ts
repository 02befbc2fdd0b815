import type { Problem } from '../../errors.ts';
import type { BlockOutline } from '../outline.ts';
import type { Reading } from '../reading.ts';
import { MAX_DEPTH, NODE } from '../step-shape.ts';

/** What holds other steps takes few keys, and only `for_each` holds more of its kind. */
export function stepForm(reading: Reading): Problem[] {
  return reading.outline.blocks.flatMap((block) => [
    ...misplacedKeys(block, reading),
    ...inParallel(block, reading),
    ...tooDeep(block, reading),
  ]);
}

const COMMON = ['id', 'description', 'when'];
const FORMS = ['uses', 'parallel', 'for_each'];

function misplacedKeys({ raw, path }: BlockOutline, { locate }: Reading): Problem[] {
  const forms = FORMS.filter((form) => raw[form] !== undefined);
  const [form] = forms;
  // That there is more than one form, or none, is told by the shape.
  if (form === undefined || forms.length > 1) return [];
  const own = form === 'for_each' ? ['for_each', 'do'] : [form];
  const keys = Object.keys(raw).filter((key) => Object.hasOwn(NODE.properties ?? {}, key));
  const wrong =
    form === 'uses' ? keys.filter((key) => key === 'do') : keys.filter((key) => ![...COMMON, ...own].includes(key));
  const takes = `a step with \`${form}\` takes ${[...COMMON, ...own].map((key) => `\`${key}\``).join(', ')}`;
  return wrong.map((key) => ({
    code: 'step-form',
    message: `\`${key}\` goes with \`${key === 'do' ? 'for_each' : 'uses'}\`, not with \`${form}\``,
    hint: form === 'uses' ? 'remove it' : takes,
    place: locate.key([...path, key]),
  }));
}

function inParallel({ path, kind }: BlockOutline, { locate }: Reading): Problem[] {
  if (path.at(-2) !== 'parallel') return [];
  const message = 'only steps with `uses` stand in `parallel`';
  const hint = 'put the loop or the other `parallel` before or after it';
  return [{ code: 'step-form', message, hint, place: locate.key([...path, kind]) }];
}

function tooDeep({ path, kind, loops }: BlockOutline, { locate }: Reading): Problem[] {
  if (kind !== 'for_each' || loops.length !== MAX_DEPTH) return [];
  const message = `this loop stands inside of ${MAX_DEPTH} others, and that is the most there may be around a step`;
  const hint = 'make the list of the inner loop in a step before';
  return [{ code: 'too-deep', message, hint, place: locate.key([...path, 'for_each']) }];
}
