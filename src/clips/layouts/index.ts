/** Layouts: the list, making one of a source's configuration, finding the one that fits a tree. */
export { SOLE_CAMERA } from './layout.ts';
export type { CompiledLayout, PathMeaning, Reading } from './layout.ts';
export type { LayoutExample } from './recorder.ts';
export { CUSTOM, LAYOUTS, compileLayout, type LayoutInfo, type LayoutOptions } from './registry.ts';
export { proposeLayouts, type Proposal } from './propose.ts';
export { UNGOVERNABLE, detectUngovernable, type Ungovernable } from './ungovernable.ts';
