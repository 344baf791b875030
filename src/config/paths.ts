/**
 * Checks of paths against the disk, before anything below them is touched: what lies below a root is deleted in time,
 * so a root must be what it looks like and nothing that was never meant as footage.
 */
import { lstatSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, normalize } from 'node:path';
import { errnoOf } from '../base/errors.ts';
import { quoted } from '../base/printable.ts';
import type { Account } from './account.ts';
import type { Finding, Findings, KeyPath } from './problem.ts';
import type { Sections } from './sections.ts';

interface NamedPath {
  readonly at: KeyPath;
  readonly path: string;
}

/** Neither these nor anything below them can be footage, but for what is mounted or checked out there by custom. */
const SYSTEM_TREES = [
  ...['/bin', '/boot', '/dev', '/etc', '/lib', '/lib32', '/lib64', '/libx32'],
  ...['/proc', '/run', '/sbin', '/sys', '/usr'],
];
const FREE_TREES = ['/run/media', '/usr/local/src', '/usr/src'];
/** Footage may lie below these, but they are never footage as a whole. */
const SHARED_TREES = [
  ...['/', '/home', '/opt', '/root', '/tmp', '/var'],
  ...['/var/lib', '/var/log', '/var/spool', '/var/tmp'],
];

/** The control socket's whole path must fit the kernel's 107 bytes. */
const MAX_STATE_DIR_BYTES = 107 - '/control.sock'.length;

export function checkPaths(sections: Sections, account: Account): Findings {
  const roots = sections.sources.map(({ index, value }): NamedPath => ({
    at: ['sources', index, 'root'],
    path: value.root,
  }));
  const state = sections.stateDir === undefined ? [] : [{ at: ['stateDir'], path: sections.stateDir }];
  const vault = vaultOf(sections);
  const looks = [
    ...[...roots, ...vault].map((place) => lookAt(place, account)),
    ...state.map((path) => lookAt(path)),
  ];
  const sound = looks.filter((look) => look.finding === undefined);
  const absent = sound.filter((l) => l.at[0] !== 'stateDir' && l.stat === undefined);
  return {
    problems: [
      ...looks.flatMap((look) => look.finding ?? []),
      ...checkOverlaps(sound),
      ...checkStateDirLength(state),
      ...checkSecrets(sections, account),
    ],
    warnings: absent.map(({ at }) => ({
      at,
      sentence: `is not there now: the ${at[0] === 'sources' ? 'source' : 'vault'} is offline until it is`,
    })),
  };
}

function vaultOf({ holds }: Sections): NamedPath[] {
  return holds?.vault === undefined ? [] : [{ at: ['holds', 'vault'], path: holds.vault }];
}

/** A path and what it leads to: a directory, nothing, or something it must not be. */
interface Look extends NamedPath {
  readonly stat?: Stats;
  readonly finding?: Finding;
}

/**
 * Walks to `path` one component at a time: a link on the way would let another directory be swept. With `account` it
 * is a root, which must not be the system's or somebody's home. The first fault is the one that is told.
 */
function lookAt({ at, path }: NamedPath, account?: Account): Look {
  const refused = (sentence: string): Look => ({ at, path, finding: { at, sentence } });
  const fault = formFault(path) ?? (account === undefined ? undefined : systemFault(path, account));
  if (fault !== undefined) return refused(fault);
  let stat: Stats | undefined;
  for (const step of ancestors(path)) {
    try {
      stat = lstatSync(step, { throwIfNoEntry: false });
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === undefined) throw error;
      return refused(
        `cannot be looked at: ${quoted(step)} gives ${errno}${errno === 'EACCES' ? ', this user may not go there' : ''}`,
      );
    }
    if (stat === undefined) return { at, path };
    if (stat.isSymbolicLink()) return refused(`must not lead over a link: ${quoted(step)} is one`);
    if (!stat.isDirectory()) return refused(`must be a directory; ${quoted(step)} is none`);
  }
  return stat === undefined ? { at, path } : { at, path, stat };
}

function formFault(path: string): string | undefined {
  if (!path.startsWith('/')) return `must be an absolute path, not ${quoted(path)}`;
  const normal = normalize(path).replace(/(?<=.)\/$/, '');
  return normal === path ? undefined : `must be written without detours: ${quoted(normal)}`;
}

