import { expect, test } from 'vitest';
import { readXml } from './xml.ts';

test('what is well-formed must be read', () => {
  expect(readXml('<a x="1 &amp; 2">one &lt; <b y="&quot;"/>two</a>\n')).toEqual([
    { name: 'a', attributes: { x: '1 & 2' }, text: 'one < two' },
    { name: 'b', attributes: { y: '"' }, text: '' },
  ]);
});

test.each([
  ['', /not closed/],
  ['<a>', /not closed: a/],
  ['<a></b>', /closes a/],
  ['<a/><b/>', /second root/],
  ['<a/>text', /outside/],
  ['<a>1 & 2</a>', /no entity/],
  ['<a>&nbsp;</a>', /no entity/],
  ['<a>1 < 2</a>', /not escaped/],
  ['<a x=1></a>', /not escaped|closes/],
  ['<a x="1" x="2"/>', /twice/],
  ['<a>\u0000</a>', /no letter/],
])('what is not must be refused: %j', (xml, why) => expect(() => readXml(xml)).toThrow(why));
