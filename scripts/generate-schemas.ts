import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAMILIES } from '../runners/index.ts';
import { editorSchema } from '../src/playbook/editor-schema.ts';
import { createRegistry } from '../src/runner/registry.ts';
import { actionsPage } from './actions-page.ts';
import { languagePage } from './language-page.ts';
import { rulesPage } from './rules-page.ts';

/** Writes `schemas/playbook.schema.json` and the reference in `docs/` from what the code says of itself. Tests fail when they are stale. */
const registry = createRegistry(FAMILIES);
const schema = await editorSchema(registry);
const root = join(import.meta.dirname, '..');
writeFileSync(join(root, 'schemas/playbook.schema.json'), `${JSON.stringify(schema, null, 2)}\n`);
writeFileSync(join(root, 'docs/rules.md'), rulesPage());
writeFileSync(join(root, 'docs/actions.md'), await actionsPage(registry));
writeFileSync(join(root, 'docs/language.md'), await languagePage(registry));
