import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAMILIES } from '../runners/index.ts';
import { editorSchema } from '../src/playbook/editor-schema.ts';
import { createRegistry } from '../src/runner/registry.ts';

/** Writes `schemas/playbook.schema.json` from the envelope and the runners. A test fails when it is stale. */
const schema = await editorSchema(createRegistry(FAMILIES));
const file = join(import.meta.dirname, '../schemas/playbook.schema.json');
writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
