import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findDockerHost } from '../../../runners/clients/docker-host.ts';
import type { Look } from '../../../src/runner/contract.ts';

test('a context that is called like an option must be looked for as a name', async () => {
  const bin = mkdtempSync(join(tmpdir(), 'playbook-context-'));
  onTestFinished(() => rmSync(bin, { recursive: true }));
  writeFileSync(join(bin, 'docker'), '#!/bin/sh\necho "asked: $*"\nexit 1\n');
  chmodSync(join(bin, 'docker'), 0o755);
  const look = { target: { context: '--help' }, env: { PATH: bin }, signal: new AbortController().signal };
  await expect(findDockerHost(look as unknown as Look)).rejects.toMatchObject({
    reason: 'unavailable',
    message: 'The Docker context "--help" cannot be used: asked: context inspect -- --help',
  });
});
