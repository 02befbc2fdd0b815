import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';

const compiled = new Map<string, RE2JS>();

/** Whether the text contains a match; RE2, so no pattern can take exponential time. Throws on a broken pattern. */
export function regexFinds(text: string, pattern: string): boolean {
  return compile(pattern).matcher(text).find();
}

/** Whether the whole text matches. */
export function regexMatchesAll(text: string, pattern: string): boolean {
  return compile(pattern).matches(text);
}

/** Why a pattern cannot be used, or nothing. */
export function regexFault(pattern: string): string | undefined {
  try {
    compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known) return known;
  const fresh = engine().RE2JS.compile(pattern);
  if (compiled.size >= 200) compiled.clear();
  compiled.set(pattern, fresh);
  return fresh;
}

const require = createRequire(import.meta.url);

/** Nearly a megabyte, and most playbooks hold no pattern: loaded with the first one. */
function engine(): typeof import('re2js') {
  return require('re2js');
}
