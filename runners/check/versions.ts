/** Compares versions by their numbers (`26.1.5+dfsg1`, `2.26.1-4`): negative where `a` is the older one; undefined where one is no version. */
export function compareVersions(a: string, b: string): number | undefined {
  const left = numbers(a);
  const right = numbers(b);
  if (!left || !right) return undefined;
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether it is at least the other one; a version that cannot be read (a build from source) is not held against anyone. */
export function isAtLeast(version: string, least: string): boolean | undefined {
  const difference = compareVersions(version, least);
  return difference === undefined ? undefined : difference >= 0;
}

function numbers(version: string): number[] | undefined {
  const match = /^v?(\d+(?:\.\d+)*)/.exec(version);
  return match?.[1]?.split('.').map(Number);
}
