// A run that a git hook starts: it goes on whatever becomes of the push. Plain JavaScript, like the file that calls it.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';

const changing = new Set(['run', 'rollback', 'undo', 'resume']);
const starting = new Set(['post-receive', 'post-merge']);

/** A hook that `playbook hooks` has installed, and that may start a run. */
function isStartingHook() {
  return process.argv[2] === 'hook' && starting.has(process.argv[3]) && process.env.PLAYBOOK_APART === undefined;
}

/** Git tells a hook its repository by GIT_DIR; a person who has set that for their shell sits at a terminal. */
export function isFromGitHook() {
  return isStartingHook() || (process.env.GIT_DIR !== undefined && changing.has(process.argv[2]) && !isatty(0));
}

/**
 * Runs the command line in a session of its own: neither the pusher's Ctrl-C nor a lost connection reaches it. This
 * process only follows, so that the hook ends with its exit code. Git's variables stay behind: they would tell every
 * program of the run that its repository is the one pushed to.
 */
export async function followOwnSession(file) {
  const ours = isStartingHook();
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  const child = spawn(process.execPath, [...process.execArgv, file, ...process.argv.slice(2)], {
    detached: true,
    // What has been pushed is said on the standard input.
    stdio: [ours ? 'inherit' : 'ignore', 'inherit', 'inherit'],
    env: ours ? { ...env, PLAYBOOK_APART: '1' } : env,
  });
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
  // Git, and whatever watches over a push, may end its hooks.
  process.on('SIGTERM', () => ours || child.kill('SIGTERM'));
  // It says so itself, once it knows that there is something to do.
  if (!ours) console.error('Started by a git hook: it goes on without the push, and only playbook cancel stops it.');
  await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
      resolve();
    });
  });
}
