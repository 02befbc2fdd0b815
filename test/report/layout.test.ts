import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beside, clip, columnsOf, padLeft, padTo, spread, wrap } from '../../src/report/layout.ts';
import { colourStyle } from '../../src/report/style.ts';
import { printTable } from '../../src/report/table.ts';

const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.lorem());
const width = fc.integer({ min: 2, max: 120 });

describe('columnsOf', () => {
  it.each([
    ['web', 3],
    ['é → ✓', 5],
    ['日本', 4],
    ['🚀', 2],
    ['e\u0301', 1],
    [colourStyle().bad('web'), 3],
  ])('must count what is seen of %j', (given, columns) => {
    expect(columnsOf(given)).toBe(columns);
  });
});

describe('wrap', () => {
  it('must never give a line that is too long, and must lose nothing but blanks', () => {
    fc.assert(
      fc.property(text, width, (given, columns) => {
        const lines = wrap(given, columns);
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
        expect(lines.join('').replaceAll(/\s/g, '')).toBe(given.replaceAll(/\s/g, ''));
      }),
    );
  });

  it('must break at blanks, and a word only where it is longer than the line', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('abcdefghij k', 4)).toEqual(['abcd', 'efgh', 'ij k']);
    expect(wrap('', 4)).toEqual(['']);
  });
});

describe('clip', () => {
  it('must never be longer than it may, on one line', () => {
    fc.assert(
      fc.property(text, width, (given, columns) => {
        const line = clip(given, columns);
        expect(columnsOf(line)).toBeLessThanOrEqual(columns);
        expect(line).not.toContain('\n');
      }),
    );
  });

  it('must show that something was cut', () => {
    expect(clip('one two three', 8)).toBe('one two…');
    expect(clip('one\n two', 20)).toBe('one two');
    expect(clip('one', 0)).toBe('');
    expect(clip('日本語', 2)).toBe('…');
  });
});

describe('setting out', () => {
  it('must fill up to the column, by what is seen', () => {
    expect(padTo('日', 4)).toBe('日  ');
    expect(padLeft('1 s', 5)).toBe('  1 s');
    expect(padTo('long', 2)).toBe('long');
  });

  it('must set further lines below the text, not below the label', () => {
    expect(beside('Note  ', 'one two three', 13)).toEqual(['Note  one two', '      three']);
  });

  it('must put the right text on a line of its own where both do not fit', () => {
    expect(spread('left', 'right', 12)).toEqual(['left   right']);
    expect(spread('left left', 'right', 12)).toEqual(['left left', '       right']);
    expect(spread('left', '', 12)).toEqual(['left']);
  });

  it('must leave out a column nobody has anything for', () => {
    expect(
      printTable(
        ['A', 'B', 'C'],
        [
          ['1', '', 'x'],
          ['22', '', 'y'],
        ],
      ),
    ).toEqual(['A   C', '1   x', '22  y']);
  });
});

it('what is counted the fast way must be what the segmenter counts, letter by letter', () => {
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
  const plain = 'ab \n0~é£ÿŁ…–—·→←↑↓↺─│✓✗“”'.split('');
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...plain) }), (given) => {
      const letters = [...segmenter.segment(given)].map(({ segment }) => segment);
      expect(letters).toHaveLength(given.length);
      expect(columnsOf(given)).toBe(given.length);
    }),
  );
});
