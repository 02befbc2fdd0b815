import { regexFault } from '../expression/regular-expression.ts';
import { parseDuration } from './duration.ts';
import { parseSize } from './size.ts';

/** How a text of a format must look: `say` completes "… must be". */
type Format = { say: string; holds(text: string): boolean };

/** The formats of our schemas. `cel` is checked where the names are known. */
const FORMATS: Readonly<Record<string, Format>> = {
  duration: { say: 'a duration like `90s`, `5m` or `1m30s`', holds: (text) => parseDuration(text) !== undefined },
  size: { say: 'a size like `512m` or `2g`', holds: (text) => parseSize(text) !== undefined },
  path: { say: 'a path', holds: (text) => text !== '' && !text.includes('\0') },
  url: { say: 'a URL like `http://localhost:8080/health`', holds: isUrl },
  service: { say: 'the name of a Compose service', holds: (text) => /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/.test(text) },
  regex: { say: 'a regular expression (RE2)', holds: (text) => regexFault(text) === undefined },
  backoff: { say: 'a duration like `5s`, or two like `2s..30s`', holds: (text) => parseBackoff(text) !== undefined },
};

/** What is wrong with a text of this format, as the end of a sentence: "must be a duration like …". */
export function formatFault(format: string, text: string): string | undefined {
  const known = FORMATS[format];
  return known && !known.holds(text) ? `must be ${known.say}` : undefined;
}

/** `2s..30s`, or one duration for both. */
export function parseBackoff(text: string): { from: number; to: number } | undefined {
  const [first = '', second = first, ...more] = text.split('..');
  const from = parseDuration(first.trim());
  const to = parseDuration(second.trim());
  if (from === undefined || to === undefined || more.length > 0 || from > to) return undefined;
  return { from, to };
}

function isUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && hostname !== '';
}
