import type { Judgement } from '../../src/runner/contract.ts';
import { allHere, counted, listed, sayDuration } from '../stack/words.ts';

/** What putting back would rest on. */
export type WayBackFacts = {
  /** Containers that run, with what each needs to be made again. */
  containers: { name: string; image: string; image_here: boolean; missing_volumes: string[] }[];
  /** Variables that secrets and configs of the stack are read from, and that are not set now. */
  unset: { variable: string; used_by: string }[];
  /** The newest release: how many of its images are still here. */
  release?: { id: string; age_ms: number; images: number; missing: string[] };
  /** Bytes that are free where the engine stores; undefined is unknown. */
  disk?: number;
};

/** What the old containers, their logs and the records of a run may take while they are kept. */
const roomToKeep = 100 * 1024 * 1024;

/** Whether everything is there that putting back would need. Pure. */
export function decideWayBack(facts: WayBackFacts): Judgement {
  const evidence = { ...facts, release: facts.release ?? null };
  const missing = [
    ...missingImages(facts),
    ...missingVolumes(facts),
    ...missingVariables(facts),
    ...missingRoom(facts),
  ];
  if (missing.length > 0) {
    const say = `${missing.map((one) => one.say).join('; ')}.`;
    return { verdict: 'no-go', say, hint: missing.map((one) => one.hint).join(' '), evidence };
  }
  const { release } = facts;
  if (release && release.missing.length > 0) {
    const gone = `${release.missing.length} of ${counted(release.images, 'image')} of release ${release.id} ${release.missing.length === 1 ? 'is' : 'are'} gone (${listed(release.missing)})`;
    const hint = 'This run can still be undone. Keep images from being pruned for a later rollback.';
    return { verdict: 'warn', say: `${gone}: a rollback to it is not possible.`, hint, evidence };
  }
  return { verdict: 'go', say: `${sayAll(facts)}.`, evidence };
}

type Missing = { say: string; hint: string };

function missingImages({ containers }: WayBackFacts): Missing[] {
  const gone = containers.filter((container) => !container.image_here);
  if (gone.length === 0) return [];
  const names = listed(gone.map(({ name, image }) => `${name} (${image})`));
  const hint =
    'Pull or build that image again under another name, or set this guard aside: then it cannot be put back.';
  return [{ say: `the image that ${names} ${gone.length === 1 ? 'runs' : 'run'} is gone from the engine`, hint }];
}

function missingVolumes({ containers }: WayBackFacts): Missing[] {
  return containers
    .filter((container) => container.missing_volumes.length > 0)
    .map(({ name, missing_volumes }) => ({
      say: `${name} uses ${counted(missing_volumes.length, 'volume')} that ${missing_volumes.length === 1 ? 'is' : 'are'} gone: ${listed(missing_volumes)}`,
      hint: 'What was in it cannot be put back. Look at the container before you go on.',
    }));
}

function missingVariables({ unset }: WayBackFacts): Missing[] {
  if (unset.length === 0) return [];
  const names = listed(unset.map(({ variable, used_by }) => `${variable} (${used_by})`));
  const say = `${names} ${unset.length === 1 ? 'is' : 'are'} not set, so no container could be made again`;
  return [{ say, hint: 'Set it in the environment that playbook is started in, or in .env.' }];
}

function missingRoom({ disk }: WayBackFacts): Missing[] {
  if (disk === undefined || disk >= roomToKeep) return [];
  const lack = roomToKeep - disk;
  return [
    { say: `the disk is full: ${lack} bytes are missing to keep the old containers`, hint: 'Free some disk first.' },
  ];
}

function sayAll({ containers, release }: WayBackFacts): string {
  if (containers.length === 0) return 'nothing runs yet: the way back is to remove what this run makes';
  const ran = `${counted(containers.length, 'container')} can be put back`;
  if (!release) return `${ran}; there is no release yet: what runs now will be kept as release "found"`;
  const { id, age_ms, images } = release;
  const age = age_ms === 0 ? 'a moment ago' : `${sayDuration(age_ms)} ago`;
  return `${ran}; release ${id} of ${age}: ${allHere(images)}`;
}
