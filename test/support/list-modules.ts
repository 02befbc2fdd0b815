import { writeFileSync } from 'node:fs';
import { getCompileCacheDir, registerHooks } from 'node:module';

// Given to Node by `--import`: writes what a program loads into the file MODULES_LOADED, one address a line, and before
// them the folder of the compile cache.

const loaded = new Set<string>();

registerHooks({
  load(url, context, next) {
    loaded.add(url);
    return next(url, context);
  },
});

process.on('exit', () => {
  const lines = [getCompileCacheDir() ?? '', ...loaded];
  writeFileSync(process.env['MODULES_LOADED'] ?? '/dev/stderr', lines.join('\n'));
});
