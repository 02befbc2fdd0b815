import { describe, expect, it } from 'vitest';
import { clean } from '../../src/report/clean.ts';
import { cleanOutput, jsonText } from '../../src/report/gate.ts';
import { plainText } from '../../src/runner/plain-text.ts';

describe('text from outside', () => {
  it.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['cursor movements', 'a\u001b[2J\u001b[Hb', 'ab'],
    ['a title of the window', '\u001b]0;owned\u0007text', 'text'],
    ['links', '\u001b]8;;https://x\u001b\\text\u001b]8;;\u001b\\', 'text'],
    ['bells and backspaces', 'pass\u0007word\b\b', 'password'],
    ['a return that writes over the line', 'good\rbad', 'good\nbad'],
    ['a lonely escape', 'a\u001bb', 'a'],
    ['C1 controls', 'a\u009b31mb', 'ab'],
    ['an order to the clipboard', '\u001b]52;c;aGFja2Vk\u0007text', 'text'],
    ['marks that turn the direction round', 'a\u202eb\u2066c', 'abc'],
  ])('must lose %s', (_, given, expected) => {
    // What follows a lonely escape may belong to it; only that nothing dangerous is left counts.
    expect(plainText(given).startsWith(expected)).toBe(true);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be left.
    expect(plainText(given)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e\u2066]/);
  });

  it('must keep what people write', () => {
    expect(plainText('Grüße → ✓ 日本\tx\ny')).toBe('Grüße → ✓ 日本\tx\ny');
  });

  it('must be cleaned wherever it stands in a value, and nothing else changed', () => {
    const given = { lines: ['\u001b[1mx'], at: 5, none: null, 'k\u0007': { yes: true } };
    expect(clean(given)).toEqual({ lines: ['x'], at: 5, none: null, k: { yes: true } });
  });
});

describe('the last gate before a terminal', () => {
  it.each([
    ['colours stay', '\u001b[1m\u001b[31mred\u001b[0m', '\u001b[1m\u001b[31mred\u001b[0m'],
    ['the step back of the live view stays', '\r\u001b[2A\u001b[Jx', '\r\u001b[2A\u001b[Jx'],
    ['an order to the clipboard', 'a\u001b]52;c;aGk=\u0007b', 'a]52;c;aGk=b'],
    ['the screen cleared', 'a\u001b[2J\u001b[Hb', 'a[2J[Hb'],
    ['C1 controls', 'a\u009b31mb\u009d', 'a31mb'],
    ['a return that writes over the line', 'good\rbad\r\n', 'goodbad\n'],
    ['marks that turn the direction round', 'a\u202eb\u061c', 'ab'],
    ['what would become one by what is taken out', '\u001b\u009b[2J', '[2J'],
  ])('%s', (_, given, expected) => {
    expect(cleanOutput(given)).toBe(expected);
  });

  it('must hold back every letter that is no text', () => {
    const letters = Array.from({ length: 0xd800 }, (_, code) => String.fromCharCode(code));
    const kept = (read: (text: string) => string) => letters.filter((letter) => read(letter) === letter);
    expect(kept(cleanOutput)).toEqual(kept(plainText));
  });

  it('must find nothing to take out of JSON, and JSON keep its values', () => {
    const value = { 'k\u009b': 'a\u001b]52;c;aGk=\u0007\u009d\u202e\u007f\r\n\t' };
    const json = jsonText(value, 2);
    expect(cleanOutput(json)).toBe(json);
    expect(JSON.parse(json)).toEqual(value);
  });
});
