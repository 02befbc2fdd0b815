import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

// Given to Node by `--import`: writes the names of the npm packages that a program loads into the file PACKAGES_LOADED.

const loaded = new Set<string>();

registerHooks({
  load(url, context, next) {
    const name = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
    if (name !== undefined) loaded.add(name);
    return next(url, context);
  },
});

process.on('exit', () => writeFileSync(process.env['PACKAGES_LOADED'] ?? '/dev/stderr', [...loaded].join('\n')));
