import { Refusal, type StepFailure } from '../../src/errors.ts';
import type { Change } from '../../src/runner/contract.ts';
import { byDigest, digestOf } from '../clients/image-name.ts';
import type { RemoteImage } from '../clients/registry-image.ts';
import { sayImage } from '../stack/image-words.ts';
import { sayBytes } from '../stack/words.ts';

/** One image name of the stack, with all that decides whether it is pulled. */
export type ImageFinding = {
  name: string;
  services: string[];
  /** `never`: built here, or `pull_policy` says so; `missing`: only when it is not here; `newer`: when the registry has another. */
  policy: 'never' | 'missing' | 'newer';
  platform?: string;
  /** The name fixes the content itself: pulled as it is, never tagged. */
  pinned: boolean;
  here?: { id: string; digests: string[]; created?: string };
  /** What the registry says; left out where it was not asked. */
  registry?: { digest: string } | { failure: StepFailure };
  /** The image of the registry's digest, where it is here already under another name or none. */
  incoming?: { id: string; created?: string };
  /** What would come from the registry, as far as it tells. */
  remote?: RemoteImage;
};

/** `reference`: what has to be pulled, by content; left out where the image stays as it is. */
export type PullDecision = { finding: ImageFinding; change: Change; reference?: string };

/** Which images are pulled, and why; a Refusal where one can neither be had nor is here. */
export function decidePulls(findings: readonly ImageFinding[]): PullDecision[] {
  const missing = findings.filter(cannotBeHad);
  if (missing.length > 0) throw refusal(missing);
  return findings.map(decide);
}

/** Whether the registry's answer matters at all; asking costs a round trip each. */
export function mustAskRegistry(finding: Omit<ImageFinding, 'registry' | 'incoming'>): boolean {
  if (finding.policy === 'never' || finding.name.startsWith('sha256:')) return false;
  if (!finding.here) return true;
  return finding.policy === 'newer' && !finding.pinned && finding.here.digests.length > 0;
}

function cannotBeHad(finding: ImageFinding): boolean {
  if (finding.here) return false;
  return !finding.registry || 'failure' in finding.registry;
}

function refusal(missing: readonly ImageFinding[]): Refusal {
  const sentences = missing.map((finding) => {
    const failure = finding.registry && 'failure' in finding.registry ? finding.registry.failure : undefined;
    if (failure) return `${failure.message} (${failure.lines[0] ?? failure.class})`;
    return `The image ${finding.name} is not here, and it may not be pulled (pull_policy).`;
  });
  const first = missing[0]?.registry;
  const hint = first && 'failure' in first ? first.failure.hint : 'Load or build it, or change its pull_policy.';
  const users = [...new Set(missing.flatMap((finding) => finding.services))].join(', ');
  return new Refusal('no-go', `${sentences.join(' ')} Needed by ${users}.`, hint === undefined ? {} : { hint });
}

function decide(finding: ImageFinding): PullDecision {
  const { here, registry } = finding;
  if (!registry) return keep(finding, [whyNotAsked(finding)]);
  if ('failure' in registry) return keep(finding, [whyKept(registry.failure)]);
  if (here?.digests.map(digestOf).includes(registry.digest)) return keep(finding, ['the registry has the same']);
  return pull(finding, registry.digest);
}

function whyNotAsked({ here, policy, pinned }: ImageFinding): string {
  if (pinned) return 'it is here, and its name fixes its content';
  if (policy === 'never') return 'it is here, and its pull_policy is never';
  if (policy === 'missing') return 'it is here, and its pull_policy asks no more';
  return here?.digests.length === 0 ? 'built or loaded here, so not pulled' : 'it is here';
}

function whyKept(failure: StepFailure): string {
  const said = failure.lines[0];
  if (failure.class === 'not-found') return 'it is here; the registry does not have it';
  const reason = failure.class === 'auth' ? 'the registry asks for a login' : 'the registry cannot be reached';
  return `it is here, but whether it is the newest is unknown: ${reason}${said === undefined ? '' : ` (${said})`}`;
}

function keep(finding: ImageFinding, because: string[]): PullDecision {
  return { finding, change: { verb: 'keep', target: `image ${finding.name}`, because, certainty: 'certain' } };
}

function pull(finding: ImageFinding, digest: string): PullDecision {
  const { name, here, incoming, pinned } = finding;
  const change: Change = {
    verb: 'pull',
    target: `image ${name}`,
    because: [
      here ? 'the registry has another image under this name' : 'it is not here yet',
      ...(incoming ? ['its layers are here already'] : []),
    ],
    diff: [{ what: 'digest', ...formerly(here), to: sayComing(digest, finding) }],
    certainty: 'certain',
    binds: { digest, ...(incoming && { image: incoming.id }) },
  };
  return { finding, change, reference: pinned ? name : byDigest(name, digest) };
}

function formerly(here: ImageFinding['here']): { from?: string } {
  const digest = here?.digests[0];
  return here === undefined || digest === undefined ? {} : { from: sayImage(digestOf(digest), here) };
}

/** Layers that are here already are not sent again: the size is the most that it can be. */
function sayComing(digest: string, { incoming, remote = {} }: ImageFinding): string {
  const said = sayImage(digest, { created: incoming?.created ?? remote.created });
  return remote.bytes === undefined || incoming ? said : `${said}, up to ${sayBytes(remote.bytes)} to pull`;
}
