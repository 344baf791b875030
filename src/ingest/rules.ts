/** What the scan must know of each root, made of the configuration. The same in the main thread and in the scan's. */
import { compileLayout, type CompiledLayout, type Reading } from '../clips/layouts/index.ts';
import { DRILL_CAMERA, type SourceConfig } from '../config/config.ts';
import { DRILL_DIR } from '../roots/root.ts';
import type { RootRules } from './tree.ts';

/** By root id, retired sources included: they are swept until they are empty. */
export function rulesOf(sources: readonly SourceConfig[]): Map<string, RootRules> {
  return new Map(sources.map((source) => [source.id, ruleOf(source)]));
}

function ruleOf(source: SourceConfig): RootRules {
  const layout = compileLayout({ ...source, cameras: Object.keys(source.cameras) });
  const cameras = new Map([...Object.entries(source.cameras), [DRILL, DRILL_CAMERA] as const]);
  return { rootId: source.id, layout: withDrill(layout), cameras };
}

/** What a path of the drill's directory names its camera; no recorder's path can, since a name has no slash. */
const DRILL = '/drill';
const IN_DRILL = new RegExp(`^${DRILL_DIR.replace('.', '\\.')}/[A-Za-z0-9_-]{24}\\.mp4$`);

/** The drill's clips, and nothing else below our own directory, are clips of the reserved camera. */
function withDrill(layout: CompiledLayout): CompiledLayout {
  const reading: Reading = {
    kind: 'video',
    recorderCamera: DRILL,
    startsMs: [],
    endsMs: [],
    lengthMs: null,
    shifted: false,
    named: true,
  };
  return {
    name: layout.name,
    maxClipMs: layout.maxClipMs,
    usualClipMs: layout.usualClipMs,
    finishedBy: layout.finishedBy,
    read: (path) => (IN_DRILL.test(path) ? { is: 'clip', reading } : layout.read(path)),
    format: (camera, startMs, serial) => layout.format(camera, startMs, serial),
    closesMs: (dir) => layout.closesMs(dir),
  };
}
