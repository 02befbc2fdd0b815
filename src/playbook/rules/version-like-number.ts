import type { Problem } from '../../errors.ts';
import { TARGET } from '../envelope.ts';
import { takes } from '../kinds.ts';
import { usesOf } from '../outline.ts';
import type { Path } from '../path.ts';
import type { Reading } from '../reading.ts';
import { schemaAt } from '../schema-at.ts';

/** `1.10` reads as 1.1 and `010` as 10: where a text would do as well, a text is what was meant. */
export function versionLikeNumber({ value, outline, runners, locate }: Reading): Problem[] {
  const inWith = usesOf(outline).flatMap(({ name, path, with: written }) => {
    const runner = name === undefined ? undefined : runners.get(name);
    return numbersIn(written, [])
      .filter((at) => runner && maybeText(schemaAt(runner.params, at)))
      .map((at) => [...path, 'with', ...at]);
  });
  const inTarget = numbersIn(value['target'], [])
    .filter((at) => maybeText(schemaAt(TARGET, at)))
    .map((at) => ['target', ...at]);
  const inEnums = Object.entries(outline.inputs)
    .filter(([, { type }]) => type === 'enum')
    .flatMap(([name, input]) => numbersIn(input, []).map((at) => ['inputs', name, ...at]));
  return [...inWith, ...inTarget, ...inEnums].flatMap((path): Problem[] => {
    const source = locate.plainSource(path);
    if (source === undefined || !changes(source)) return [];
    const message = `YAML reads \`${source}\` as the number ${Number(source)}`;
    return [
      {
        code: 'version-like-number',
        level: 'warning',
        message,
        hint: `put it in quotes: '${source}'`,
        place: locate.value(path),
        mend: { place: locate.value(path), text: `'${source}'` },
      },
    ];
  });
}

function maybeText(schema: Parameters<typeof takes>[0] | undefined): boolean {
  return schema !== undefined && takes(schema, 'string') && takes(schema, 'integer');
}

function numbersIn(value: unknown, path: Path): Path[] {
  if (typeof value === 'number') return [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => numbersIn(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => numbersIn(item, [...path, key]));
}

/** Whether reading and writing the number again would give other characters. */
function changes(source: string): boolean {
  return /^[-+]?\d+(\.\d+)?$/.test(source) && String(Number(source)) !== source;
}
