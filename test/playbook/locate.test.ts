import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../src/playbook/parse.ts';
import { type Path, valueAt } from '../../src/playbook/path.ts';

function locate(text: string) {
  const read = parseYaml({ file: 'x.yml', text });
  if (!('parsed' in read)) throw new Error(read.problems.map(({ message }) => message).join());
  return read.parsed;
}

/** The characters a place points to. */
function pointed(
  text: string,
  { line, column, length = 0 }: { line: number; column: number; length?: number },
): string {
  return (text.split('\n')[line - 1] ?? '').slice(column - 1, column - 1 + length);
}

const TEXT = 'a: 1\nlist:\n  - { id: x, deep: { k: [v, "w"] } }\nempty:\nref: &r { z: 1 }\nuse: *r\n';

describe('places', () => {
  test.each<[Path, 'key' | 'value', string]>([
    [['a'], 'key', 'a'],
    [['a'], 'value', '1'],
    [['list', 0, 'id'], 'value', 'x'],
    [['list', 0, 'deep', 'k', 1], 'value', '"w"'],
    [['list', 0, 'deep'], 'key', 'deep'],
    [['use', 'z'], 'key', 'z'],
    [['list', 0, 'nothing'], 'value', '{ id: x, deep: { k: [v, "w"] } }'],
    [['list', 7], 'value', '- { id: x, deep: { k: [v, "w"] } }'],
    [[], 'value', 'a'],
  ])('%j %s', (path, what, expected) => {
    expect(pointed(TEXT, locate(TEXT).locate[what](path))).toBe(expected);
  });
});

describe('inside a text, whatever its writing', () => {
  const WORD = 'WORD';
  test.each([
    ['plain', 'a: one WORD two'],
    ['single quotes', "a: 'one WORD two'"],
    ['doubled single quotes', "a: 'it''s a ''WORD'''"],
    ['double quotes', 'a: "one WORD two"'],
    ['escapes', 'a: "one \\"x\\" \\\\ \\n \\t WORD"'],
    ['a literal block', 'a: |\n  one\n    two WORD\n'],
    ['a literal block after an empty line', 'a: |\n  one\n\n  WORD\n'],
    ['a folded block', 'a: >\n  one\n  two WORD\n'],
    ['a stripped block', 'a: |-\n  one\n  WORD'],
    ['a folded plain text', 'a: one\n  two\n  WORD'],
    ['a folded quoted text', "a: 'one\n\n  two\n  WORD'"],
    ['a list item', 'a:\n  - x\nb: 1', 'x'],
    ['other letters', 'a: "ä🙂 WORD"'],
  ])('%s', (_what, text, word = WORD) => {
    const { value, locate: locator } = locate(text);
    const path = word === WORD ? ['a'] : ['a', 0];
    const scalar = valueAt(value, path) as string;
    const start = scalar.indexOf(word);
    expect(pointed(text, locator.inside(path, start, start + word.length))).toBe(word);
  });

  test('a writing that cannot be followed must lead to the start of the text', () => {
    const text = 'a: "\\u0041 and \\x42 WORD"';
    const place = locate(text).locate.inside(['a'], 8, 12);
    expect(place).toMatchObject({ line: 1, column: 4 });
  });

  test('what lies behind the end must lead to the end', () => {
    expect(locate('a: abc').locate.inside(['a'], 3, 4)).toMatchObject({ line: 1, column: 7 });
  });
});

test('the writing of a plain scalar must be known, that of a quoted one must not matter', () => {
  const { locate: locator } = locate("a: 1.10\nb: '1.10'\n");
  expect([locator.plainSource(['a']), locator.plainSource(['b'])]).toEqual(['1.10', undefined]);
});
