import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/runner/schema.ts';
import { parseTemplate, TemplateFault } from '../../src/template/parse.ts';
import { NotAText, renderText } from '../../src/template/render.ts';

function render(
  text: string,
  values: Record<string, Json> = { x: 'X', n: 3, on: true, list: [1], nothing: null },
): Json {
  return renderText(text, ({ path }) => {
    const value = values[path.join('.')];
    if (value === undefined) throw new Error(`missing ${path.join('.')}`);
    return value;
  });
}

describe('F81 a value must arrive unchanged', () => {
  test.each(['"quoted"', "it's", '{{x}}', '{{{x}}}', 'a\nb\n', 'C:\\{{dir}}', '$(touch x)', '<b>&amp;', '${HOME}', ''])(
    '%j',
    (value) => {
      expect(render('{{x}}', { x: value })).toBe(value);
      expect(render('<{{x}}>', { x: value })).toBe(`<${value}>`);
    },
  );

  test('whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (x, y) => {
        expect(render('a{{x}}-{{ y }}b', { x, y })).toBe(`a${x}-${y}b`);
      }),
      { numRuns: 50 },
    );
  });

  test.each(['{{x}}', '{{ x }}', '{{  x}}', '{{x\t}}', '{{\nx\n}}'])('blanks inside %j must mean nothing', (text) => {
    expect(render(`${text}!`)).toBe('X!');
  });
});

describe('text', () => {
  test.each([
    ['plain', 'plain'],
    ['a \\ b', 'a \\ b'],
    ['a } b', 'a } b'],
    ['{ x }', '{ x }'],
    ['\\{{x}}', '{{x}}'],
    ['\\{{x}} {{x}}', '{{x}} X'],
    ['\\\\{{x}}', '\\X'],
    ['{{x}} and {{n}}', 'X and 3'],
    ['{{x}}{{! a word }}', 'X'],
    ['on={{on}}', 'on=true'],
  ])('%j must become %j', (text, rendered) => {
    expect(render(text)).toBe(rendered);
  });
});

describe('a text that is exactly one reference must keep the type of its value', () => {
  test.each<[string, Json]>([
    ['{{n}}', 3],
    ['{{on}}', true],
    ['{{list}}', [1]],
    ['{{ n }}', 3],
    ['{{n}} ', '3 '],
  ])('%j', (text, value) => {
    expect(render(text)).toEqual(value);
  });
});

test.each([
  ['{{list.0}}', ['list', '0']],
  ['{{ a.b.12 }}', ['a', 'b', '12']],
  ['{{a.0.name}}', ['a', '0', 'name']],
])('an item of a list is named by its number: %s', (text, path) => {
  expect(parseTemplate(text)).toEqual([{ path, start: 0, end: text.length }]);
});

test('a number in a text must stay what it is', () => {
  expect(render('\\{{list.0}} and 0', {})).toBe('{{list.0}} and 0');
});

test('F82 a value that looks like a template must stay text', () => {
  expect(render('{{x}}-{{n}}', { x: '{{n}}', n: 1 })).toBe('{{n}}-1');
});

test('a missing value must be an error, not empty text', () => {
  expect(() => render('a {{y}}')).toThrow('missing y');
});

test.each(['{{list}}!', '{{nothing}}!'])('a list or nothing inside a text must be an error: %j', (text) => {
  expect(() => render(text)).toThrow(NotAText);
});

describe('F85 only plain references are templates', () => {
  test.each([
    '{{#if x}}a{{/if}}',
    '{{> part}}',
    '{{upper x}}',
    '{{f a=1}}',
    '{{../x}}',
    '{{this}}',
    '{{@root.x}}',
    '{{"text"}}',
    '{{1}}',
    '{{{x}}}',
    '{{&x}}',
    '{{~x}}',
    '{{*x}}',
    '{{x',
    '{{}}',
    '{{else}}',
    '{{{{raw}}}} {{{{/raw}}}}',
    '{{ x | upper }}',
  ])('%j', (text) => {
    expect(() => parseTemplate(text)).toThrow(TemplateFault);
  });
});

test('a reference must know its place, on later lines too', () => {
  const text = 'first\nsecond {{inputs.tag}}!';
  const reference = parseTemplate(text).find((part) => typeof part === 'object');
  expect(reference && text.slice(reference.start, reference.end)).toBe('{{inputs.tag}}');
});
