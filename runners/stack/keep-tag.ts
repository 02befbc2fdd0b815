import { StepFailure } from '../../src/errors.ts';
import type { DockerChanger } from '../clients/docker-types.ts';

/** The name that keeps a release's image from being pruned: `playbook/<project>/<service>:<release>`. */
export function keepTag(project: string, service: string, release: string): string {
  return `playbook/${encoded(project)}/${encoded(service)}:${release}`;
}

/** For the image that a name meant before this run moved it; goes when the run is settled or undone. */
export function formerTag(project: string, service: string, run: string): string {
  return keepTag(project, service, `before-${run}`);
}

/** What a build is called until it is known whether it is another image. */
export function buildTag(project: string, service: string): string {
  return keepTag(project, service, 'building');
}

/** Takes a name of ours off an image. Where it is the last one of an image that a container uses, it stays: false. */
export async function dropTag(docker: DockerChanger, name: string): Promise<boolean> {
  try {
    await docker.untag(name);
    return true;
  } catch (error) {
    if (error instanceof StepFailure && error.class === 'conflict') return false;
    throw error;
  }
}

const legal = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

/**
 * A part of an image's name takes lower case letters, digits and single separators between them. Others are written
 * as `x--` and a `-` with two hexadecimal digits per byte, so that two names never share one tag.
 */
function encoded(name: string): string {
  if (legal.test(name)) return name;
  const bytes = [...Buffer.from(name)].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[a-z0-9]/.test(character) ? character : `-${byte.toString(16).padStart(2, '0')}`;
  });
  return `x--${bytes.join('')}`;
}
