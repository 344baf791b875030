import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { disksOf } from '../../src/disk/storage.ts';
import { judgeStorage, tellsNoEvents, type StorageFacts } from '../../src/roots/storage.ts';
import { scratch, type Scratch } from '../tools/scratch.ts';

const facts = (fsType: number, fsName: string, more: Partial<StorageFacts> = {}): StorageFacts => ({
  fsType,
  fsName,
  devices: [['other']],
  snapshots: 0,
  freeBytes: 1,
  totalBytes: 2,
  device: '8:1',
  ...more,
});

describe('what deleting a file means', () => {
  test.each([
    ['freed', 0xef53, 'ext4', 'ext4'],
    ['freed', 0xef53, 'ext3', 'ext3'],
    ['freed', 0x58465342, 'xfs', 'xfs'],
    ['freed', 0x4d44, '', 'vfat'],
    ['shared', -0x6edc97c2, 'btrfs', 'btrfs'],
    ['shared', 0x2fc12fc1, 'zfs', 'zfs'],
    ['shared', 0xca451a4e, 'bcachefs', 'bcachefs'],
    ['layered', 0x794c7630, 'overlay', 'overlay'],
    ['network', 0x6969, 'nfs4', 'nfs4'],
    ['network', -0xacb2be, 'cifs', 'cifs'],
    ['network', 0xfe534d42, 'smb3', 'smb3'],
    ['unknown', 0x65735546, 'fuse.sshfs', 'fuse.sshfs'],
    ['unknown', 0x65735546, 'fuse.mergerfs', 'fuse.mergerfs'],
    ['freed', 0x65735546, 'fuseblk', 'fuseblk'],
    ['memory', 0x01021994, 'tmpfs', 'tmpfs'],
    ['unknown', 0x12345678, '', '0x12345678'],
  ])('is said as %s for type %x (%s)', (erasure, fsType, fsName, fileSystem) => {
    expect(judgeStorage(facts(fsType, fsName), null)).toMatchObject({ erasure, fileSystem });
  });

  test('is weaker where files share content, where snapshots are seen, and where they cannot be', () => {
    const erasure = (f: StorageFacts, clones: boolean | null): string => judgeStorage(f, clones).erasure;
    const xfs = facts(0x58465342, 'xfs');
    expect(erasure(xfs, false)).toBe('freed');
    expect(erasure(xfs, true)).toBe('shared');
    expect(erasure({ ...xfs, snapshots: 1 }, false)).toBe('shared');
    expect(erasure({ ...xfs, devices: [['thin', 'other']] }, false)).toBe('shared');
    expect(erasure(facts(0x6969, 'nfs4', { devices: [] }), true)).toBe('network');
  });

  test('a disk counts as encrypted only when every one below is; unseen disks are not judged', () => {
    const encrypted = (devices: StorageFacts['devices']): boolean | null =>
      judgeStorage(facts(0xef53, 'ext4', { devices }), null).encrypted;
    expect(encrypted([])).toBeNull();
    expect(encrypted([['other']])).toBe(false);
    expect(encrypted([['other', 'crypt', 'other']])).toBe(true);
    expect(encrypted([['crypt', 'other'], ['other']])).toBe(false);
  });

  test('network file systems tell no events, local ones do', () => {
    expect([0x6969, 0xff534d42, -11317950, 0x65735546, 0x7461636f].map(tellsNoEvents)).toEqual(
      Array(5).fill(true),
    );
    expect([0xef53, 0x58465342, 0x9123683e, 0x01021994].map(tellsNoEvents)).toEqual(Array(4).fill(false));
  });
});

describe('the disks below a file system', () => {
  let dir: Scratch;
  beforeEach(() => (dir = scratch()));
  afterEach(() => {
    dir.remove();
  });

  /** A device of the kernel's tree, by its number, its id of the device mapper, and what it lies on or is held by. */
  function device(number: string, uuid: string, on: readonly string[] = [], holders = 0): void {
    const at = join(dir.path, 'dev/block', number);
    const put = (name: string, text: string): void => {
      mkdirSync(dirname(join(at, name)), { recursive: true });
      writeFileSync(join(at, name), `${text}\n`);
    };
    put('dev', number);
    if (uuid !== '') put('dm/uuid', uuid);
    mkdirSync(join(at, 'slaves'));
    for (const slave of on) symlinkSync(join('../../', slave), join(at, 'slaves', `dev-${slave}`));
    for (let i = 0; i < holders; i += 1) put(`holders/dm-${String(i)}`, '');
  }
  const disks = (number: string): ReturnType<typeof disksOf> => disksOf(number, dir.path);

  test('LUKS is found below LVM, and a plain disk beside it too', () => {
    device('8:1', '');
    device('8:2', '');
    device('253:0', 'CRYPT-LUKS2-0123-luks', ['8:1']);
    device('253:1', 'LVM-abcd', ['253:0', '8:2']);
    expect(disks('253:0')).toEqual({ devices: [['crypt', 'other']], snapshots: 0 });
    expect(disks('253:1')).toEqual({
      devices: [
        ['other', 'crypt', 'other'],
        ['other', 'other'],
      ],
      snapshots: 0,
    });
    expect(disks('8:1')).toEqual({ devices: [['other']], snapshots: 0 });
  });

  test('snapshots of an LVM volume are counted, also below LUKS; thin volumes are told', () => {
    device('8:1', '');
    device('253:0', 'LVM-abcd-real', ['8:1'], 3);
    device('253:1', 'LVM-abcd', ['253:0']);
    device('253:2', 'CRYPT-LUKS2-0123-x', ['253:1']);
    expect(disks('253:1').snapshots).toBe(2);
    expect(disks('253:2').snapshots).toBe(2);
    device('253:4', 'LVM-pool-tpool', ['8:1']);
    device('253:5', 'LVM-thin', ['253:4']);
    expect(disks('253:5')).toEqual({ devices: [['thin', 'other', 'other']], snapshots: 0 });
  });

  test('a device that is nowhere to be seen, or lies on itself, ends the look', () => {
    expect(disks('9:9')).toEqual({ devices: [['other']], snapshots: 0 });
    device('253:7', 'LVM-loop', ['253:7']);
    expect(disks('253:7').devices).toHaveLength(1);
  });
});
