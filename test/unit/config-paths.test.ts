import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/config/account.ts';
import { checkPaths, writableByOthers } from '../../src/config/paths.ts';
import { validSections } from '../../src/config/sections.ts';
import { ACCOUNT, problemsOf, validTree, type TestTree } from '../tools/config-file.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

let dir: Scratch;
let tree: TestTree;
beforeEach(() => {
  dir = scratch();
  tree = validTree(dir.path);
});
afterEach(() => {
  dir.remove();
});

function addSource(root: string): void {
  tree.sources.push({ id: 'second', root, layout: 'frigate', cameras: { a: 'hall' } });
}

function problems(account: Account = ACCOUNT): string[] {
  return checkPaths(validSections(tree), account).problems.map(
    ({ at, sentence }) => `${at.join('.')} ${sentence}`,
  );
}

describe('a root', () => {
  it.each([
    ['relative', 'recordings', /must be an absolute path/],
    ['relative to here', './recordings', /must be an absolute path/],
    ['in a home, by a tilde', '~/recordings', /must be an absolute path/],
    ['with a way up', '/srv/recordings/../nvr', /must be written without detours: "\/srv\/nvr"/],
    ['with a doubled slash', '/srv//nvr', /must be written without detours: "\/srv\/nvr"/],
    ['with a slash at the end', '/srv/nvr/', /must be written without detours: "\/srv\/nvr"/],
    ['everything', '/', /must not be \//],
    ['configuration', '/etc', /must not lie in \/etc/],
    ['below configuration', '/etc/fortnight/rec', /must not lie in \/etc/],
    ['programs', '/usr', /must not lie in \/usr/],
    ['below programs', '/usr/share/rec', /must not lie in \/usr/],
    ['devices', '/dev/shm/rec', /must not lie in \/dev/],
    ['all homes', '/home', /must not be \/home/],
    ['a home', '/home/jan', /must not be a home directory/],
    ['our home', '/home/of-nobody', /must not be a home directory/],
    ['all of var', '/var', /must not be \/var/],
    ['all states', '/var/lib', /must not be \/var\/lib/],
  ])('is refused when it is %s', (_, root, sentence) => {
    tree.sources[0].root = root;
    expect(problems()[0]).toMatch(sentence);
  });

  it('may lie below homes, states and mounts', () => {
    for (const root of [
      '/home/jan/recordings',
      '/var/lib/motioneye',
      '/mnt',
      '/srv/nvr',
      '/run/media/jan/disk',
    ]) {
      tree.sources[0].root = root;
      expect(problems()).toEqual([]);
    }
  });

  it('is not our home, wherever that is', () => {
    tree.sources[0].root = '/srv/account';
    expect(problems({ uid: 1, homeDir: '/srv/account' })).toEqual([expect.stringMatching(/home directory/)]);
  });

  it('leads over no link, neither at its end nor on the way', () => {
    symlinkSync(join(dir.path, 'rec'), join(dir.path, 'link'));
    mkdirSync(join(dir.path, 'rec', 'deep'));
    for (const root of ['link', 'link/deep', 'link/not-there']) {
      tree.sources[0].root = join(dir.path, root);
      expect(problems()).toEqual([
        expect.stringMatching(/sources\.0\.root must not lead over a link: ".*\/link" is one/),
      ]);
    }
  });

  it('is a directory', () => {
    writeFileSync(join(dir.path, 'file'), '');
    tree.sources[0].root = join(dir.path, 'file');
    expect(problems()).toEqual([expect.stringMatching(/must be a directory; ".*\/file" is none/)]);
    tree.sources[0].root = join(dir.path, 'x'.repeat(300));
    expect(problems()).toEqual([expect.stringMatching(/gives ENAMETOOLONG/)]);
  });

  it.each([
    ['the same as', ''],
    ['inside', '/deep'],
    ['inside one that is not there, of', '/deep/deeper/deepest'],
  ])('is not %s another', (_, below) => {
    addSource(`${tree.sources[0].root}${below}`);
    expect(problems()).toHaveLength(1);
    tree.sources.reverse();
    expect(problems()).toHaveLength(1);
  });

  it('that only begins with the name of another is apart from it', () => {
    addSource(`${tree.sources[0].root}-2`);
    expect(problems()).toEqual([]);
  });

  it('retired or not, does not overlap', () => {
    addSource(tree.sources[0].root);
    tree.sources[1]!['retired'] = true;
    expect(problems()).toEqual([expect.stringMatching(/is the same directory as sources\[0\]\.root/)]);
  });

  it('is not inside the state directory, nor contains it, nor is it', () => {
    const state = join(dir.path, 'state');
    for (const [root, stateDir] of [
      [join(state, 'rec'), state],
      [state, state],
      [dir.path, state],
    ] as const) {
      tree.sources[0].root = root;
      tree['stateDir'] = stateDir;
      expect(problems()).toEqual([expect.stringMatching(/^stateDir /)]);
    }
  });

  it('and its problem is told with its line, before anything is touched', () => {
    tree.sources[0].root = 'rec';
    expect(problemsOf(stringify(tree))).toEqual([
      expect.stringMatching(/^line 23: sources\[0\]\.root: must be an absolute path, not "rec"$/),
    ]);
  });
});

describe('the state directory', () => {
  it('leaves room for the control socket', () => {
    tree['stateDir'] = `/srv/${'s'.repeat(89)}`;
    expect(problems()).toEqual([]);
    tree['stateDir'] = `/srv/${'s'.repeat(90)}`;
    expect(problems()).toEqual([expect.stringMatching(/^stateDir must be at most 94 bytes long/)]);
  });

  it('leads over no link', () => {
    symlinkSync('/nowhere', join(dir.path, 'state'));
    expect(problems()).toEqual([expect.stringMatching(/^stateDir must not lead over a link/)]);
  });
});

describe('files of secrets', () => {
  function tls(mode: number): void {
    const certFile = join(dir.path, 'tls.crt');
    const keyFile = join(dir.path, 'tls.key');
    writeFileSync(certFile, 'certificate');
    writeFileSync(keyFile, 'key');
    chmodSync(keyFile, mode);
    tree['http'] = { tls: { certFile, keyFile } };
  }

  it.each([0o600, 0o400])('are taken with mode %o', (mode) => {
    tls(mode);
    expect(problems()).toEqual([]);
  });

  it.each([0o604, 0o606, 0o602, 0o620])('are refused with mode %o', (mode) => {
    tls(mode);
    expect(problems()).toEqual([
      expect.stringMatching(/^http\.tls\.keyFile must not be (?:readable|writable)/),
    ]);
  });

  it('may be readable for the group when they are of root and we are not', () => {
    tls(0o640);
    const key = join(dir.path, 'tls.key');
    if (ACCOUNT.uid === 0) {
      expect(problems({ uid: 1234, homeDir: undefined })).toEqual([]);
      chownSync(key, 4321, 0);
      expect(problems({ uid: 1234, homeDir: undefined })[0]).toMatch(
        /keyFile must not be readable for others/,
      );
    } else {
      expect(problems()[0]).toMatch(/keyFile must not be readable for others/);
    }
  });

  it('are there, and are files', () => {
    tree['metrics'] = { tokenFile: join(dir.path, 'token') };
    expect(problems()).toEqual([expect.stringMatching(/tokenFile cannot be read: "token" gives ENOENT/)]);
    tree['metrics'] = { tokenFile: dir.path };
    expect(problems()).toEqual([expect.stringMatching(/tokenFile must be a file/)]);
    tree['metrics'] = { tokenFile: 'token' };
    expect(problems()).toEqual([expect.stringMatching(/tokenFile must be an absolute path/)]);
  });
});

describe('the configuration file', () => {
  const file = (uid: number, mode: number) => ({ uid, mode });
  const us = { uid: 1000, homeDir: undefined };

  it('is believed when only root or we can write it', () => {
    for (const uid of [0, 1000]) {
      for (const mode of [0o600, 0o640, 0o644, 0o400])
        expect(writableByOthers(file(uid, mode), us)).toBeUndefined();
      for (const mode of [0o620, 0o602, 0o666])
        expect(writableByOthers(file(uid, mode), us)).toContain('chmod');
    }
    expect(writableByOthers(file(1001, 0o600), us)).toContain(
      'must belong to root or to the user of the service',
    );
  });
});

describe('the vault', () => {
  const vaultAt = (vault: string): string[] => {
    Object.assign(tree, { holds: { vault } });
    return problems();
  };

  it('is refused where a root would be: relative, over a link, the system’s', () => {
    expect(vaultAt('vault')[0]).toMatch(/^holds\.vault must be an absolute path/);
    expect(vaultAt('/etc/vault')[0]).toMatch(/^holds\.vault must not lie in \/etc/);
    mkdirSync(join(dir.path, 'real'));
    symlinkSync(join(dir.path, 'real'), join(dir.path, 'link'));
    expect(vaultAt(join(dir.path, 'link/vault'))[0]).toMatch(/^holds\.vault must not lead over a link/);
  });

  it('lies apart from roots and from the state directory, either way round', () => {
    const [root, state] = [tree.sources[0].root, join(dir.path, 'state')];
    expect(vaultAt(join(root, 'vault'))[0]).toMatch(/^holds\.vault must not lie inside sources\[0\]\.root/);
    expect(vaultAt(root)[0]).toMatch(/^holds\.vault is the same directory as sources\[0\]\.root/);
    expect(vaultAt(dir.path).join()).toMatch(/holds\.vault must not contain sources\[0\]\.root/);
    expect(vaultAt(join(state, 'vault')).join()).toMatch(/stateDir must not contain holds\.vault/);
    tree['stateDir'] = join(dir.path, 'vault/state');
    expect(vaultAt(join(dir.path, 'vault')).join()).toMatch(/stateDir must not lie inside holds\.vault/);
  });

  it('may be a disk that is not mounted yet', () => {
    expect(vaultAt(join(dir.path, 'later'))).toEqual([]);
  });

  it('has its name for itself', () => {
    tree.sources[0]['id'] = 'vault';
    expect(problemsOf(stringify(tree)).join()).toMatch(/sources\[0\]\.id: must not be vault/);
  });
});
