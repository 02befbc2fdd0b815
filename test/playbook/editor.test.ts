import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../support/images.ts';
import { LanguageServer, type Position } from '../support/language-server.ts';

let server: LanguageServer;
beforeAll(async () => {
  server = await LanguageServer.start();
});
afterAll(() => server.stop());

/** A playbook in which `steps` are the only steps; `¦` is the cursor. */
async function typed(steps: string) {
  const head = `# yaml-language-server: $schema=${join(root, 'schemas/playbook.schema.json')}\nplaybook: v1\nname: typed\ninputs: { for: { type: duration, default: 3s } }\nsteps:\n`;
  const [before = '', after = ''] = `${head}${steps}`.split('¦');
  const lines = before.split('\n');
  const at: Position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  const file = join(root, 'playbooks', `typed-${files++}.yml`);
  const found = await server.open(file, before + after);
  const text = (before + after).split('\n');
  const underlined = found.map(({ message, range: { start, end } }) => ({
    message,
    text: text[start.line]?.slice(start.character, end.character),
  }));
  return { underlined, complete: () => server.complete(file, at), hover: () => server.hover(file, at) };
}
let files = 0;

describe('in an editor', () => {
  test('`uses: compose.` must offer what there is', async () => {
    const { complete } = await typed('  - id: up\n    uses: compose.¦\n');
    expect(await complete()).toEqual(
      expect.arrayContaining(['compose.build', 'compose.down', 'compose.pull', 'compose.run', 'compose.up']),
    );
  });

  test('`with` must offer the parameters of the very action, and not those that stand there', async () => {
    const { complete } = await typed(
      '  - id: healthy\n    uses: health.wait\n    with:\n      stable_for: 3s\n      ¦\n',
    );
    const offered = await complete();
    expect(offered).toContain('services');
    expect(offered).not.toContain('stable_for');
    expect(offered).not.toContain('url');
  });

  test('a parameter must tell what it is', async () => {
    const { hover } = await typed('  - id: healthy\n    uses: health.wait\n    with: { sta¦ble_for: 3s }\n');
    expect(await hover()).toContain('How long they must stay good without a break');
  });

  test('a key that nobody knows must be underlined, and nothing else', async () => {
    const { underlined } = await typed('  - { id: healthy, uses: health.wait, with: { stabel_for: 3s } }\n');
    expect(underlined).toEqual([{ message: expect.stringContaining('stabel_for'), text: 'stabel_for' }]);
  });

  test('a typed field must take its type or a template, and underline anything else', async () => {
    const step = (value: string) => `  - { id: healthy, uses: health.wait, with: { stable_for: ${value} } }\n`;
    expect((await typed(step("'{{inputs.for}}'"))).underlined).toEqual([]);
    expect((await typed(step('1m30s'))).underlined).toEqual([]);
    expect((await typed(step('soon'))).underlined).toMatchObject([{ text: 'soon' }]);
  });
});

describe('a shipped playbook', () => {
  const shipped = readdirSync(join(root, 'playbooks')).filter((name) => name.endsWith('.yml'));
  test.each(shipped)('must be found without fault by the schema that it names: %s', async (name) => {
    const file = join(root, 'playbooks', name);
    expect(await server.open(file, readFileSync(file, 'utf8'))).toEqual([]);
  });
});
