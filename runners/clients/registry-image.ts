import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Look } from '../../src/runner/contract.ts';
import { composeEnvironment } from './compose-program.ts';
import { byDigest } from './image-name.ts';
import { runProgram } from './program.ts';

/** What a pull would bring. `bytes`: of its layers as they are sent, those included that may be here already. */
export type RemoteImage = { bytes?: number; created?: string };

/** `platform`: `linux/arm64` or `linux/arm/v7`. */
type Place = { name: string; digest: string; platform: string };

/**
 * Asks the registry through buildx, which knows the logins of the docker CLI. It only helps a person to judge: what
 * cannot be had is left out, it takes 5 s at most, and no more is asked than needed, as a registry may count it as a pull.
 */
export async function remoteImage({ name, digest, platform }: Place, look: Look): Promise<RemoteImage> {
  // buildx writes where it keeps its builders; a plan leaves nothing in anybody's home.
  const folder = await mkdtemp(join(tmpdir(), 'playbook-buildx-')).catch(() => undefined);
  if (folder === undefined) return {};
  const asking = { look, late: AbortSignal.timeout(5_000), folder };
  try {
    const first = parsed(await inspect(['--raw'], byDigest(name, digest), asking));
    const entry = entryFor(first, platform);
    const reference = byDigest(name, entry?.digest ?? digest);
    const manifest = entry ? parsed(await inspect(['--raw'], reference, asking)) : first;
    if (manifest === undefined) return {};
    const noted = imageOf(manifest, entry);
    if (noted.created !== undefined) return noted;
    const config = parsed(await inspect(['--format', '{{json .Image}}'], reference, asking));
    return { ...noted, ...imageOf(undefined, config) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of an index the entry for a platform; undefined for what is no index. Pure. */
export function entryFor(index: unknown, platform: string): IndexEntry | undefined {
  const [os, architecture, variant] = platform.split('/');
  const entries = (index as { manifests?: IndexEntry[] } | undefined)?.manifests;
  if (!Array.isArray(entries)) return undefined;
  const fitting = entries.filter(
    (entry) => entry?.platform?.os === os && entry.platform?.architecture === architecture,
  );
  return fitting.find((entry) => entry.platform?.variant === variant) ?? fitting[0];
}

/** What a manifest says of its size, and it, its entry in an index or its configuration of the day it was made. Pure. */
export function imageOf(manifest: unknown, more: unknown): RemoteImage {
  const { layers, annotations } = (manifest ?? {}) as { layers?: { size?: number }[]; annotations?: Annotations };
  const sizes = Array.isArray(layers) ? layers.map((layer) => Number(layer?.size)) : [];
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const told = (more ?? {}) as { annotations?: Annotations; created?: unknown };
  const created = annotations?.[CREATED] ?? told.annotations?.[CREATED] ?? told.created;
  return {
    ...(bytes > 0 && Number.isFinite(bytes) && { bytes }),
    ...(typeof created === 'string' && { created }),
  };
}

const CREATED = 'org.opencontainers.image.created';

type Annotations = { [CREATED]?: unknown };

export type IndexEntry = {
  digest?: string;
  platform?: { os?: string; architecture?: string; variant?: string };
  annotations?: Annotations;
};

type Asking = { look: Look; late: AbortSignal; folder: string };

/** A name may begin with a dash: it stands behind `--`. */
async function inspect(
  how: readonly string[],
  reference: string,
  { look, late, folder }: Asking,
): Promise<string | undefined> {
  const env = { ...composeEnvironment(look), BUILDX_CONFIG: folder };
  const options = { env, signal: AbortSignal.any([look.signal, late]), cwd: '/' };
  try {
    const result = await runProgram('docker', ['buildx', 'imagetools', 'inspect', ...how, '--', reference], options);
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
