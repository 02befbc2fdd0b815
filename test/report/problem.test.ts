import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/errors.ts';
import { printProblems } from '../../src/report/problem.ts';
import { colourStyle, plainStyle } from '../../src/report/style.ts';

function print(problem: Partial<Problem>, text = ''): string {
  const whole: Problem = { code: 'unknown-key', message: 'there is no key `x`', ...problem };
  return printProblems([whole], new Map([['p.yml', text]]), plainStyle());
}

const at = (line: number, column: number, length?: number) => ({
  file: 'p.yml',
  line,
  column,
  ...(length !== undefined && { length }),
});

/** The characters above the carets. */
function underlined(printed: string): string {
  const [, source = '', carets = ''] = printed.split('\n');
  return source.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1);
}

describe('a problem', () => {
  test('must say place, message, hint and code', () => {
    expect(print({ place: at(2, 3, 1), hint: 'did you mean `y`?' }, 'a: 1\n  x: 2\n')).toBe(
      'p.yml:2:3: there is no key `x`; did you mean `y`? [unknown-key]\n   2 |   x: 2\n     |   ^\n',
    );
  });

  test('must set a hint that is a sentence of its own apart from the message', () => {
    expect(print({ hint: 'See the manual' })).toBe('there is no key `x`. See the manual. [unknown-key]\n');
  });

  test('without a place must be one line', () => {
    expect(print({})).toBe('there is no key `x` [unknown-key]\n');
  });

  test('in a text that is not at hand must do without a frame', () => {
    expect(
      printProblems(
        [{ code: 'tab', message: 'm', place: { file: 'q.yml', line: 1, column: 1 } }],
        new Map(),
        plainStyle(),
      ),
    ).toBe('q.yml:1:1: m [tab]\n');
  });

  test('that only warns must say so', () => {
    expect(print({ level: 'warning', place: at(9, 1) })).toContain('p.yml:9:1: warning: there');
  });

  test('must show the other place too', () => {
    const other = { place: at(1, 1, 1), message: 'the first one' };
    expect(
      print({ place: at(2, 1, 1), other }, 'a: 1\na: 2\n')
        .split('\n')
        .slice(3, 6),
    ).toEqual(['p.yml:1:1: the first one', '   1 | a: 1', '     | ^']);
  });
});

describe('the caret must stand below what is meant', () => {
  test.each([
    ['in a short line', 'a: wrong', 4, 5, 'wrong'],
    ['in a long line', `${'x'.repeat(200)}wrong${'y'.repeat(200)}`, 201, 5, 'wrong'],
    ['near the end of a long line', `${'x'.repeat(99)}wrong`, 100, 5, 'wrong'],
    ['where the length is too big', 'a: wrong', 4, 50, 'wrong'],
  ])('%s', (_what, text, column, length, expected) => {
    expect(underlined(print({ place: at(1, column, length) }, text))).toBe(expected);
  });

  test('behind a tab', () => {
    expect(print({ place: at(1, 2, 1) }, '\tx').split('\n')[2]).toBe('     | \t^');
  });
});

test('colour must only repeat what the words say', () => {
  const problem: Problem = { code: 'tab', message: 'm', place: at(1, 1, 1), level: 'warning' };
  const texts = new Map([['p.yml', 'x']]);
  const coloured = printProblems([problem], texts, colourStyle());
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(printProblems([problem], texts, plainStyle()));
  expect(coloured).not.toBe(printProblems([problem], texts, plainStyle()));
});

test('two problems must stand apart', () => {
  const problem: Problem = { code: 'tab', message: 'm' };
  expect(printProblems([problem, problem], new Map(), plainStyle())).toBe('m [tab]\n\nm [tab]\n');
});
