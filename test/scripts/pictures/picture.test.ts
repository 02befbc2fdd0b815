import { describe, expect, test } from 'vitest';
import { pictureOf } from '../../../scripts/pictures/picture.ts';
import { screenOf } from '../../../scripts/pictures/screen.ts';
import { readXml, type XmlElement } from '../../support/xml.ts';

const ESC = '\u001b';

function drawn(written: string, title = 'A title'): XmlElement[] {
  const svg = pictureOf({ title, caption: 'shop', rows: screenOf(written, 40), columns: 40 });
  return readXml(svg);
}

/** What stands in the window itself: its caption is before it. */
const pieces = (written: string): XmlElement[] =>
  drawn(written)
    .filter(({ name }) => name === 'text')
    .slice(1);

const lefts = (written: string) => pieces(written).map(({ attributes: { x }, text }) => [Number(x), text]);

describe('a picture', () => {
  test('must place every piece of a line by its column, so that no font can move it', () => {
    expect(lefts('ab  cd\r\n    cd')).toEqual([
      [18, 'ab'],
      [51.6, 'cd'],
      [51.6, 'cd'],
    ]);
    expect(pieces('a b')[0]?.attributes).toMatchObject({ textLength: '25.2' });
  });

  test('must set what many fonts lack alone, in the middle of its cell', () => {
    const [mark, name] = pieces('✓ up');
    expect(mark).toMatchObject({ text: '✓', attributes: { x: '22.2', class: 'middle' } });
    expect(mark?.attributes['textLength']).toBeUndefined();
    expect(name).toMatchObject({ text: 'up', attributes: { x: '34.8' } });
    expect(lefts('a→b')).toEqual([
      [18, 'a'],
      [30.6, '→'],
      [34.8, 'b'],
    ]);
  });

  test('must colour what was coloured, and that alone', () => {
    const found = pieces(`${ESC}[31mred${ESC}[39m ${ESC}[1mbold${ESC}[22m ${ESC}[2mdim${ESC}[22m plain`);
    expect(found.map(({ text, attributes }) => [text, attributes['class']])).toEqual([
      ['red', 'red'],
      ['bold', 'bold'],
      ['dim', 'dim'],
      ['plain', undefined],
    ]);
  });

  test('must show hostile text as text', () => {
    const hostile = '</text><script>1</script>&lt; " \' ]]>';
    expect(pieces(hostile).map(({ text }) => text)).toEqual([hostile]);
    const names = drawn('x', '</title><script/>\u0000\ud800').map(({ name }) => name);
    expect(names).not.toContain('script');
  });

  test('must hold each class that it uses in its style, and load nothing', () => {
    const svg = pictureOf({ title: 't', caption: 'c', rows: screenOf(`✓ ${ESC}[1mx`, 40), columns: 40 });
    for (const [, list = ''] of svg.matchAll(/class="([^"]+)"/g))
      for (const name of list.split(' ')) expect(svg).toContain(`.${name}{`);
    expect(svg.match(/https?:[^"]*/g)).toEqual(['http://www.w3.org/2000/svg']);
    expect(svg).not.toMatch(/url\(|@import|@font-face|<(script|image|use|foreignObject)/);
  });
});
