/** The registry's host of an image reference, as the docker CLI reads it. */
export function registryOf(reference: string): string {
  const first = reference.split('/')[0] ?? '';
  const isHost = reference.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  return isHost && first !== 'index.docker.io' ? first : 'docker.io';
}

/** `registry:5000/shop/web:1.5` in two; without a tag it is `latest`. */
export function splitTag(name: string): { repo: string; tag: string } {
  const [bare = name] = name.split('@');
  const colon = bare.indexOf(':', bare.lastIndexOf('/') + 1);
  return colon === -1 ? { repo: bare, tag: 'latest' } : { repo: bare.slice(0, colon), tag: bare.slice(colon + 1) };
}

/** Whether the name itself fixes the content: `web@sha256:…`, or an image's ID. */
export function isPinned(name: string): boolean {
  return name.includes('@sha256:') || name.startsWith('sha256:');
}

/** `shop/web@sha256:…`: the same repository by content. */
export function byDigest(name: string, digest: string): string {
  return `${splitTag(name).repo}@${digest}`;
}

/** The digest of `shop/web@sha256:…`. */
export function digestOf(reference: string): string {
  return reference.slice(reference.indexOf('@') + 1);
}
