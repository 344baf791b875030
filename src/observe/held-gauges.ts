/** What keeps held footage from its recorder. */
import { Gauge, type Registry } from 'prom-client';
import { isVault } from '../roots/root.ts';
import type { FillGauges } from './snapshot.ts';

export function createHeldGauges(registry: Registry): FillGauges {
  const registers = [registry];
  const clips = new Gauge({
    name: 'fortnight_held_clips',
    help: 'Finished clips under a hold, by what keeps them from their recorder; each is in one.',
    labelNames: ['kept'],
    registers,
  });
  const bytes = new Gauge({
    name: 'fortnight_held_copy_bytes',
    help: 'Size of the copies of held clips.',
    registers,
  });
  const vaultCopies = new Gauge({
    name: 'fortnight_vault_copies',
    help: 'Copies of held clips that lie in the vault; absent where none is configured.',
    registers,
  });
  const vaultBytes = new Gauge({
    name: 'fortnight_vault_copy_bytes',
    help: 'Their size.',
    registers,
  });
  const refused = new Gauge({
    name: 'fortnight_refused_pins',
    help: 'Held clips without a copy whose second name the system refused.',
    labelNames: ['root'],
    registers,
  });
  const strays = new Gauge({
    name: 'fortnight_kept_without_clip_files',
    help: 'Files among the pins and copies of a root that the index does not know.',
    labelNames: ['root'],
    registers,
  });
  return ({ held, roots }) => {
    for (const g of [clips, refused, strays]) g.reset();
    for (const g of [bytes, vaultCopies, vaultBytes]) g.remove();
    if (held === null) return;
    for (const kept of ['both', 'pin', 'copy', 'neither'] as const) clips.set({ kept }, held.kept[kept]);
    bytes.set(held.copyBytes);
    if (roots.some((r) => isVault(r.rootId))) {
      vaultCopies.set(held.vault.copies);
      vaultBytes.set(held.vault.bytes);
    }
    for (const { rootId: root } of roots) {
      refused.set({ root }, held.refused.find((r) => r.rootId === root)?.clips ?? 0);
      strays.set({ root }, held.strays.find((s) => s.rootId === root)?.files ?? 0);
    }
  };
}