/** `/a/b` gives `/`, `/a`, `/a/b`. */
function ancestors(path: string): string[] {
  return path === '/' ? ['/'] : [...ancestors(dirname(path)), path];
}

function systemFault(path: string, account: Account): string | undefined {
  const free = FREE_TREES.some((t) => contains(t, path) && t !== path);
  const tree = free ? undefined : SYSTEM_TREES.find((t) => contains(t, path));
  if (tree !== undefined) return `must not lie in ${tree}, which belongs to the system`;
  const home = path === account.homeDir || dirname(path) === '/home';
  if (home) return 'must not be a home directory; give the recordings one of their own';
  return SHARED_TREES.includes(path)
    ? `must not be ${path}; give the recordings a directory of their own`
    : undefined;
}

/** Roots, the vault and the state directory are apart from one another, by their paths and by what the paths lead to. */
function checkOverlaps(looks: readonly Look[]): Finding[] {
  return looks.flatMap((a, i) =>
    looks.slice(0, i).flatMap((b): Finding[] => {
      const relation = relate(a, b);
      return relation === undefined ? [] : [{ at: a.at, sentence: `${relation} ${describe(b)}` }];
    }),
  );
}

function relate(a: Look, b: Look): string | undefined {
  if (a.path === b.path) return 'is the same directory as';
  if (contains(b.path, a.path)) return 'must not lie inside';
  if (contains(a.path, b.path)) return 'must not contain';
  const same = a.stat !== undefined && a.stat.dev === b.stat?.dev && a.stat.ino === b.stat.ino;
  return same ? 'is mounted from the same directory as' : undefined;
}

function describe(look: Look): string {
  const [list, index] = look.at;
  if (list !== 'sources') return look.at.join('.');
  return `${list}[${String(index)}].root (${quoted(look.path)})`;
}

function contains(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(outer === '/' ? '/' : `${outer}/`);
}

function checkStateDirLength(state: readonly NamedPath[]): Finding[] {
  const sentence = `must be at most ${String(MAX_STATE_DIR_BYTES)} bytes long: it holds the control socket`;
  return state
    .filter((s) => Buffer.byteLength(s.path) > MAX_STATE_DIR_BYTES)
    .map(({ at }) => ({ at, sentence }));
}

function checkSecrets({ http, metrics }: Sections, account: Account): Finding[] {
  const certificate: NamedPath[] =
    http?.tls === undefined ? [] : [{ at: ['http', 'tls', 'certFile'], path: http.tls.certFile }];
  const secrets: NamedPath[] = [
    ...(http?.tls === undefined ? [] : [{ at: ['http', 'tls', 'keyFile'], path: http.tls.keyFile }]),
    ...(metrics?.tokenFile === undefined ? [] : [{ at: ['metrics', 'tokenFile'], path: metrics.tokenFile }]),
  ];
  return [
    ...certificate.flatMap((file) => checkFile(file, account, writableByOthers)),
    ...secrets.flatMap((file) => checkFile(file, account, knownToOthers)),
  ];
}

function checkFile(
  { at, path }: NamedPath,
  account: Account,
  unsafe: (stat: Ownership, account: Account) => string | undefined,
): Finding[] {
  const fault = formFault(path);
  if (fault !== undefined) return [{ at, sentence: fault }];
  try {
    const stat = statSync(path);
    const sentence = stat.isFile() ? unsafe(stat, account) : 'must be a file';
    return sentence === undefined ? [] : [{ at, sentence }];
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    return [{ at, sentence: `cannot be read: ${quoted(basename(path))} gives ${errno}` }];
  }
}

export type Ownership = Pick<Stats, 'uid' | 'mode'>;

/** Why a file others can change must not be believed; undefined when only root or we can. */
export function writableByOthers(stat: Ownership, account: Account): string | undefined {
  if (stat.uid !== 0 && stat.uid !== account.uid) return 'must belong to root or to the user of the service';
  return (stat.mode & 0o022) === 0 ? undefined : 'must not be writable for group or others (chmod go-w)';
}

/** As above, and others must not read it. A secret of root's is read through its group: there the group may read. */
function knownToOthers(stat: Ownership, account: Account): string | undefined {
  const readable = stat.uid === 0 && account.uid !== 0 ? 0o004 : 0o044;
  if ((stat.mode & readable) !== 0)
    return 'must not be readable for others (chmod 0600, or 0640 when it is root’s)';
  return writableByOthers(stat, account);
}
