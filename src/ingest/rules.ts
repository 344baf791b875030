/** What the scan must know of each root, made of the configuration. The same in the main thread and in the scan's. */
import { compileLayout } from '../clips/layouts/index.ts';
import type { SourceConfig } from '../config/config.ts';
import type { RootRules } from './tree.ts';

/** By root id, retired sources included: they are swept until they are empty. */
export function rulesOf(sources: readonly SourceConfig[]): Map<string, RootRules> {
  return new Map(sources.map((source) => [source.id, ruleOf(source)]));
}

function ruleOf(source: SourceConfig): RootRules {
  const layout = compileLayout({ ...source, cameras: Object.keys(source.cameras) });
  return { rootId: source.id, layout, cameras: new Map(Object.entries(source.cameras)) };
}
