import { randomInt } from 'node:crypto';

/**
 * A new id such as `k3f9`: short enough to be typed, without letters that look alike, never a number. It grows by a letter
 * where ids of its length are mostly taken. The order of runs is the history's, not that of their ids.
 */
export function newRunId(isTaken: (id: string) => boolean = () => false): string {
  for (let tries = 0; ; tries += 1) {
    const id = randomId(4 + Math.floor(tries / 8));
    if (!isTaken(id)) return id;
  }
}

const LETTERS = 'abcdefghjkmnpqrstvwxyz';
const ALPHABET = `0123456789${LETTERS}`;

function randomId(length: number): string {
  const rest = Array.from({ length: length - 1 }, () => pick(ALPHABET));
  return pick(LETTERS) + rest.join('');
}

function pick(letters: string): string {
  return letters.charAt(randomInt(letters.length));
}
