import type { Look } from '../../src/runner/contract.ts';
import { composeEnvironment } from './compose-program.ts';
import { byDigest } from './image-name.ts';
import { runProgram } from './program.ts';

/** What a pull would bring. `bytes`: of its layers as they are sent, those included that may be here already. */
export type RemoteImage = { bytes?: number; created?: string };

type Place = { name: string; digest: string /** `linux/arm64` or `linux/arm/v7`. */; platform: string };

/**
 * Asks the registry through buildx, which knows the logins of the docker CLI. It only helps a person to judge: what
 * cannot be had is left out, and it takes 5 s at most.
 */
export async function remoteImage({ name, digest, platform }: Place, look: Look): Promise<RemoteImage> {
  const late = AbortSignal.timeout(5_000);
  const image = ['--format', '{{json .Image}}'];
  // A name may begin with a dash: it stands behind `--`.
  const ask = (how: readonly string[], reference: string) => inspect([...how, '--', reference], look, late);
  const first = parsed(await ask(['--raw'], byDigest(name, digest)));
  const own = manifestOf(first, platform);
  if (own === undefined) return imageOf(first, await ask(image, byDigest(name, digest)));
  const reference = byDigest(name, own);
  const [manifest, config] = await Promise.all([ask(['--raw'], reference), ask(image, reference)]);
  return imageOf(parsed(manifest), config);
}

/** Of an index the digest of the manifest for a platform; undefined for what is no index. Pure. */
export function manifestOf(index: unknown, platform: string): string | undefined {
  const [os, architecture, variant] = platform.split('/');
  const entries = (index as { manifests?: IndexEntry[] } | undefined)?.manifests;
  if (!Array.isArray(entries)) return undefined;
  const fitting = entries.filter(
    (entry) => entry?.platform?.os === os && entry.platform?.architecture === architecture,
  );
  const exact = fitting.find((entry) => entry.platform?.variant === variant);
  return (exact ?? fitting[0])?.digest;
}

/** Size and date of one image from its manifest and its configuration, as far as they say it. Pure. */
export function imageOf(manifest: unknown, config: string | undefined): RemoteImage {
  const layers = (manifest as { layers?: { size?: number }[] } | undefined)?.layers;
  const sizes = Array.isArray(layers) ? layers.map((layer) => Number(layer?.size)) : [];
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const created = (parsed(config) as { created?: unknown } | undefined)?.created;
  return {
    ...(bytes > 0 && Number.isFinite(bytes) && { bytes }),
    ...(typeof created === 'string' && { created }),
  };
}

type IndexEntry = { digest?: string; platform?: { os?: string; architecture?: string; variant?: string } };

async function inspect(args: readonly string[], look: Look, late: AbortSignal): Promise<string | undefined> {
  const options = { env: composeEnvironment(look), signal: AbortSignal.any([look.signal, late]), cwd: '/' };
  try {
    const result = await runProgram('docker', ['buildx', 'imagetools', 'inspect', ...args], options);
    return result.exitCode === 0 ? result.stdout : undefined;
  } catch {
    look.signal.throwIfAborted();
    return undefined; // too late, or there is no docker CLI
  }
}

/** The registry is somebody else's: what is no JSON says nothing. */
function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
