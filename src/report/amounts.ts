const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago, roughly: `just now`, `40 s ago`, `5 min ago`, `3 h ago`, `12 days ago`. */
export function sayAgo(at: number, now: number): string {
  const ago = now - at;
  if (ago < 5 * second) return 'just now';
  if (ago < minute) return `${Math.floor(ago / second)} s ago`;
  if (ago < hour) return `${Math.floor(ago / minute)} min ago`;
  if (ago < 2 * day) return `${Math.floor(ago / hour)} h ago`;
  return `${Math.floor(ago / day)} days ago`;
}

/** `1 service`, `2 services`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(words: readonly string[]): string {
  const last = words.at(-1);
  if (last === undefined) return '';
  return words.length === 1 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** A point in time that sorts and reads: `2026-03-01 12:00:05` (UTC). */
export function sayTime(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
