import { Lexer } from 'yaml';

/** A comment of a YAML file; `alone` says that nothing stands before it on its line. */
export type Comment = { start: number; text: string; alone: boolean };

/** Every comment. What only looks like one, inside of a text, is none. */
export function commentsOf(text: string): Comment[] {
  const found: Comment[] = [];
  let at = 0;
  let inScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (MARKS.has(token)) {
      inScalar = token === SCALAR;
      continue;
    }
    if (token.startsWith('#') && !inScalar) {
      const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
      found.push({ start: at, text: token.trimEnd(), alone: before.trim() === '' });
    }
    inScalar = false;
    at += token.length;
  }
  return found;
}

/** Before the characters of a scalar. */
const SCALAR = '\x1f';
/** What the lexer says between the characters of the file: a document begins, a flow ends early, a scalar follows. */
const MARKS: ReadonlySet<string> = new Set(['\x02', '\x18', SCALAR]);
