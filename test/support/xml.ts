/** An element with the text that stands in it before the next one begins. */
export type XmlElement = { name: string; attributes: Record<string, string>; text: string };

/** The elements of an XML text in their order; throws where it is not well-formed. Of XML it knows what our pictures are made of. */
export function readXml(xml: string): XmlElement[] {
  const elements: XmlElement[] = [];
  const open: XmlElement[] = [];
  let at = 0;
  for (const match of xml.matchAll(/<(\/?)([a-zA-Z]+)((?:\s+[a-zA-Z:]+="[^"<]*")*)\s*(\/?)>/g)) {
    addText(open, xml.slice(at, match.index));
    at = match.index + match[0].length;
    const [, closes, name = '', list = '', empty] = match;
    if (closes) close(open, name);
    else {
      if (open.length === 0 && elements.length > 0) throw new Error(`a second root: ${name}`);
      const element = { name, attributes: attributesOf(list), text: '' };
      elements.push(element);
      if (!empty) open.push(element);
    }
  }
  addText([], xml.slice(at));
  if (open.length > 0 || elements.length === 0)
    throw new Error(`not closed: ${open.map(({ name }) => name).join(', ')}`);
  return elements;
}

function addText(open: readonly XmlElement[], raw: string): void {
  const inside = open.at(-1);
  const text = plain(raw);
  if (inside) inside.text += text;
  else if (text.trim() !== '') throw new Error(`text outside of the root: ${text}`);
}

function close(open: XmlElement[], name: string): void {
  const last = open.pop();
  if (last?.name !== name) throw new Error(`</${name}> closes ${last?.name ?? 'nothing'}`);
}

function attributesOf(list: string): Record<string, string> {
  const pairs = [...list.matchAll(/([a-zA-Z:]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, plain(value)]);
  const attributes = Object.fromEntries(pairs) as Record<string, string>;
  if (Object.keys(attributes).length < pairs.length) throw new Error(`an attribute twice:${list}`);
  return attributes;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function plain(raw: string): string {
  if (/[^\P{Cc}\t\n\r]|\p{Cs}|[\ufffe\uffff]/u.test(raw)) throw new Error(`no letter of XML: ${JSON.stringify(raw)}`);
  if (raw.includes('<') || raw.includes(']]>')) throw new Error(`not escaped: ${raw}`);
  return raw.replaceAll(/&(?:([a-z]+);)?/g, (whole, name: string | undefined) => {
    const letter = entities[name ?? ''];
    if (letter === undefined) throw new Error(`no entity: ${whole}`);
    return letter;
  });
}
