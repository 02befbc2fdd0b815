/** Where a value stands in a document: `['steps', 2, 'with', 'url']`. */
export type Path = readonly (string | number)[];

/** The path as people write it: `steps[2].with.url`. */
export function writtenPath(path: Path): string {
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : at === 0 ? key : `.${key}`)).join('');
}

/** The last name of a path, as a subject of a sentence: `` `url` ``, `item 2 of `files``. */
export function subject(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'a playbook';
  if (typeof last === 'string') return `\`${last}\``;
  return `item ${last + 1} of ${subject(path.slice(0, -1))}`;
}

/** The value at a path of plain data, if there is one. */
export function valueAt(root: unknown, path: Path): unknown {
  let at = root;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string | number, unknown>)[key];
  }
  return at;
}
