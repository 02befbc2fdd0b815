import { describe, expect, it } from 'vitest';
import { colourStyle, plainStyle, styleFor } from '../../src/report/style.ts';

const terminal = { isTTY: true, columns: 120 };
const isColoured = (...given: Parameters<typeof styleFor>) => styleFor(...given).bad('x') !== 'x';

describe('style', () => {
  it.each([
    ['a terminal', [terminal, {}], true],
    ['a pipe', [{}, {}], false],
    ['a pipe with FORCE_COLOR', [{}, { FORCE_COLOR: '1' }], true],
    ['FORCE_COLOR=0', [{}, { FORCE_COLOR: '0' }], false],
    ['NO_COLOR', [terminal, { NO_COLOR: '1' }], false],
    ['NO_COLOR beside FORCE_COLOR', [terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }], false],
    ['an empty NO_COLOR', [terminal, { NO_COLOR: '' }], true],
    ['--no-color', [terminal, {}, { noColor: true }], false],
    ['a dumb terminal', [terminal, { TERM: 'dumb' }], false],
  ] as const)('must be right for %s', (_, given, coloured) => {
    expect(isColoured(...(given as unknown as Parameters<typeof styleFor>))).toBe(coloured);
  });

  it('must know the width, and a sensible one where there is none', () => {
    expect(styleFor(terminal, {}).width).toBe(120);
    expect(styleFor({}, {}).width).toBe(100);
    expect(styleFor({ isTTY: true, columns: 5 }, {}).width).toBe(40);
  });

  it('must not paint an empty text', () => {
    expect(colourStyle().good('')).toBe('');
    expect(plainStyle().good('x')).toBe('x');
  });
});
