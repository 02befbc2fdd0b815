#!/usr/bin/env node
// The first file that runs, on whatever Node is there: plain JavaScript, and nothing is imported before the version is known.
// Newer syntax or a static import here would be a stack trace on an old Node instead of a sentence.
var needed = [24, 15];
var present = process.versions.node.split('.').map(Number);
var isOld = present[0] < needed[0] || (present[0] === needed[0] && present[1] < needed[1]);

if (isOld) runWithNewerNode();
else start();

// `npm ci` puts the Node of our devDependency beside the other tools; an installed package has only the one that runs it.
function runWithNewerNode() {
  Promise.all([import('node:child_process'), import('node:url')]).then(function (modules) {
    var newer = modules[1].fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
    var args = [modules[1].fileURLToPath(import.meta.url)].concat(process.argv.slice(2));
    var child = modules[0].spawn(newer, args, { stdio: 'inherit' });
    child.on('error', sayTooOld);
    child.on('exit', function (code, signal) {
      process.exitCode = code === null ? (signal === 'SIGKILL' ? 137 : 143) : code;
    });
    // A terminal sends Ctrl-C to both; a plain `kill` of this process must reach the one that works.
    process.on('SIGINT', function () {});
    process.on('SIGHUP', function () {});
    process.on('SIGTERM', function () {
      child.kill('SIGTERM');
    });
  });
}

function sayTooOld() {
  console.error('playbook needs Node.js ' + needed.join('.') + ' or newer, and this is ' + process.version + '.');
  process.exitCode = 2;
}

// A checkout runs its source, so that an edit is never hidden by a build from before it; with the compile cache warm this
// costs a few milliseconds over the compiled files. An installed package has no source, and Node would not strip types there.
async function start() {
  const { existsSync } = await import('node:fs');
  const { enableCompileCache } = await import('node:module');
  enableCompileCache();
  const source = new URL('../src/main.ts', import.meta.url);
  await import(existsSync(source) ? source.href : new URL('../dist/src/main.js', import.meta.url).href);
}
