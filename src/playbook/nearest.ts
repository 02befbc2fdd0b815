/** The name that was most likely meant, or none where nothing is close. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  // Two different letters are no typing error.
  const limit = word.length < 2 ? 0 : Math.max(1, Math.floor(word.length / 3));
  let best: { name: string; distance: number } | undefined;
  for (const name of names) {
    const distance = editDistance(simple(word), simple(name));
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best?.name ?? sameWords(word, names);
}

/** `did you mean X?`, or the list of what is allowed. */
export function suggestion(word: string, names: readonly string[], what = 'allowed'): string | undefined {
  const near = nearest(word, names);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  return names.length === 0 ? undefined : `${what}: ${listed(names)}`;
}

/** Names as a short list for a message. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => `\`${name}\``);
  return names.length > 20 ? `${shown.join(', ')} and ${names.length - 20} more` : shown.join(', ');
}

/** `pull.compose` is meant as `compose.pull`. */
function sameWords(word: string, names: readonly string[]): string | undefined {
  const key = words(word);
  return names.find((name) => words(name) === key) ?? names.find((name) => name.endsWith(`.${simple(word)}`));
}

function words(name: string): string {
  return simple(name).split(/[._]/).sort().join('.');
}

function simple(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

/** Optimal string alignment: a swap of two neighbours counts once, as people type. */
function editDistance(left: string, right: string): number {
  let before: number[] = [];
  let above = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    for (let j = 1; j <= right.length; j++) {
      const cost = left[i - 1] === right[j - 1] ? 0 : 1;
      let value = Math.min(at(above, j) + 1, at(row, j - 1) + 1, at(above, j - 1) + cost);
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1])
        value = Math.min(value, at(before, j - 2) + 1);
      row.push(value);
    }
    before = above;
    above = row;
  }
  return at(above, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? 0;
}
