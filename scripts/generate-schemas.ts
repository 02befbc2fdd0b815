import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAMILIES } from '../runners/index.ts';
import { editorSchema } from '../src/playbook/editor-schema.ts';
import { createRegistry } from '../src/runner/registry.ts';
import { rulesPage } from './rules-page.ts';

/** Writes `schemas/playbook.schema.json` from the envelope and the runners, `docs/rules.md` from the rules. Tests fail when they are stale. */
const schema = await editorSchema(createRegistry(FAMILIES));
const root = join(import.meta.dirname, '..');
writeFileSync(join(root, 'schemas/playbook.schema.json'), `${JSON.stringify(schema, null, 2)}\n`);
writeFileSync(join(root, 'docs/rules.md'), rulesPage());
