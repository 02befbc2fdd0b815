import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Refusal } from '../errors.ts';
import type { SecretDeclaration } from '../playbook/types.ts';
import type { Look, Release, Target } from '../runner/contract.ts';
import { chooseRelease } from './choose-release.ts';
import { createLook, type LookOptions } from './look.ts';
import { scrubbedEnv, variablesOf } from './scrubbed-env.ts';
import { stackIdOf } from './stack-id.ts';
import { stackReads } from './wire.ts';

export type Asked = Omit<LookOptions, 'frozen' | 'release'> & { secrets: Readonly<Record<string, SecretDeclaration>> };

/**
 * A look at the stack with a kept release in place of the user's files: its frozen file, in an environment that can change
 * nothing of it (F45). The files of today are asked only for the project's name, and not even for that where it is given.
 */
export async function lookAtRelease({ secrets, ...asked }: Asked, wanted: string): Promise<Look> {
  const { release: _wanted, ...own } = asked.target;
  const today = createLook({ ...asked, target: own }, stackReads.header);
  const stack = await stackIdOf(today);
  const releases = await asked.memory.releases(stack).list();
  const release = chooseRelease(wanted, {
    project: stack.project,
    releases,
    services: wanted === 'previous' ? await stackReads.present(today, stack.project, releases) : [],
    now: today.clock.now(),
  });
  const frozen = await frozenFileOf(release);
  const env = scrubbedEnv(asked.env, secrets, variablesOf(await readFile(frozen, 'utf8')));
  return createLook({ ...asked, target: pinned(own, release), env, frozen, release }, async () => stack);
}

/**
 * What the release had beats what the command line and the files say today. Of the env files only secrets and configs made of
 * a variable need anything: one that is gone since must not stop the way back.
 */
function pinned({ directory, env, env_files, context }: Target, { id, project, profiles }: Release): Target {
  const files = { files: [], env_files: env_files.filter((file) => existsSync(file)), profiles, env };
  return { directory, project, ...files, ...(context !== undefined && { context }), release: id };
}

async function frozenFileOf({ id, files }: Release): Promise<string> {
  const file = files['config'] ?? files['outline'];
  if (file === undefined) throw unusable(id, 'neither its Compose file nor an outline of it was kept');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unusable(id, `its file ${file} cannot be read`, error);
  });
  try {
    JSON.parse(text);
  } catch (error) {
    throw unusable(id, `its file ${file} is damaged`, error);
  }
  return file;
}

function unusable(id: string, why: string, cause?: unknown): Refusal {
  return new Refusal('no-go', `Release ${id} cannot be used: ${why}.`, {
    hint: 'Choose another one from `playbook releases`, or put the file back from a backup.',
    cause,
  });
}
