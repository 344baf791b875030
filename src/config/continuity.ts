/**
 * What a new configuration must not lose sight of. A camera or a source that still has clips or holds stays in the
 * file, retired if need be: dropped from it, its footage would neither be deleted in time nor be held. Pure.
 */
import { FortnightError } from '../base/errors.ts';
import { quoted } from '../base/printable.ts';
import type { Config } from './config.ts';

/** What the index and the hold journal know. */
export interface KnownFootage {
  readonly cameras: readonly { readonly id: string; readonly clips: number; readonly holds: number }[];
  readonly roots: readonly {
    readonly id: string;
    /** Absolute path at the last start. */
    readonly path: string;
    readonly clips: number;
    readonly holds: number;
  }[];
  /** Where the vault was at the last start, and what lies in it; absent: there never was one. */
  readonly vault?: { readonly path: string; readonly copies: number } | undefined;
}

/** Throws `config_invalid`, naming every camera and source the configuration drops or moves that still has something. */
export function checkContinuity(config: Config, known: KnownFootage): void {
  const dropped = known.cameras
    .filter((camera) => isUsed(camera) && !config.cameras.some(({ id }) => id === camera.id))
    .map(
      (camera) => `camera ${quoted(camera.id)} still has ${amount(camera)}, but is not in the configuration`,
    );
  const moved = known.roots.filter(isUsed).flatMap((root) => {
    const source = config.sources.find(({ id }) => id === root.id);
    const still = `source ${quoted(root.id)} still has ${amount(root)}`;
    if (source === undefined) return [`${still}, but is not in the configuration`];
    if (source.root === root.path) return [];
    return [`${still} in ${quoted(root.path)}, but its root is now ${quoted(source.root)}`];
  });
  const sentences = [...dropped, ...moved, ...vaultLost(config, known)];
  if (sentences.length === 0) return;
  throw new FortnightError('config_invalid', sentences.join('\n'), {
    hint: 'keep it in the configuration until it is empty, a camera or a source with "retired: true"; give a new directory a source of its own',
  });
}

function vaultLost({ holds }: Config, { vault }: KnownFootage): string[] {
  if (vault === undefined || vault.copies === 0 || holds.vault === vault.path) return [];
  const still = `the vault ${quoted(vault.path)} still has ${String(vault.copies)} ${vault.copies === 1 ? 'copy' : 'copies'} of held clips`;
  return holds.vault === undefined
    ? [`${still}, but holds.vault is not in the configuration`]
    : [`${still}, but holds.vault is now ${quoted(holds.vault)}`];
}

interface Amount {
  readonly clips: number;
  readonly holds: number;
}

function isUsed({ clips, holds }: Amount): boolean {
  return clips > 0 || holds > 0;
}

function amount({ clips, holds }: Amount): string {
  const parts = [
    ...(clips > 0 ? [`${String(clips)} ${clips === 1 ? 'clip' : 'clips'}`] : []),
    ...(holds > 0 ? [`${String(holds)} ${holds === 1 ? 'hold' : 'holds'}`] : []),
  ];
  return parts.join(' and ');
}
