import { isSecretName } from './secret-words.ts';

/**
 * A line of somebody's file as it may be shown: what stands behind a name that tells of a secret (`DB_PASSWORD: x`, `TOKEN=x`)
 * and passwords in addresses are covered, each letter by a star, so that a caret below still stands where it should.
 */
export function coverSecrets(text: string): string {
  let shown = '';
  let done = 0;
  for (const found of text.matchAll(named)) {
    const start = found.index + found[0].length;
    if (found.index < done || !tells(found[1] ?? '')) continue;
    const end = start + lengthAt(reference, text, start);
    // A reference is no secret, and what is in it is no name of one.
    if (end > start) {
      shown += text.slice(done, end);
      done = end;
      continue;
    }
    const length = lengthAt(value, text, start);
    shown += text.slice(done, start) + covered(text.slice(start, start + length));
    done = start + length;
  }
  return (shown + text.slice(done)).replace(
    address,
    (_all, before: string, password: string) => before + covered(password),
  );
}

// A name is tried from its first letter only, which keeps a long line cheap.
const named = /(?<![\w.-])([\w.-]+)["']?\s{0,9}[:=]\s{0,9}/g;

const value = /"(?:[^"\\\n]|\\.)*|'[^'\n]*|[^\s,{}[\]][^,{}[\]\n]*/y;

/** A variable of Compose, a template, an alias: the value itself stands elsewhere. */
const reference = /["']?(?:\$\{[^}\n]*\}|\$\w+|\{\{[^}\n]*\}\}|[*&!|>])/y;

const address = /(:\/\/[^\s/:@]*:)([^\s/@]+)(?=@)/g;

/** `{ secret: name }` says which one, not what it is. */
function tells(name: string): boolean {
  return isSecretName(name) && !/^secret$/i.test(name);
}

function lengthAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

function covered(text: string): string {
  return text.replace(/[^\s"']/g, '*');
}
