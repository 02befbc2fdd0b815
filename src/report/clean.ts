import { stripVTControlCharacters } from 'node:util';

// Control characters but tab and line feed, and the marks that turn the direction of text round.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Takes out what would move the cursor, colour the screen or hide text: logs of containers hold all of it. */
export function cleanText(text: string): string {
  return stripVTControlCharacters(text).replaceAll('\r\n', '\n').replaceAll('\r', '\n').replace(unprintable, '');
}

/** The same value with every text in it cleaned. */
export function clean<T>(value: T): T {
  return cleaned(value) as T;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [cleanText(key), cleaned(each)]));
}
