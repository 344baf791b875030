/** Opens the configuration for a command, with the layouts it is checked against. */
import { UNGOVERNABLE, LAYOUTS, compileLayout } from '../clips/layouts/index.ts';
import { FortnightError } from '../base/errors.ts';
import { nearestName } from '../base/nearest.ts';
import { quoted } from '../base/printable.ts';
import { VAULT, type Config } from '../config/config.ts';
import type { LayoutCatalogue } from '../config/layout-catalogue.ts';
import { configPath, loadConfig, type LoadedConfig } from '../config/load.ts';

/** The option every command that needs the configuration has. */
export const CONFIG_OPTION = { config: { type: 'string' } } as const;
export const CONFIG_USAGE =
  '  --config <file>  the configuration; else FORTNIGHT_CONFIG, else /etc/fortnight/fortnight.yaml\n';

export const layoutCatalogue: LayoutCatalogue = {
  names: LAYOUTS.map((layout) => layout.name),
  refused: new Map(UNGOVERNABLE.map(({ name, reason }) => [name, reason])),
  lengths: (source) => compileLayout({ ...source, cameras: Object.keys(source.cameras) }),
};

/** Loads the configuration `--config` names. Throws `config_invalid`. */
export function openConfig(asked: string | undefined): LoadedConfig {
  return loadConfig(configPath(asked), layoutCatalogue);
}

/** As sourceNamed; the vault counts too, where there is one. */
export function diskNamed(id: string | undefined, config: Config): string {
  return id === VAULT && config.holds.vault !== undefined ? VAULT : sourceNamed(id, config);
}

/** The id as given, when the configuration has a source of that name. Throws `usage` with the nearest one. */
export function sourceNamed(id: string | undefined, { sources }: Config): string {
  if (id === undefined) throw new FortnightError('usage', 'name the source');
  const ids = sources.map((s) => s.id);
  if (ids.includes(id)) return id;
  const near = nearestName(id, ids);
  throw new FortnightError('usage', `the configuration has no source ${quoted(id)}`, {
    hint: near === undefined ? `it has ${ids.join(', ')}` : `did you mean ${near}?`,
  });
}
