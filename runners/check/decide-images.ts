import type { FailureClass } from '../../src/errors.ts';
import type { Judgement } from '../../src/runner/contract.ts';
import { counted, listed } from '../stack/words.ts';

/** What is known of one image that the stack needs. */
export type ImageFacts = {
  image: string;
  services: string[];
  /** Here already; `pulled`: with a digest, so that a registry knows it. */
  here: boolean;
  /** Why it cannot be built, as one clause; null where it can be; undefined where nothing builds it. */
  build?: { fault: string | null };
  /** `never`, `missing` …, as the Compose file says; `newer` where it says nothing. */
  policy: string;
  /** What the registry said, where it was asked: nothing, when it has the image. */
  registry?: { class: FailureClass; message: string; hint?: string } | 'has it';
};

type Finding = { image: string; state: 'here' | 'build' | 'pull'; bad?: string; remark?: string; hint?: string };

/** Whether every image is here, can be built or can be pulled. Pure. */
export function decideImages(images: readonly ImageFacts[]): Judgement {
  const findings = images.map(finding);
  const bad = findings.filter((one) => one.bad !== undefined);
  const remarks = findings.filter((one) => one.remark !== undefined);
  const hint = (bad[0] ?? remarks[0])?.hint;
  const evidence = { images: images.map((facts) => ({ ...facts, build: facts.build ?? null })) };
  if (bad.length > 0) {
    return { verdict: 'no-go', say: `${bad.map((one) => one.bad).join('; ')}.`, ...(hint && { hint }), evidence };
  }
  if (remarks.length > 0) {
    return { verdict: 'warn', say: `${remarks.map((one) => one.remark).join('; ')}.`, ...(hint && { hint }), evidence };
  }
  return { verdict: 'go', say: `${sayAll(findings)}.`, evidence };
}

function finding(facts: ImageFacts): Finding {
  const { image, here, build, policy, registry } = facts;
  const who = `${image} (${listed(facts.services)})`;
  if (build) {
    if (build.fault === null) return { image, state: 'build' };
    const hint = 'Check `build` in the Compose file.';
    if (here) return { image, state: 'here', remark: `${who} is here, but cannot be built anew: ${build.fault}`, hint };
    return { image, state: 'build', bad: `${who} cannot be built: ${build.fault}`, hint };
  }
  if (!here && policy === 'never') {
    const hint = 'Load or build it first, or let it be pulled.';
    return { image, state: 'here', bad: `${who} is not here, and pull_policy is never`, hint };
  }
  if (registry === undefined || registry === 'has it') return { image, state: here ? 'here' : 'pull' };
  const hint = registry.hint === undefined ? {} : { hint: registry.hint };
  const said = registry.message.replace(/\.$/, '');
  if (!here) return { image, state: 'pull', bad: `${who} is not here, and cannot be pulled: ${said}`, ...hint };
  return { image, state: 'here', remark: `${who} is here, but cannot be asked for anew: ${said}`, ...hint };
}

function sayAll(findings: readonly Finding[]): string {
  const count = (state: Finding['state']) => findings.filter((one) => one.state === state).length;
  const here = count('here');
  if (here === findings.length)
    return here === 1 ? 'the image is here' : here === 2 ? 'both images are here' : `all ${here} images are here`;
  return [
    ...(here > 0 ? [`${counted(here, 'image')} ${here === 1 ? 'is' : 'are'} here`] : []),
    ...(count('pull') > 0 ? [`${count('pull')} can be pulled`] : []),
    ...(count('build') > 0 ? [`${count('build')} can be built`] : []),
  ].join(', ');
}
