const POWERS: Record<string, number> = { b: 0, k: 1, m: 2, g: 3, t: 4 };
const SIZE = /^(\d+(?:\.\d+)?)(b|[kmgt]b?)$/i;

/** Reads `512m`, `2g`, `64kb` as bytes, in steps of 1024 as Compose does; `undefined` where it is no size. */
export function parseSize(text: string): number | undefined {
  const [, count, unit] = SIZE.exec(text) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  const bytes = Math.round(Number(count) * 1024 ** (POWERS[unit.charAt(0).toLowerCase()] ?? 0));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Writes bytes for people: `512 MB`, `1.5 GB`. */
export function formatSize(bytes: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB'];
  let power = 0;
  let count = bytes;
  while (count >= 1023.5 && power < names.length - 1) {
    count /= 1024;
    power += 1;
  }
  const digits = power > 0 && count < 9.95 ? 1 : 0;
  return `${count.toFixed(digits).replace(/\.0$/, '')} ${names[power]}`;
}
