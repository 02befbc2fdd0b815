import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { program } from '../support/docker.ts';
import { root } from '../support/images.ts';
import { node24 } from '../support/run-playbook.ts';
import { page, withShop } from '../support/shop.ts';

test('the package, installed in another folder, must check and run the shipped playbook', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'playbook-pack-'));
  try {
    const bin = await packAndInstall(folder);
    const version = await program(node24, [bin, '--version'], { cwd: folder });
    expect(version).toMatchObject({ code: 0 });
    expect(await program(node24, [bin, 'check', 'deploy-stack.yml'], { cwd: folder })).toMatchObject({ code: 0 });

    await withShop('packed', async (shop) => {
      const args = [
        'run',
        'deploy-stack.yml',
        '--yes',
        '--state-dir',
        shop.stateDir,
        '-i',
        'stable_for=0s',
        '-i',
        'soak=0s',
      ];
      const ended = await program(node24, [bin, ...args], { cwd: shop.folder, env: { ...shop.env } });
      expect(ended).toMatchObject({ code: 0 });
      expect((await page(shop)).body).toMatch(/^shop 1/);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Gives the path of the installed bin. */
async function packAndInstall(folder: string): Promise<string> {
  expect(await program('npm', ['pack', '--pack-destination', folder], { cwd: root })).toMatchObject({ code: 0 });
  const [archive = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', `./${archive}`];
  expect(await program('npm', install, { cwd: folder })).toMatchObject({ code: 0 });
  return join(folder, 'node_modules/playbook/bin/playbook.js');
}
