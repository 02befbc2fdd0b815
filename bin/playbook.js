#!/usr/bin/env node
// The first file that runs, on whatever Node is there: plain JavaScript, and nothing is imported before the version is
// known. A static import here would be a stack trace on an old Node instead of a sentence.
const needed = [24, 15];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) await runWithNewerNode();
else if (process.env.GIT_DIR === undefined && process.argv[2] !== 'hook') await start();
else await startFromGit();

// `npm ci` puts the Node of our devDependency beside the other tools; an installed package has only the one that runs it.
async function runWithNewerNode() {
  const { spawn } = await import('node:child_process');
  const { fileURLToPath } = await import('node:url');
  const newer = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
  const child = spawn(newer, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  child.on('error', () => {
    console.error(`playbook needs Node.js ${needed.join('.')} or newer, and this is ${process.version}.`);
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGKILL' ? 137 : 143);
  });
  // A terminal sends Ctrl-C to both; a plain `kill` of this process must reach the one that works.
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
}

async function startFromGit() {
  const { followOwnSession, isFromGitHook } = await import('./own-session.js');
  if (!isFromGitHook()) return start();
  const { fileURLToPath } = await import('node:url');
  await followOwnSession(fileURLToPath(import.meta.url));
}

// A checkout runs its source, so that an edit is never hidden by a build from before it: with the compile cache warm the
// two start equally fast. An installed package has no source, and Node strips no types there.
async function start() {
  const { existsSync } = await import('node:fs');
  const { enableCompileCache } = await import('node:module');
  const folder = await cacheFolder();
  if (folder !== undefined) enableCompileCache(folder);
  const source = new URL('../src/main.ts', import.meta.url);
  await import(existsSync(source) ? source.href : new URL('../dist/src/main.js', import.meta.url).href);
}

// Not Node's own choice, a folder in /tmp: whoever makes that one first could put code there that we run, maybe as root.
// The home of the user that we are, not $HOME, which sudo may leave as it was. Where it cannot be written, or is somebody
// else's, nothing is kept.
async function cacheFolder() {
  const { chmodSync, lstatSync, mkdirSync } = await import('node:fs');
  const { userInfo } = await import('node:os');
  try {
    const { homedir, uid } = userInfo();
    const folder = `${homedir}/.cache/playbook`;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    if (!found.isDirectory() || (uid >= 0 && found.uid !== uid)) return undefined;
    if (uid >= 0 && (found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
    return folder;
  } catch {
    // A user id without a name, as in many containers, or a home that cannot be written.
    return undefined;
  }
}
